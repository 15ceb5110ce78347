package runner

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/steps"
)

// argument is an argument of a step's kind with what the file says about it.
type argument struct {
	spec  *steps.Arg
	typ   cty.Type
	given plan.Arg
	// takes is the type of which any value will do.
	takes scalar
	// fixed is its value where that does not depend on the iteration.
	fixed *argValue
}

// argValue is the value of an argument. plain has no marks. secret tells that it is
// marked as a whole. marked is the value with its marks where parts of it may have
// some, else nil.
type argValue struct {
	plain  eval.Value
	secret bool
	marked *cty.Value
}

// texts appends those texts of the value that must not be shown.
func (v *argValue) texts(spec *steps.Arg, out []string) []string {
	if v.secret || v.marked != nil {
		out = marked{value: v.marked}.texts(v.plain, out)
	}
	if spec.Sensitive {
		out = textsOf(v.plain, out)
	}
	return out
}

// prepareArguments gives the arguments of a step, and the places of those that are not
// fixed.
func prepareArguments(ps *plan.Step) (args []argument, varying []int) {
	for i := range ps.Kind.Args {
		spec := &ps.Kind.Args[i]
		a := argument{spec: spec, typ: spec.Type.WithoutOptionalAttributesDeep()}
		if !spec.Duration && len(spec.OneOf) == 0 {
			a.takes = scalarOf(spec.Type)
		}
		if spec.Role == steps.RoleValue {
			for _, given := range ps.Args {
				if given.Spec != nil && given.Spec.Name == spec.Name {
					a.given = given
				}
			}
		}
		if a.isConstant() {
			// A mistake shows when the step runs, with everything round it.
			if v, diags := a.evaluate(nil); !diags.HasErrors() {
				a.fixed = &v
			}
		}
		if a.fixed == nil {
			varying = append(varying, i)
		}
		args = append(args, a)
	}
	return args, varying
}

func (a *argument) isConstant() bool {
	folded := func(e *eval.Expr) bool { _, ok := e.Folded(); return ok }
	if a.given.Value != nil {
		return folded(a.given.Value)
	}
	return !slices.ContainsFunc(a.given.Pairs, func(p plan.Pair) bool { return !folded(p.Value) })
}

// evaluate gives the value in the type of the kind. scope may be nil for constants.
func (a *argument) evaluate(scope *eval.Scope) (argValue, diag.List) {
	if a.given.Value == nil {
		v, site, diags := a.absent(scope)
		return a.convert(v, site, diags)
	}
	v, diags := a.given.Value.Eval(scope)
	if !diags.HasErrors() {
		if out, ok := a.asIs(v); ok {
			return out, diags
		}
	}
	return a.convert(v.Cty(), a.given.Value.Site(), diags)
}

// asIs takes over a value that needs neither conversion nor judgement.
func (a *argument) asIs(v eval.Value) (argValue, bool) {
	if !a.takes.holds(v) || a.takes == numberType && v.IsSecret() {
		return argValue{}, false
	}
	return argValue{plain: v.Bare(), secret: v.IsSecret()}, true
}

func (a *argument) convert(v cty.Value, site eval.Site, diags diag.List) (argValue, diag.List) {
	if diags.HasErrors() {
		return argValue{}, diags
	}
	if v.IsNull() && a.spec.Default != cty.NilVal {
		v = a.spec.Default
	}
	marked, err := convert.Convert(v, a.spec.Type)
	if err != nil {
		return argValue{}, site.Error("Incorrect argument type", fmt.Sprintf("The argument %q takes %s: %s.",
			a.spec.Name, a.spec.Type.FriendlyNameForConstraint(), err))
	}
	plain, _ := marked.UnmarkDeep()
	if problem := a.problem(plain); problem != "" {
		return argValue{}, site.Error("Invalid argument", problem)
	}
	out := argValue{plain: eval.Of(plain)}
	if marked.ContainsMarked() {
		out.marked = &marked
	}
	return out, nil
}

// absent gives the value of an argument that is written as a block, or not at all.
func (a *argument) absent(scope *eval.Scope) (cty.Value, eval.Site, diag.List) {
	switch {
	case len(a.given.Pairs) > 0:
		return pairs(a.given.Pairs, scope)
	case a.spec.Default != cty.NilVal:
		return a.spec.Default, eval.Site{}, nil
	}
	return cty.NullVal(a.typ), eval.Site{}, nil
}

func pairs(from []plan.Pair, scope *eval.Scope) (cty.Value, eval.Site, diag.List) {
	values := make(map[string]cty.Value, len(from))
	for _, p := range from {
		v, diags := p.Value.Value(scope)
		if diags.HasErrors() {
			return cty.NilVal, p.Value.Site(), diags
		}
		text, err := convert.Convert(v, cty.String)
		if err != nil {
			return cty.NilVal, p.Value.Site(), p.Value.Site().Error("Incorrect argument type",
				fmt.Sprintf("%q takes a text: %s.", p.Name, err))
		}
		values[p.Name] = text
	}
	return cty.MapVal(values), from[0].Value.Site(), nil
}

// problem says what is wrong with a value that only showed up now.
func (a *argument) problem(v cty.Value) string {
	switch {
	case !v.IsWhollyKnown():
		return fmt.Sprintf("The argument %q is not known when the step runs. This is a mistake in authbench: please report it.", a.spec.Name)
	case v.IsNull():
		if a.spec.Required && a.spec.Role == steps.RoleValue {
			return fmt.Sprintf("The argument %q is required, but its value is null.", a.spec.Name)
		}
	case a.spec.Duration:
		if d, err := time.ParseDuration(v.AsString()); err != nil || d < 0 {
			return fmt.Sprintf("The argument %q must be a duration that is not negative, such as \"250ms\" or \"5m\".", a.spec.Name)
		}
	case len(a.spec.OneOf) > 0 && !slices.Contains(a.spec.OneOf, v.AsString()):
		return fmt.Sprintf("The argument %q must be one of: %s.", a.spec.Name, strings.Join(a.spec.OneOf, ", "))
	}
	return ""
}

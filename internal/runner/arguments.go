package runner

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// call is an execution of a step: its arguments, evaluated once and frozen, and where it
// goes.
type call struct {
	args steps.Args
	// echo are the same values with their marks, for the result, by argument.
	echo []cty.Value
	// requests is how many requests an attempt makes, channel that of the message
	// that the target is made to send, if any.
	requests int
	channel  string
	// gate and http are those of the provider that the requests go to.
	gate *gate
	http client.Client
	// limits are those that each request waits for.
	limits []limit
}

// argument is an argument of a step's kind with what the file says about it.
type argument struct {
	spec  *steps.Arg
	typ   cty.Type
	given plan.Arg
	// fixed is its value where that does not depend on the iteration.
	fixed *argValue
}

type argValue struct {
	// plain has no marks, marked has those of the expression.
	plain, marked cty.Value
	// secrets are the texts in it that must not be shown.
	secrets []string
}

func prepareArguments(ps *plan.Step) (args []argument, constant bool) {
	constant = true
	for i := range ps.Kind.Args {
		spec := &ps.Kind.Args[i]
		a := argument{spec: spec, typ: spec.Type.WithoutOptionalAttributesDeep()}
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
		constant = constant && a.fixed != nil
		args = append(args, a)
	}
	return args, constant
}

func (a *argument) isConstant() bool {
	folded := func(e *eval.Expr) bool { _, ok := e.Folded(); return ok }
	if a.given.Value != nil {
		return folded(a.given.Value)
	}
	return !slices.ContainsFunc(a.given.Pairs, func(p plan.Pair) bool { return !folded(p.Value) })
}

// arguments evaluates what the step is given. It reports false when that fails.
func (it *iteration) arguments(s *step, rec *record) bool {
	c := &rec.call
	*c = call{args: steps.NewArgs(s.Kind.Args), echo: make([]cty.Value, len(s.args))}
	for i := range s.args {
		a := &s.args[i]
		v := a.fixed
		if v == nil {
			value, diags := a.evaluate(it.scope)
			if diags.HasErrors() {
				rec.broken(result.ReasonOther, "argument "+a.spec.Name, diags)
				continue
			}
			v = &value
		}
		if a.spec.Role == steps.RoleValue {
			c.args.SetAt(i, eval.Of(v.plain))
		}
		c.echo[i] = v.marked
		it.secrets = append(it.secrets, v.secrets...)
	}
	if rec.Outcome != 0 {
		return false
	}
	if s.Kind.Check != nil && !s.constant {
		for _, p := range s.Kind.Check(c.args) {
			rec.broken(result.ReasonOther, "argument "+p.Arg, s.site(p.Arg).Error("Invalid argument", p.Detail))
		}
	}
	if rec.Outcome != 0 {
		return false
	}
	if s.Kind.Requests != nil {
		c.requests = len(s.Kind.Requests(c.args))
	}
	c.gate, c.http = s.gate, it.run.env.HTTP
	if s.Provider == nil && s.Kind.URL != nil {
		if p := it.program.homes[origin(s.Kind.URL(c.args))]; p != nil {
			c.gate, c.http = it.run.gates[p], it.run.client(p)
		}
	}
	if s.Kind.Sends != nil {
		c.channel = s.Kind.Sends(c.args)
	}
	c.limits = c.gate.limitsOf()
	return true
}

// site is where an argument stands, or the step when it is absent.
func (s *step) site(arg string) eval.Site {
	for _, a := range s.args {
		if a.spec.Name == arg && a.given.Value != nil {
			return a.given.Value.Site()
		}
	}
	return s.Source
}

// evaluate gives the value in the type of the kind. scope may be nil for constants.
func (a *argument) evaluate(scope *eval.Scope) (argValue, diag.List) {
	v, site, diags := a.raw(scope)
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
	plain, secrets := eval.Reveal(marked)
	if a.spec.Sensitive {
		secrets = eval.Texts(plain, secrets)
	}
	if problem := a.problem(plain); problem != "" {
		return argValue{}, site.Error("Invalid argument", problem)
	}
	return argValue{plain: plain, marked: marked, secrets: secrets}, nil
}

func (a *argument) raw(scope *eval.Scope) (cty.Value, eval.Site, diag.List) {
	switch {
	case a.given.Value != nil:
		v, diags := a.given.Value.Value(scope)
		return v, a.given.Value.Site(), diags
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

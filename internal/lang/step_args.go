package lang

import (
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/steps"
)

// args checks the arguments in the order of the kind and gives their values, as far
// as they are known, marks included.
func (c *checker) args(s *plan.Step, d *stepDecl, env *refEnv) map[string]cty.Value {
	values := map[string]cty.Value{}
	for i := range d.kind.Args {
		spec := &d.kind.Args[i]
		switch {
		case spec.Block:
			c.blockArg(s, d, env, spec, values)
		case spec.Role == steps.RoleInbox:
			s.Inbox = c.inboxRef(d, spec)
		case spec.Role == steps.RoleAfter:
			s.After = c.afterRef(d, spec, env)
		default:
			c.valueArg(s, d, env, spec, values)
		}
	}
	if d.kind.Check != nil {
		plain := steps.NewArgs(d.kind.Args)
		for name, v := range values {
			bare, _ := v.UnmarkDeep()
			plain.Set(name, eval.Of(bare))
		}
		for _, p := range d.kind.Check(plain) {
			// One fault of a value is enough; the pairs of a block each have their own.
			if at := argRange(d, p.Arg); d.one(p.Arg) != nil || !c.faulty(at) {
				c.error(at, "Invalid argument", p.Detail)
			}
		}
	}
	return values
}

func argRange(d *stepDecl, name string) hcl.Range {
	if a := d.body.Attributes[name]; a != nil {
		return a.Expr.Range()
	}
	if b := d.one(name); b != nil {
		return b.DefRange()
	}
	return d.header
}

func (c *checker) valueArg(s *plan.Step, d *stepDecl, env *refEnv, spec *steps.Arg, values map[string]cty.Value) {
	e := d.expr(spec.Name)
	if e == nil {
		v := spec.Default
		if v == cty.NilVal {
			v = cty.NullVal(spec.Type.WithoutOptionalAttributesDeep())
		} else {
			s.Args = append(s.Args, plan.Arg{Spec: spec, Value: eval.Constant(v)})
		}
		values[spec.Name] = v
		return
	}
	what := fmt.Sprintf("The argument %q of %s", spec.Name, d.kind.Name)
	v, ok := c.typed(e, env, spec.Type, what)
	values[spec.Name] = v
	s.Args = append(s.Args, plan.Arg{Spec: spec, Value: e})
	if ok {
		c.checkText(spec, e, v, what)
	}
}

// checkText checks durations and closed sets of words, when the text is known.
func (c *checker) checkText(spec *steps.Arg, e *eval.Expr, v cty.Value, what string) {
	shown := eval.Show(v)
	v, _ = v.Unmark()
	if !v.IsKnown() || v.IsNull() || v.Type() != cty.String {
		if v.IsKnown() && v.IsNull() && spec.Required {
			c.error(e.Site().Range, "Missing required argument", what+" must not be null.")
		}
		return
	}
	text := v.AsString()
	if spec.Duration {
		if d, err := time.ParseDuration(text); err != nil || d < 0 {
			c.error(e.Site().Range, "Invalid duration", badDuration(shown))
		}
	}
	if len(spec.OneOf) > 0 && !slices.Contains(spec.OneOf, text) {
		hint := suggest(text, spec.OneOf)
		c.error(e.Site().Range, "Invalid value", fmt.Sprintf("%s must be one of %s, not %s.%s", what, list(spec.OneOf), shown, hint))
	}
}

func (c *checker) blockArg(s *plan.Step, d *stepDecl, env *refEnv, spec *steps.Arg, values map[string]cty.Value) {
	values[spec.Name] = cty.NullVal(spec.Type.WithoutOptionalAttributesDeep())
	b := d.one(spec.Name)
	if b == nil {
		if spec.Required {
			c.error(d.header, "Missing required block", fmt.Sprintf("A step of kind %q needs a %q block.", d.kind.Name, spec.Name))
		}
		return
	}
	for _, inner := range b.Body.Blocks {
		c.error(inner.DefRange(), "Unsupported block", fmt.Sprintf("A %q block holds NAME = text pairs alone.", spec.Name))
	}
	arg := plan.Arg{Spec: spec}
	elems := map[string]cty.Value{}
	for _, a := range sortedAttrs(b.Body) {
		e := c.expr(a.Expr)
		v, _ := c.typed(e, env, cty.String, fmt.Sprintf("%q in %s", a.Name, spec.Name))
		arg.Pairs = append(arg.Pairs, plan.Pair{Name: a.Name, Value: e})
		elems[a.Name] = v
	}
	if len(elems) > 0 {
		values[spec.Name] = cty.MapVal(elems)
	}
	s.Args = append(s.Args, arg)
}

func (c *checker) inboxRef(d *stepDecl, spec *steps.Arg) *plan.Inbox {
	a := d.body.Attributes[spec.Name]
	if a == nil {
		return nil
	}
	t, hd := hcl.AbsTraversalForExpr(a.Expr)
	attr, ok := hcl.TraverseAttr{}, false
	if !hd.HasErrors() && len(t) == 2 && t.RootName() == "inbox" {
		attr, ok = t[1].(hcl.TraverseAttr)
	}
	if !ok {
		c.error(a.Expr.Range(), "Invalid inbox reference", "Name a declared inbox: inbox = inbox.NAME")
		return nil
	}
	var known []string
	for _, in := range c.inboxes {
		if in.Name == attr.Name {
			return in
		}
		known = append(known, in.Name)
	}
	c.error(a.Expr.Range(), "Undeclared inbox", fmt.Sprintf("No inbox %q is declared.%s", attr.Name, suggest(attr.Name, known)))
	return nil
}

package lang

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// step checks a declaration and gives its instances.
func (c *checker) step(d *stepDecl) []*plan.Step {
	switch {
	case d.broken:
		c.values.SetStep(d.name, "", false, cty.DynamicVal)
		c.scope.types[d.name] = cty.DynamicPseudoType
		return nil
	case d.assert != nil:
		return c.scenarioAssert(d)
	}
	instances, ok := c.instances(d.forEach, c.each)
	if !ok || len(instances) == 0 || !c.roomFor(len(instances), d.header) {
		c.phantomStep(d, ok && len(instances) == 0)
		return nil
	}
	var out []*plan.Step
	types := map[string]cty.Type{}
	for _, in := range instances {
		s, value := c.stepInstance(d, in)
		out = append(out, s)
		c.values.SetStep(d.name, in.key, in.forEach, value)
		plain, _ := value.UnmarkDeep()
		types[in.key] = plain.Type()
		c.scope.types[d.name] = plain.Type()
	}
	if d.forEach != nil {
		c.scope.types[d.name] = cty.Object(types)
	}
	return out
}

// phantomStep checks a step that has no instance, because its for_each is empty or at
// fault, with an unknown key. References to instances of a faulty one are let pass.
func (c *checker) phantomStep(d *stepDecl, empty bool) {
	c.stepInstance(d, unknownInstance())
	value := cty.DynamicVal
	if empty {
		value = cty.EmptyObjectVal
	}
	c.values.SetStep(d.name, "", false, value)
	c.scope.types[d.name] = value.Type()
}

// scenarioAssert makes a step of an assert block that stands among the steps.
func (c *checker) scenarioAssert(d *stepDecl) []*plan.Step {
	s := &plan.Step{Section: result.Body, Name: d.name, Each: c.each, Source: c.site(d.header), Timeout: defaultStepTimeout}
	for _, cond := range c.decodeCondition(d.assert, `an "assert" block`) {
		if a, ok := c.assert(cond, &c.env); ok {
			s.Asserts = append(s.Asserts, a)
		}
	}
	return []*plan.Step{s}
}

func (c *checker) stepInstance(d *stepDecl, in instance) (*plan.Step, cty.Value) {
	c.stepCount++
	outer := c.values.SetEach(in.each)
	defer c.values.SetEach(outer)
	env := c.env
	if in.forEach {
		env.each = in.each
		if !slices.Contains(env.roots, "each") {
			env.roots = append(slices.Clone(env.roots), "each")
		}
	}
	s := &plan.Step{
		Section: d.section, Name: d.name, Key: in.key, ForEach: in.forEach, Each: in.each, Kind: d.kind,
		Source: c.site(d.header), Timeout: c.staticDuration(d.content, "timeout", defaultStepTimeout, in.each),
		Description:       c.staticStringEach(d.content, "description", in.each),
		ContinueOnFailure: c.continueOnFailure(d, in),
		Provider:          c.stepProvider(d),
	}
	if e := d.expr("when"); e != nil {
		s.When = e
		if v, ok := c.typed(e, &env, cty.Bool, "The argument when"); ok && v.IsKnown() && v.IsNull() {
			c.error(e.Site().Range, "Invalid condition", "The argument when must be true or false, not null.")
		}
	}
	args := c.args(s, d, &env)
	self := c.resultOf(s, args)
	plain, _ := self.UnmarkDeep()
	c.meta(s, d, &env, self, plain.Type())
	s.Needs = c.needs(s)
	return s, self
}

func (c *checker) continueOnFailure(d *stepDecl, in instance) bool {
	v, ok := c.static(d.content, "continue_on_failure", cty.Bool, in.each)
	return ok && v.True()
}

func (c *checker) stepProvider(d *stepDecl) *plan.Provider {
	if d.kind.Provider == "" {
		return nil
	}
	a := d.body.Attributes["provider"]
	if a == nil {
		if p := c.providerNamed(d.kind.Provider); p != nil {
			return p
		}
		c.error(d.header, "Missing provider", fmt.Sprintf("A step of kind %q needs a provider. Declare one: provider %q { ... }", d.kind.Name, d.kind.Provider))
		return nil
	}
	p := c.providerRef(a.Expr)
	if p != nil && p.Kind.Type != d.kind.Provider {
		c.error(a.Expr.Range(), "Invalid provider reference", fmt.Sprintf("A step of kind %q needs a provider of type %q.", d.kind.Name, d.kind.Provider))
	}
	return p
}

// args checks the arguments in the order of the kind and gives their values, as far
// as they are known.
func (c *checker) args(s *plan.Step, d *stepDecl, env *refEnv) steps.Args {
	values := steps.Args{}
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
		plain := make(steps.Args, len(values))
		for name, v := range values {
			plain[name], _ = v.UnmarkDeep()
		}
		for _, p := range d.kind.Check(plain) {
			if at := argRange(d, p.Arg); !c.faulty(at) {
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

func (c *checker) valueArg(s *plan.Step, d *stepDecl, env *refEnv, spec *steps.Arg, values steps.Args) {
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

func (c *checker) blockArg(s *plan.Step, d *stepDecl, env *refEnv, spec *steps.Arg, values steps.Args) {
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

// resultOf gives the step's result with unknown values, marked as a run would.
func (c *checker) resultOf(s *plan.Step, args steps.Args) cty.Value {
	pairs := func(name string) []string {
		var out []string
		for _, a := range s.Args {
			if a.Spec.Name == name {
				for _, p := range a.Pairs {
					out = append(out, p.Name)
				}
			}
		}
		return out
	}
	attrs := map[string]cty.Value{}
	for _, a := range s.Kind.Attributes(pairs) {
		v := cty.UnknownVal(a.Type.WithoutOptionalAttributesDeep())
		if arg, ok := args[a.Name]; ok && echoed(s.Kind, a.Name) {
			v = arg
		}
		if a.Sensitive {
			v = v.Mark(eval.Sensitive)
		}
		attrs[a.Name] = v
	}
	return cty.ObjectVal(attrs)
}

func echoed(k *steps.Kind, name string) bool {
	return slices.ContainsFunc(k.Args, func(a steps.Arg) bool { return a.Name == name && a.Echo })
}

// needs lists the steps that a step refers to, through locals as well.
func (c *checker) needs(s *plan.Step) []plan.StepRef {
	var out []plan.StepRef
	add := func(e *eval.Expr) {
		if e == nil {
			return
		}
		for _, r := range e.Refs() {
			switch r.Root {
			case "step":
				out = append(out, plan.StepRef{Name: r.Name, Key: indexKey(r)})
			case "local":
				for _, name := range c.scope.needs[r.Name] {
					out = append(out, plan.StepRef{Name: name})
				}
			}
		}
	}
	for _, a := range s.Args {
		add(a.Value)
		for _, p := range a.Pairs {
			add(p.Value)
		}
	}
	add(s.When)
	for _, a := range s.Asserts {
		add(a.Condition)
		add(a.Message)
	}
	if s.Poll != nil {
		add(s.Poll.Until)
	}
	if s.Expect != nil {
		add(s.Expect.Status)
		add(s.Expect.ErrorCode)
	}
	if s.After != nil {
		out = append(out, *s.After)
	}
	slices.SortFunc(out, func(a, b plan.StepRef) int {
		return strings.Compare(a.Name+"\x00"+a.Key, b.Name+"\x00"+b.Key)
	})
	return slices.Compact(out)
}

func indexKey(r eval.Ref) string {
	if len(r.Rest) > 0 {
		if index, ok := r.Rest[0].(hcl.TraverseIndex); ok && index.Key.Type() == cty.String {
			return index.Key.AsString()
		}
	}
	return ""
}

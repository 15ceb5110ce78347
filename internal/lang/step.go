package lang

import (
	"fmt"
	"slices"
	"strings"

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

// resultOf gives the step's result with unknown values, marked as a run would.
func (c *checker) resultOf(s *plan.Step, args map[string]cty.Value) cty.Value {
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

package lang

import (
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
)

// The defaults of the language.
const (
	defaultScenarioTimeout = 5 * time.Minute
	defaultStepTimeout     = 30 * time.Second
)

var targetWords = []string{"emulator", "staging", "production"}

func (l *loader) resolveScenarios() []*plan.Scenario {
	var out []*plan.Scenario
	for _, d := range l.decls.scenarios {
		instances, ok := l.instances(d.expr("for_each"), cty.NilVal)
		if !ok || len(instances) == 0 {
			l.scenario(d, unknownInstance())
		}
		if !l.roomFor(len(instances)*len(d.order), d.header) {
			return nil
		}
		for _, in := range instances {
			sc := l.scenario(d, in)
			sc.Place = len(out)
			out = append(out, sc)
		}
	}
	return out
}

func (l *loader) scenario(d *scenarioDecl, in instance) *plan.Scenario {
	p := &plan.Scenario{
		Suite: l.opts.Suite, Name: d.name, Key: in.key, HasKey: in.forEach, Address: "scenario." + d.name,
		Each: in.each, Source: l.site(d.header),
		Description: l.staticStringEach(d.content, "description", in.each),
		Tags:        l.staticStrings(d.content, "tags", in.each),
		Targets:     l.staticStrings(d.content, "targets", in.each),
		Timeout:     l.staticDuration(d.content, "timeout", defaultScenarioTimeout, in.each),
		Serial:      l.staticStringEach(d.content, "serial", in.each),
	}
	if in.forEach {
		p.Address = fmt.Sprintf("scenario.%s[%q]", d.name, in.key)
	}
	l.checkWords(d.content, "targets", p.Targets, targetWords)
	l.checkTags(d.content, p.Tags)
	env := refEnv{
		where: "here", each: in.each, impure: true,
		roots: []string{"var", "local", "path", "provider", "step", "iteration", "vu", "run", "dataset", "fixture"},
	}
	if in.each != cty.NilVal {
		env.roots = append(env.roots, "each")
	}
	l.checker(d, in, env).walk(p, d)
	return p
}

func (l *loader) checkWords(c *content, name string, got, allowed []string) {
	for _, w := range got {
		if !slices.Contains(allowed, w) {
			l.error(c.expr(name).Site().Range, "Invalid value", fmt.Sprintf("%s may hold %s, not %q.%s", name, list(allowed), w, suggest(w, allowed)))
		}
	}
}

func (l *loader) checkTags(c *content, tags []string) {
	for _, t := range tags {
		if !hclsyntax.ValidIdentifier(t) {
			l.error(c.expr("tags").Site().Range, "Invalid tag", fmt.Sprintf("%q is not an identifier, so --tags could not name it.", t))
		}
	}
}

// checker walks one scenario instance as a run would, with unknown values in place of
// results.
type checker struct {
	*loader
	decl   *scenarioDecl
	each   cty.Value
	scope  *stepScope
	values *eval.Scope
	locals map[string]*eval.Expr
	env    refEnv
}

// checker makes the one of a scenario or a fixture. env says what its expressions may
// refer to.
func (l *loader) checker(d *scenarioDecl, in instance, env refEnv) *checker {
	c := &checker{loader: l, decl: d, each: in.each, locals: map[string]*eval.Expr{}, env: env}
	var names []string
	for _, ld := range d.locals {
		if l.decls.local[ld.name] != nil {
			l.error(ld.rng, "Duplicate local", fmt.Sprintf("A top-level local %q exists already. Give this one another name.", ld.name))
		}
		c.locals[ld.name] = l.expr(ld.attr.Expr)
		names = append(names, ld.name)
	}
	c.scope = &stepScope{order: d.order, here: len(d.order), types: map[string]cty.Type{}}
	c.env.scenarioLocals, c.env.steps, c.env.reached = names, c.scope, map[string]bool{}
	order, cycles := sortLocals(d.locals, c.locals)
	l.reportCycles(cycles)
	for _, cy := range cycles {
		for _, name := range cy.names {
			delete(c.locals, name)
		}
	}
	c.scope.needs = localNeeds(order, c.locals)
	for _, ld := range d.locals {
		// Attributes of results are checked at the end, when their types are known.
		if e := c.locals[ld.name]; e != nil && !l.checkRefs(e, &c.env) {
			c.locals[ld.name] = eval.Constant(cty.DynamicVal)
		}
	}
	c.values = l.globals.NewCheckScope(c.locals, in.each)
	for _, ds := range l.datasets {
		c.values.SetRow(ds.Name, datasetRow(ds))
	}
	for _, f := range l.fixtures {
		c.values.SetFixture(f.Name, l.fixtureValue(f.Name))
	}
	return c
}

// checkLocals evaluates every local once all results are there, so that one that is
// not used is checked as well.
func (c *checker) checkLocals(d *scenarioDecl) {
	for _, ld := range d.locals {
		e := c.locals[ld.name]
		if e == nil || e.Node() == nil || !c.checkRefs(e, &c.env) {
			continue
		}
		v, diags := e.Value(c.values)
		c.diags = append(c.diags, diags...)
		if !diags.HasErrors() {
			c.fold(e, v)
		}
	}
}

// output checks an output and gives its value, as far as it is known.
func (c *checker) output(b *hclsyntax.Block) (o plan.Output, v cty.Value, ok bool) {
	oc := c.content(b.Body, b.DefRange(), outputForm)
	o = plan.Output{Name: b.Labels[0], Value: oc.expr("value"), Sensitive: c.literalBool(oc, "sensitive", false)}
	if e := oc.expr("description"); e != nil {
		c.literal(e, "the description of an output")
	}
	if o.Value == nil {
		return o, cty.DynamicVal, false
	}
	v, ok = c.value(o.Value, &c.env)
	if ok && eval.IsSensitive(v) && !o.Sensitive {
		c.error(o.Value.Site().Range, "Output refers to a sensitive value",
			"Write sensitive = true in this output, so that its value is not shown, or use nonsensitive().")
	}
	return o, v, ok
}

// value checks an expression and evaluates it with what is known.
func (c *checker) value(e *eval.Expr, env *refEnv) (cty.Value, bool) {
	if !c.checkRefs(e, env) {
		return cty.DynamicVal, false
	}
	v, diags := e.Value(c.values)
	c.diags = append(c.diags, diags...)
	return v, !diags.HasErrors()
}

// typed is value with a conversion; what names the argument for messages.
func (c *checker) typed(e *eval.Expr, env *refEnv, want cty.Type, what string) (cty.Value, bool) {
	v, ok := c.value(e, env)
	unknown := cty.UnknownVal(want.WithoutOptionalAttributesDeep())
	if !ok {
		return unknown, false
	}
	out, err := convert.Convert(v, want)
	if err != nil {
		c.error(e.Site().Range, "Incorrect value type", fmt.Sprintf("%s needs %s: %s.", what, article(want), err))
		return unknown, false
	}
	c.fold(e, out)
	return out, true
}

// fold keeps a value that is known before the run, so that it is computed once.
func (c *checker) fold(e *eval.Expr, v cty.Value) {
	if e.RefersTo("step") || e.RefersTo("self") {
		return
	}
	for _, r := range e.Refs() {
		if r.Root == "local" && len(c.scope.needs[r.Name]) > 0 {
			return
		}
	}
	if plain, _ := v.UnmarkDeep(); plain.IsWhollyKnown() {
		e.Fold(v)
		if eval.IsSensitive(v) {
			_, texts := eval.Reveal(v)
			c.keepTexts(texts)
		}
	}
}

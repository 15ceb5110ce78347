package lang

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
)

var fixtureForm = form{
	what:  `a "fixture" block`,
	attrs: []string{"scope", "description", "timeout"},
	blocks: []blockForm{
		{kind: "locals"}, {kind: "step", labels: []string{"KIND", "NAME"}}, {kind: "assert"}, {kind: "teardown", once: true},
		{kind: "output", labels: []string{"NAME"}},
	},
	later: append([]string{"module"}, reserved...),
}

// decodeFixture takes a fixture as the scenario that it is inside.
func (l *loader) decodeFixture(b *hclsyntax.Block) *scenarioDecl {
	d := l.decodeFlow(b, fixtureForm)
	if len(d.order) == 0 {
		l.error(d.header, "Empty fixture", fmt.Sprintf("Fixture %q has no step. Write what is done before the iterations that need it.", d.name))
	}
	return d
}

func (l *loader) resolveFixtures() {
	l.fixtureValues = map[string]cty.Value{}
	for _, d := range l.decls.fixtures {
		if !l.roomFor(len(d.order), d.header) {
			return
		}
		f := &plan.Fixture{Name: d.name, Source: l.site(d.header)}
		f.PerUser = l.staticWord(d.content, "scope", "run", "run", "vu") == "vu"
		f.Flow = &plan.Scenario{
			Suite: l.opts.Suite, Name: d.name, Address: "fixture." + d.name, Source: f.Source, Each: cty.NilVal,
			Description: l.staticString(d.content, "description"),
			Timeout:     l.staticDuration(d.content, "timeout", defaultScenarioTimeout, cty.NilVal),
		}
		env := refEnv{
			where: "in a fixture", impure: true, fixture: true,
			roots: []string{"var", "local", "path", "provider", "step", "run"},
		}
		if f.PerUser {
			env.roots = append(env.roots, "vu")
		}
		c := l.checker(d, instance{each: cty.NilVal}, env)
		l.fixtureValues[d.name] = c.walk(f.Flow, d)
		l.fixtures = append(l.fixtures, f)
	}
}

// walk carries out a declaration with unknown values and gives what its outputs will be,
// as an object: unknown, and marked where they are secret.
func (c *checker) walk(p *plan.Scenario, d *scenarioDecl) cty.Value {
	p.Locals = c.locals
	for i, sd := range d.order {
		c.scope.here = i
		for _, s := range c.step(sd) {
			switch sd.section {
			case result.Setup:
				p.Setup = append(p.Setup, s)
			case result.Teardown:
				p.Teardown = append(p.Teardown, s)
			default:
				p.Body = append(p.Body, s)
			}
		}
	}
	c.scope.here = len(d.order)
	c.checkLocals(d)
	values := map[string]cty.Value{}
	for _, b := range d.outputs {
		o, v, ok := c.output(b)
		if ok {
			p.Outputs = append(p.Outputs, o)
		}
		plain, _ := v.UnmarkDeep()
		unknown := cty.UnknownVal(plain.Type())
		if o.Sensitive || eval.IsSensitive(v) {
			unknown = unknown.Mark(eval.Sensitive)
		}
		values[b.Labels[0]] = unknown
	}
	p.Datasets, p.Fixtures = c.used()
	return cty.ObjectVal(values)
}

// used lists the datasets and fixtures that the expressions refer to, as declared.
func (c *checker) used() (datasets []*plan.Dataset, fixtures []*plan.Fixture) {
	for _, d := range c.datasets {
		if c.env.reached["dataset "+d.Name] {
			datasets = append(datasets, d)
		}
	}
	for _, f := range c.fixtures {
		if c.env.reached["fixture "+f.Name] {
			fixtures = append(fixtures, f)
		}
	}
	return datasets, fixtures
}

// fixtureValue is what `fixture.NAME` may be, with unknown values.
func (l *loader) fixtureValue(name string) cty.Value {
	if v, ok := l.fixtureValues[name]; ok {
		return v
	}
	return cty.DynamicVal
}

// checkRunRef checks a reference to a dataset or a fixture.
func (l *loader) checkRunRef(r eval.Ref, env *refEnv) {
	var known []string
	values := map[string]cty.Value{}
	usage := "dataset." + r.Name + ".row.COLUMN"
	if r.Root == "dataset" {
		for _, d := range l.datasets {
			known, values[d.Name] = append(known, d.Name), cty.ObjectVal(map[string]cty.Value{"row": datasetRow(d)})
		}
	} else {
		usage = "fixture." + r.Name + ".OUTPUT"
		for _, d := range l.decls.fixtures {
			known, values[d.name] = append(known, d.name), l.fixtureValue(d.name)
		}
	}
	v, ok := values[r.Name]
	if !ok {
		l.error(r.Range, "Undeclared "+r.Root, fmt.Sprintf("No %s %q is declared.%s", r.Root, r.Name, suggest(r.Name, known)))
		return
	}
	l.used[r.Root+" "+r.Name] = true
	if env.reached != nil {
		env.reached[r.Root+" "+r.Name] = true
	}
	if len(r.Rest) == 0 {
		l.error(r.Range, "Invalid reference", fmt.Sprintf("A %s can not be used as a whole. Write %s.", r.Root, usage))
		return
	}
	if _, ok := r.Rest[0].(hcl.TraverseAttr); !ok {
		l.error(r.Range, "Invalid reference", fmt.Sprintf("Write a dot and a name after it: %s.", usage))
		return
	}
	plain, _ := v.UnmarkDeep()
	l.checkAttrs(r, plain.Type(), r.Rest, r.Root+"."+r.Name)
}

package plan

import (
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
)

// Compile gives the scenario its layout and compiles every expression of it. The
// language calls it once, when everything is checked and before the plan is shared.
func (sc *Scenario) Compile(g *eval.Globals) {
	sc.Layout = NewLayout(sc)
	for _, l := range sc.Layout.Locals {
		l.Expr.Compile(sc.Layout, g, -1, sc.Each)
	}
	for s := range sc.Steps() {
		self, each := sc.Layout.Step(s.Name), s.Each
		if each == cty.NilVal {
			each = sc.Each
		}
		s.expressions(func(e *eval.Expr) {
			if e != nil {
				e.Compile(sc.Layout, g, self, each)
			}
		})
	}
	for i := range sc.Outputs {
		sc.Outputs[i].Value.Compile(sc.Layout, g, -1, sc.Each)
	}
}

// NewLayout makes the layout of a scenario.
func NewLayout(sc *Scenario) *eval.Layout {
	l := &eval.Layout{}
	for _, name := range slices.Sorted(maps.Keys(sc.Locals)) {
		l.Locals = append(l.Locals, eval.LocalLayout{Name: name, Expr: sc.Locals[name]})
	}
	for s := range sc.Steps() {
		if s.Kind == nil || l.Step(s.Name) >= 0 {
			continue
		}
		l.Steps = append(l.Steps, eval.StepLayout{Name: s.Name, ForEach: s.ForEach, Attrs: s.attributes()})
	}
	for _, d := range sc.Datasets {
		l.Datasets = append(l.Datasets, d.Name)
	}
	for _, f := range sc.Fixtures {
		l.Fixtures = append(l.Fixtures, f.Name)
	}
	return l
}

func (s *Step) attributes() []eval.AttrLayout {
	attrs := s.Kind.Attributes(func(arg string) []string {
		var names []string
		for _, a := range s.Args {
			if a.Spec != nil && a.Spec.Name == arg {
				for _, p := range a.Pairs {
					names = append(names, p.Name)
				}
			}
		}
		return names
	})
	out := make([]eval.AttrLayout, len(attrs))
	for i, a := range attrs {
		out[i] = eval.AttrLayout{Name: a.Name, Type: a.Type.WithoutOptionalAttributesDeep(), Sensitive: a.Sensitive}
	}
	return out
}

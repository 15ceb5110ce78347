package lang

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
)

// stepScope knows the steps of a scenario, in the order in which they run, and which
// of them have run at the place that is being checked.
type stepScope struct {
	// order lists the declarations: setup, body, teardown.
	order []*stepDecl
	// here is the place being checked: the steps before it have run.
	here int
	// types are the result types by name, for steps with for_each an object by key.
	types map[string]cty.Type
	// needs are the steps that each local of the scenario refers to, through other
	// locals as well.
	needs map[string][]string
}

func (s *stepScope) index(name string) int {
	return slices.IndexFunc(s.order, func(d *stepDecl) bool { return d.name == name })
}

func (s *stepScope) names() []string {
	out := make([]string, 0, len(s.order))
	for _, d := range s.order {
		out = append(out, d.name)
	}
	return out
}

// checkStep checks a reference `step.NAME...`.
func (s *stepScope) checkStep(l *loader, r eval.Ref) {
	i := s.index(r.Name)
	switch {
	case i < 0:
		l.error(r.Range, "Undeclared step", fmt.Sprintf("This scenario has no step %q.%s", r.Name, suggest(r.Name, s.names())))
		return
	case i == s.here:
		l.error(r.Range, "Reference to itself", fmt.Sprintf("Step %q has no result before it ran. In its own assert and poll blocks the result is called self.", r.Name))
		return
	case i > s.here:
		l.error(r.Range, "Forward reference", fmt.Sprintf("Step %q runs after this one (it is declared at %s). Steps run from top to bottom: move it up.",
			r.Name, l.site(s.order[i].header).Position()))
		return
	}
	d := s.order[i]
	of := "step." + r.Name
	t, rest := s.types[r.Name], r.Rest
	if d.forEach != nil {
		if len(rest) == 0 {
			return
		}
		index, ok := rest[0].(hcl.TraverseIndex)
		if !ok {
			l.error(r.Range, "Missing key", fmt.Sprintf("Step %q has for_each: name the instance, as in step.%s[\"key\"].", r.Name, r.Name))
			return
		}
		if index.Key.Type() != cty.String || !t.IsObjectType() {
			return
		}
		key := index.Key.AsString()
		if !t.HasAttribute(key) {
			l.unknownAttr(r, t, key, of)
			return
		}
		of, t, rest = fmt.Sprintf("%s[%q]", of, key), t.AttributeType(key), rest[1:]
	}
	l.checkAttrs(r, t, rest, of)
}

// checkLocal checks that everything behind a scenario's local has run.
func (s *stepScope) checkLocal(l *loader, r eval.Ref) {
	for _, name := range s.needs[r.Name] {
		if i := s.index(name); i >= s.here {
			l.error(r.Range, "Forward reference", fmt.Sprintf("local.%s needs step %q, which has not run here (it is declared at %s). Move the step up.",
				r.Name, name, l.site(s.order[i].header).Position()))
			return
		}
	}
}

// localNeeds finds the steps behind every local of a scenario.
func localNeeds(order []*localDecl, exprs map[string]*eval.Expr) map[string][]string {
	needs := map[string][]string{}
	for _, d := range order { // each comes after those it refers to
		for _, r := range exprs[d.name].Refs() {
			switch r.Root {
			case "step":
				needs[d.name] = append(needs[d.name], r.Name)
			case "local":
				needs[d.name] = append(needs[d.name], needs[r.Name]...)
			}
		}
		slices.Sort(needs[d.name])
		needs[d.name] = slices.Compact(needs[d.name])
	}
	return needs
}

package plan

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Profile gives the load profile of this name. An empty name means the only one.
func (p *Plan) Profile(name string) (*Load, error) {
	names := make([]string, len(p.Loads))
	for i, l := range p.Loads {
		if names[i] = l.Name; l.Name == name {
			return l, nil
		}
	}
	switch {
	case len(p.Loads) == 0:
		return nil, fmt.Errorf("load profile: %s declares none", p.Suite)
	case name == "" && len(p.Loads) == 1:
		return p.Loads[0], nil
	case name == "":
		return nil, errors.New("load profile: there are several, name one of " + strings.Join(names, ", "))
	}
	return nil, fmt.Errorf("load profile %q: there are %s", name, strings.Join(names, ", "))
}

// Only gives a copy of the plan with the scenarios of one profile, what they need, and
// the profile alone. It shares everything else with p. Places and Size stay.
func (p *Plan) Only(l *Load) *Plan {
	out := p.part(l.Runs)
	out.Loads = []*Load{l}
	return out
}

// Runs reports whether the scenario is in the mix.
func (l *Load) Runs(sc *Scenario) bool {
	return slices.ContainsFunc(l.Mix, func(s Share) bool { return slices.Contains(s.Scenarios, sc) })
}

// part gives a copy with some scenarios, the datasets and fixtures that these need, and
// the profiles that run nothing else.
func (p *Plan) part(keep func(*Scenario) bool) *Plan {
	out := *p
	out.whole = p.all()
	out.Scenarios, out.Datasets, out.Fixtures, out.Loads = nil, nil, nil, nil
	kept := make(map[*Scenario]bool, len(p.Scenarios))
	for _, sc := range p.Scenarios {
		if keep(sc) {
			out.Scenarios = append(out.Scenarios, sc)
			kept[sc] = true
		}
	}
	needed := func(has func(*Scenario) bool) bool { return slices.ContainsFunc(out.Scenarios, has) }
	for _, d := range p.Datasets {
		if needed(func(sc *Scenario) bool { return slices.Contains(sc.Datasets, d) }) {
			out.Datasets = append(out.Datasets, d)
		}
	}
	for _, f := range p.Fixtures {
		if needed(func(sc *Scenario) bool { return slices.Contains(sc.Fixtures, f) }) {
			out.Fixtures = append(out.Fixtures, f)
		}
	}
	for _, l := range p.Loads {
		whole := true
		for _, share := range l.Mix {
			for _, sc := range share.Scenarios {
				whole = whole && kept[sc]
			}
		}
		if whole {
			out.Loads = append(out.Loads, l)
		}
	}
	return &out
}

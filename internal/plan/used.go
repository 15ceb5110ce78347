package plan

import (
	"iter"
	"slices"

	"github.com/authbench/authbench/internal/eval"
)

// Steps gives the steps of all sections, in the order in which they run.
func (s *Scenario) Steps() iter.Seq[*Step] {
	return func(yield func(*Step) bool) {
		for _, section := range [][]*Step{s.Setup, s.Body, s.Teardown} {
			for _, st := range section {
				if !yield(st) {
					return
				}
			}
		}
	}
}

// Numbers reports whether one of plans' scenarios can run as the iteration of this
// number. Iterations are numbered round by round over the places of all plans; an
// instance that is selected alone has a round of its own, so that every number is its.
func Numbers(plans []*Plan, iteration uint64) bool {
	total, selected := uint64(0), 0
	for _, p := range plans {
		total += uint64(p.Size)
		selected += len(p.Scenarios)
	}
	if selected == 1 {
		return true
	}
	before := uint64(0)
	for _, p := range plans {
		for _, sc := range p.Scenarios {
			if iteration%total == before+uint64(sc.Place) {
				return true
			}
		}
		before += uint64(p.Size)
	}
	return false
}

// Users gives the places, in order, of all instances that get rows of a dataset,
// selected or not.
func (p *Plan) Users(d *Dataset) []int {
	var out []int
	for _, sc := range p.all() {
		if slices.Contains(sc.Datasets, d) {
			out = append(out, sc.Place)
		}
	}
	slices.Sort(out)
	return out
}

// all are the instances before any selection.
func (p *Plan) all() []*Scenario {
	if p.whole != nil {
		return p.whole
	}
	return p.Scenarios
}

// Uses are the providers and inboxes that the scenarios of a plan need.
type Uses struct {
	providers map[*Provider]bool
	inboxes   map[*Inbox]bool
	steering  map[*Provider][]*Step
}

// Uses finds what the scenarios and their fixtures need: through their steps, through
// the inboxes that these wait on, through references to provider.NAME, and through plain
// requests that may go to a provider's address, which then have its settings and limits.
func (p *Plan) Uses() Uses {
	u := Uses{providers: map[*Provider]bool{}, inboxes: map[*Inbox]bool{}, steering: map[*Provider][]*Step{}}
	byName := map[string]*Provider{}
	for _, pr := range p.Providers {
		byName[pr.Name] = pr
	}
	refer := func(e *eval.Expr) {
		if e == nil {
			return
		}
		for _, r := range e.Refs() {
			if pr := byName[r.Name]; r.Root == "provider" && pr != nil {
				u.providers[pr] = true
			}
		}
	}
	for _, sc := range p.flows() {
		for _, e := range sc.Locals {
			refer(e)
		}
		for _, o := range sc.Outputs {
			refer(o.Value)
		}
		for st := range sc.Steps() {
			if st.Provider != nil {
				u.providers[st.Provider] = true
				if st.Kind.Steers {
					u.steering[st.Provider] = append(u.steering[st.Provider], st)
				}
			}
			if st.Inbox != nil {
				u.inboxes[st.Inbox] = true
				u.providers[st.Inbox.Provider] = true
			}
			for _, pr := range p.reached(st) {
				u.providers[pr] = true
			}
			st.expressions(refer)
		}
	}
	return u
}

// flows are the scenarios and the fixtures that they need.
func (p *Plan) flows() []*Scenario {
	out := slices.Clone(p.Scenarios)
	seen := map[*Fixture]bool{}
	for _, sc := range p.Scenarios {
		for _, f := range sc.Fixtures {
			if !seen[f] {
				seen[f] = true
				out = append(out, f.Flow)
			}
		}
	}
	return out
}

// Provider reports whether the provider is needed.
func (u Uses) Provider(p *Provider) bool { return u.providers[p] }

// Inbox reports whether the inbox is needed.
func (u Uses) Inbox(in *Inbox) bool { return u.inboxes[in] }

// expressions calls f for every expression of the step; some may be nil.
func (s *Step) expressions(f func(*eval.Expr)) {
	f(s.When)
	for _, a := range s.Args {
		f(a.Value)
		for _, p := range a.Pairs {
			f(p.Value)
		}
	}
	for _, a := range s.Asserts {
		f(a.Condition)
		f(a.Message)
	}
	if s.Expect != nil {
		f(s.Expect.Status)
		f(s.Expect.ErrorCode)
	}
	if s.Poll != nil {
		f(s.Poll.Until)
	}
}

// Steering lists the steps that steer the emulator that the provider lives in.
func (u Uses) Steering(p *Provider) []*Step { return u.steering[p] }

package runner

import (
	"errors"
	"fmt"
	"time"

	"github.com/authbench/authbench/internal/pace"
	"github.com/authbench/authbench/internal/plan"
)

func newLoad(p *plan.Plan, profile *plan.Load, env Environment, opts LoadOptions) (*load, error) {
	schedule, err := profile.Schedule()
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", profile.Name, err)
	}
	switch {
	case profile.MaxInFlight < 1 || profile.MaxInFlight > pace.MaxUsers:
		return nil, fmt.Errorf("load %s: max_in_flight is %d", profile.Name, profile.MaxInFlight)
	case schedule.MostUsers > profile.MaxInFlight:
		return nil, fmt.Errorf("load %s: %d users do not fit into max_in_flight, which is %d", profile.Name, schedule.MostUsers, profile.MaxInFlight)
	}
	part := *p
	part.Scenarios = nil
	for _, s := range profile.Mix {
		part.Scenarios = append(part.Scenarios, s.Scenarios...)
	}
	r, err := newRun([]*plan.Plan{&part}, env, Options{Seed: opts.Seed, TeardownTimeout: opts.TeardownTimeout})
	if err != nil {
		return nil, err
	}
	r.lends, r.load = true, true
	l := newCarrier(r, profile, opts)
	if err := l.prepare(&part); err != nil {
		return nil, fmt.Errorf("load %s: %w", profile.Name, err)
	}
	l.source = newSource(l, schedule)
	l.follow = l.source.follow
	r.crew.muster(profile.MaxInFlight)
	if l.begin = opts.Start; l.begin.IsZero() {
		l.begin = time.Now()
	}
	l.gauges.times.Store(&times{begin: l.begin, schedule: schedule.Rate, users: schedule.Users, parked: &r.parked})
	return l, nil
}

// newCarrier makes a load without shares and source.
func newCarrier(r *run, profile *plan.Load, opts LoadOptions) *load {
	l := &load{run: r, plan: profile, opts: opts, gauges: opts.Gauges, settled: make(chan struct{}, 1)}
	if l.gauges == nil {
		l.gauges = &Gauges{}
	}
	r.gauges = l.gauges
	l.flights.New = func() any { return newFlight(l) }
	return l
}

func newSource(l *load, s plan.Schedule) source {
	if s.Rate != nil {
		return newOpen(l, s.Rate)
	}
	return newClosed(l, s.Users)
}

// prepare makes the shares of the mix, and what they need.
func (l *load) prepare(p *plan.Plan) error {
	programs := make(map[*plan.Scenario]*program, len(l.run.programs))
	for _, prog := range l.run.programs {
		programs[prog.Scenario] = prog
	}
	var weights []float64
	needs := newNeeds(l)
	groups := map[string]*group{}
	for _, of := range l.plan.Mix {
		for _, sc := range of.Scenarios {
			s := &share{index: len(l.shares), program: programs[sc], group: groupOf(groups, sc.Serial)}
			for _, d := range sc.Datasets {
				s.datasets = append(s.datasets, needs.dataset(d))
			}
			if err := needs.equip(s, p); err != nil {
				return err
			}
			l.shares = append(l.shares, s)
			weights = append(weights, of.Weight/float64(len(of.Scenarios)))
		}
	}
	if len(l.shares) == 0 {
		return errors.New("its mix holds no scenario")
	}
	var err error
	if l.mix, err = pace.NewMix(l.opts.Seed, weights); err != nil {
		return err
	}
	l.account = newAccount(l.shares)
	return nil
}

// groupOf gives the group of this name, nil for the empty one.
func groupOf(groups map[string]*group, name string) *group {
	if name != "" && groups[name] == nil {
		groups[name] = &group{}
	}
	return groups[name]
}

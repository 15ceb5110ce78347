package runner

import (
	"fmt"
	"slices"
	"sort"
	"sync"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
)

// fixture is work done once for a run, or once for each user.
type fixture struct {
	load    *load
	plan    *plan.Fixture
	program *program
	// stands are by user, 0 for a run. The lock of the load guards them.
	standing map[int]*stand
	running  sync.WaitGroup
}

// stand is one execution of a fixture, from its first step to its teardown.
type stand struct {
	fixture *fixture
	user    int
	tries   uint64
	state   standState
	outputs cty.Value
	// problem is why its outputs cannot be had, after all steps went well.
	problem string
	// release lets its teardown begin.
	release func()
	waiting []*flight
}

type standState uint8

const (
	standIdle standState = iota
	standBusy
	standUp
)

// outputs are what a fixture offers.
type outputs struct {
	name  string
	value cty.Value
}

func (l *load) newFixture(p *plan.Plan, fx *plan.Fixture) (*fixture, error) {
	prog, err := l.run.prepare(p, fx.Flow)
	if err != nil {
		return nil, fmt.Errorf("fixture %s: %w", fx.Name, err)
	}
	return &fixture{load: l, plan: fx, program: prog, standing: map[int]*stand{}}, nil
}

// stands reports whether the fixture is there for a flight, which then has its outputs.
// If not, the flight goes on when it is, or when it failed.
func (x *fixture) stands(f *flight) bool {
	l := x.load
	user := 0
	if x.plan.PerUser {
		user = f.place
	}
	l.mu.Lock()
	s := x.standing[user]
	if s == nil {
		s = &stand{fixture: x, user: user}
		x.standing[user] = s
	}
	if s.state == standUp {
		f.outputs = append(f.outputs, outputs{x.plan.Name, s.outputs})
		l.mu.Unlock()
		return true
	}
	f.parked = time.Now()
	l.gauges.hold()
	s.waiting = append(s.waiting, f)
	begin := s.state == standIdle
	if begin {
		s.state = standBusy
		s.tries++
	}
	l.mu.Unlock()
	if begin {
		s.begin()
	}
	return false
}

// begin carries the fixture out. Its numbers are its own: they collide with no
// iteration's, because random values depend on the name as well.
func (s *stand) begin() {
	x := s.fixture
	x.running.Add(1)
	x.load.run.launch(x.load.ctx, x.load.cleanup, arrival{
		program: x.program, id: uint64(s.user) + (s.tries-1)<<32, index: s.tries - 1, vu: s.user, hold: s.hold,
	}, s.ended)
}

// hold keeps a fixture that went well from being torn down.
func (s *stand) hold(scope *eval.Scope, ok bool, resume func()) {
	if !ok {
		resume()
		return
	}
	value, problem := s.evaluate(scope)
	if problem != "" {
		s.problem = problem
		resume()
		return
	}
	l := s.fixture.load
	l.mu.Lock()
	s.state, s.outputs, s.release = standUp, value, resume
	l.gauges.standing.Add(1)
	chain := s.wake(nil)
	l.mu.Unlock()
	l.proceed(chain)
}

func (s *stand) evaluate(scope *eval.Scope) (value cty.Value, problem string) {
	defer func() {
		if p := recover(); p != nil {
			problem = "its outputs could not be evaluated"
		}
	}()
	attrs := make(map[string]cty.Value, len(s.fixture.program.Outputs))
	for _, o := range s.fixture.program.Outputs {
		v, diags := o.Value.Value(scope)
		if diags.HasErrors() {
			return cty.NilVal, fmt.Sprintf("output %s: %s", o.Name, diags[0].Summary)
		}
		if o.Sensitive {
			v = v.Mark(eval.Sensitive)
		}
		attrs[o.Name] = v
	}
	return cty.ObjectVal(attrs), ""
}

// ended takes in the whole execution: at once when it failed, at the end of the run
// when it stood.
func (s *stand) ended(it *result.Iteration) {
	x, l := s.fixture, s.fixture.load
	defer x.running.Done()
	l.mu.Lock()
	if s.state == standUp {
		l.gauges.standing.Add(-1)
	}
	chain := s.wake(s.failure(it)) // nobody waits for one that stood
	s.state, s.problem = standIdle, ""
	l.mu.Unlock()
	if l.opts.Fixture != nil {
		l.opts.Fixture(it)
	}
	l.proceed(chain)
}

// failure is what becomes of the iterations that waited for an execution that failed.
func (s *stand) failure(it *result.Iteration) *problem {
	why := s.problem
	if why == "" {
		why = it.Message
	}
	if it.Step != "" && s.problem == "" {
		why = "step " + it.Step + ": " + why
	}
	p := &problem{outcome: result.Error, reason: result.ReasonSetup, message: fmt.Sprintf("fixture %s: %s", s.fixture.plan.Name, why)}
	if it.Outcome == result.Aborted {
		p.outcome, p.reason = result.Aborted, result.ReasonCanceled
	}
	return p
}

// wake gives all flights that wait, as a chain in their order. The lock is held.
func (s *stand) wake(p *problem) (chain *flight) {
	now := time.Now()
	for _, f := range slices.Backward(s.waiting) {
		f.queued += now.Sub(f.parked)
		f.problem, f.next, chain = p, chain, f
	}
	s.fixture.load.gauges.held.Add(-int64(len(s.waiting)))
	s.waiting = nil
	return chain
}

// takeDown lets the teardown of all that stands begin, and waits for it.
func (x *fixture) takeDown() {
	l := x.load
	l.mu.Lock()
	var all []*stand
	for _, s := range x.standing {
		if s.state == standUp {
			all = append(all, s)
		}
	}
	l.mu.Unlock()
	sort.Slice(all, func(i, j int) bool { return all[i].user < all[j].user })
	for _, s := range all {
		s.release()
	}
	x.running.Wait()
}

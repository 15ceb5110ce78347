package runner

import (
	"time"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/result"
)

// flight is an iteration that holds a place. It goes through three stages, and may be
// parked before each: its fixtures stand, its serial group is free, it runs. It is
// used again when it has ended.
type flight struct {
	load  *load
	share *share
	due   due
	place int
	index uint64
	// rows are what its datasets gave it, by their place in the share.
	rows []int
	// fixture is how many of its fixtures stand.
	fixture int
	outputs []outputs
	// awaits tells that it counts as one that has not all of them.
	awaits bool
	// intended is when it should start, zero without a schedule.
	intended time.Time
	// parked is when its wait for a fixture or its group began, grouped how long the
	// latter took.
	parked  time.Time
	grouped time.Duration
	entered bool // its group lets it run
	// queued is how long it waited for its place and its fixtures.
	queued time.Duration
	// problem ends it instead of running it.
	problem *problem
	// ran tells that it was launched.
	ran  bool
	next *flight // in a chain of flights that may go on

	bind func(*eval.Scope)
	done func(*result.Iteration)
}

// problem is why an iteration that has its place cannot run.
type problem struct {
	outcome result.Outcome
	reason  result.Reason
	message string
}

func newFlight(l *load) *flight {
	f := &flight{load: l}
	f.bind, f.done = f.give, func(it *result.Iteration) { l.proceed(f.end(it)) }
	return f
}

// admit gives an arrival of a share a place, and its rows. It is nil if there is no row
// for it. The lock is held.
func (l *load) admit(s *share, d due, place int) *flight {
	f := l.flight(s, d, place)
	var now time.Time
	if len(s.datasets) > 0 {
		now = time.Now()
	}
	for i, set := range s.datasets {
		row, problem, ok := set.take(s.ranked(i, d), now)
		if !ok {
			f.release(now)
			l.flights.Put(f)
			return nil
		}
		if problem != nil {
			f.problem = problem
			break
		}
		f.rows = append(f.rows, row)
	}
	return l.enter(f)
}

// flight gives an arrival a place, and no rows.
func (l *load) flight(s *share, d due, place int) *flight {
	f := l.flights.Get().(*flight)
	*f = flight{load: l, share: s, due: d, place: place, index: d.n, bind: f.bind, done: f.done, rows: f.rows[:0], outputs: f.outputs[:0]}
	if !l.begin.IsZero() {
		f.intended = l.begin.Add(d.at)
	}
	return f
}

// enter counts a flight that will end. The lock is held.
func (l *load) enter(f *flight) *flight {
	l.inFlight++
	// Before it flies: whoever looks is not to take it for one that runs.
	if f.awaits = len(f.share.fixtures) > 0; f.awaits {
		l.gauges.awaiting.Add(1)
	}
	l.gauges.fly(l.inFlight)
	l.gauges.started.Add(1)
	return f
}

// release gives the rows back. The lock is held.
func (f *flight) release(now time.Time) {
	for i, row := range f.rows {
		f.share.datasets[i].give(row, now)
	}
	f.rows = f.rows[:0]
}

// proceed takes a chain of flights as far as each can go.
func (l *load) proceed(chain *flight) {
	for chain != nil {
		f := chain
		chain, f.next = f.next, nil
		if more := f.advance(); more != nil {
			last := more
			for last.next != nil {
				last = last.next
			}
			last.next, chain = chain, more
		}
	}
}

// advance takes a flight to its next stop. What it gives may go on because this one
// ended.
func (f *flight) advance() *flight {
	l := f.load
	for f.problem == nil && f.fixture < len(f.share.fixtures) {
		if !f.share.fixtures[f.fixture].stands(f) {
			return nil
		}
		f.fixture++
	}
	if f.awaits {
		f.awaits = false
		l.gauges.awaiting.Add(-1)
	}
	if f.problem != nil {
		return f.end(f.failed())
	}
	if g := f.share.group; g != nil && !f.entered && !g.enter(f) {
		return nil
	}
	f.ran = true
	a := arrival{
		program: f.share.program, id: f.due.n, index: f.index, vu: f.place,
		intended: f.intended, warmup: f.due.at < l.plan.Warmup,
	}
	if len(f.rows)+len(f.outputs) > 0 {
		a.bind = f.bind
	}
	l.run.launch(l.ctx, l.cleanup, a, f.done)
	return nil
}

// give puts rows and outputs of fixtures where expressions find them.
func (f *flight) give(scope *eval.Scope) {
	for i, row := range f.rows {
		d := f.share.datasets[i].plan
		scope.SetRow(d.Name, d.Rows.Row(row))
	}
	for _, o := range f.outputs {
		scope.SetFixture(o.name, o.value)
	}
}

// failed makes the iteration of a flight that never ran.
func (f *flight) failed() *result.Iteration {
	p := f.share.program
	return &result.Iteration{
		Suite: p.Suite, Scenario: p.Name, Key: p.Key, Address: p.Address,
		ID: f.due.n, Seed: f.load.opts.Seed, Start: time.Now(),
		Outcome: f.problem.outcome, Reason: f.problem.reason, Message: f.problem.message,
	}
}

// end tells what became of a flight, and gives its place and its rows to others: to
// those that it gives.
func (f *flight) end(it *result.Iteration) *flight {
	l := f.load
	it.VU, it.Warmup = f.place, f.due.at < l.plan.Warmup
	if f.grouped > 0 {
		it.Start = it.Start.Add(-f.grouped)
		it.Duration += f.grouped
		it.Wait += f.grouped
	}
	if !f.intended.IsZero() {
		it.Intended = f.intended
		it.Lateness = it.Start.Sub(f.intended)
		it.Queued = min(f.queued, it.Lateness)
	}
	outcome := it.Outcome
	if l.opts.Emit != nil {
		l.opts.Emit(it)
	}

	l.mu.Lock()
	defer l.mu.Unlock()
	var now time.Time
	if len(f.rows) > 0 || f.share.group != nil {
		now = time.Now()
	}
	l.account.ended(f.share, outcome)
	f.release(now)
	l.inFlight--
	chain := l.follow(f, it)
	if g := f.share.group; g != nil && f.ran {
		if freed := g.leave(now); freed != nil {
			freed.next, chain = chain, freed
		}
	}
	l.gauges.fly(l.inFlight)
	if l.inFlight == 0 {
		select {
		case l.settled <- struct{}{}:
		default:
		}
	}
	l.flights.Put(f)
	return chain
}

package runner

import (
	"context"
	"sync"
	"time"

	"github.com/authbench/authbench/internal/pace"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
)

// load is one run of a profile, or of every scenario in turn without one. Three sorts
// of goroutines meet in it: the one that called RunLoad or Run decides what starts;
// those of iterations end them, and start what comes after; those of fixtures do the
// same.
type load struct {
	run          *run
	plan         *plan.Load // without a profile it is empty
	opts         LoadOptions
	ctx, cleanup context.Context // they live exactly as long as the run
	cancel       context.CancelFunc
	begin        time.Time // zero without a profile
	shares       []*share
	mix          *pace.Mix
	fixtures     []*fixture
	source       source // nil without a profile
	// follow gives the flight that takes the place of one that ended, nil for none. It
	// is called with the lock held.
	follow  func(f *flight, it *result.Iteration) *flight
	clock   *clock
	gauges  *Gauges
	flights sync.Pool
	// settled gets something whenever nothing is in flight any more.
	settled chan struct{}

	// mu guards all below, and what the comments of other types say.
	mu       sync.Mutex
	shut     bool // nothing starts any more
	inFlight int
	account  LoadAccount
}

// share is a scenario instance of the mix.
type share struct {
	index    int
	program  *program
	datasets []*dataset
	// ranks are by dataset; nil when rows follow the order of all arrivals.
	ranks    []rank
	fixtures []*fixture
	group    *group // nil without one
}

// A source decides when iterations begin.
type source interface {
	// dispatch walks the schedule and returns when it is over, or when l.ctx or Stop
	// end it.
	dispatch() LoadEnd
	// follow is that of load.
	follow(f *flight, it *result.Iteration) *flight
	// waiting counts arrivals that wait for a place. It is called with the lock held.
	waiting() int
	// discard accounts for them; nothing follows any more. It is called with the lock
	// held.
	discard()
}

// carryOut runs the profile from the first arrival to the end of the last teardown.
func (l *load) carryOut() LoadAccount {
	l.clock = newClock(l.opts.Stop, l.plan.Precise)
	var end LoadEnd
	if time.Now().Before(l.begin) {
		end = l.clock.until(l.ctx, l.begin, nil)
	}
	if end == "" {
		end = l.source.dispatch()
	}
	l.clock.close()
	over := max(0, time.Since(l.begin))
	if l.opts.Over != nil {
		l.opts.Over(over)
	}
	if end == EndSchedule {
		end = l.linger(end)
	} else {
		l.close()
		if end == EndStopped || end == EndExhausted {
			end = l.linger(end)
		}
	}
	l.close()
	l.cancel()
	for l.busy() {
		<-l.settled
	}
	l.takeDown()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.account.End, l.account.Start = end, l.begin
	l.account.Schedule, l.account.Overall = over, max(0, time.Since(l.begin))
	return l.account
}

// takeDown lets the teardown of all fixtures begin, and waits for it.
func (l *load) takeDown() {
	for _, fx := range l.fixtures {
		fx.takeDown()
	}
}

// linger gives what runs the time of the graceful stop.
func (l *load) linger(end LoadEnd) LoadEnd {
	timer := time.NewTimer(l.plan.GracefulStop)
	defer timer.Stop()
	for l.busy() {
		select {
		case <-l.settled:
		case <-timer.C:
			return end
		case <-l.ctx.Done():
			return EndInterrupted
		}
	}
	return end
}

// busy reports whether something runs or waits.
func (l *load) busy() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.inFlight+l.source.waiting() > 0
}

// over reports whether nothing may start any more. The lock is held.
//
// A context with a deadline may end a little after it, and iterations do not wait for
// that.
func (l *load) over() bool {
	if l.shut || l.ctx.Err() != nil {
		return true
	}
	deadline, ok := l.ctx.Deadline()
	return ok && !time.Now().Before(deadline)
}

// close lets nothing start any more.
func (l *load) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.shut {
		l.shut = true
		l.source.discard()
	}
}

// due is an arrival that the schedule asks for.
type due struct {
	// n is its number, order its place among all arrivals in the order of time where a
	// dataset needs that, and n elsewhere.
	n, order uint64
	// at is when it is due, from the start of the schedule.
	at time.Duration
}

func (l *load) shareOf(d due) *share { return l.shares[l.mix.Choose(d.n)] }

// schedule counts an arrival. The lock is held.
func (l *load) schedule(d due) {
	l.account.scheduled(l.shareOf(d))
	l.gauges.scheduled.Add(1)
}

// drop accounts for an arrival that is not started. The lock is held, which makes the
// caller's Drop one at a time.
func (l *load) drop(d due, reason result.DropReason) {
	s := l.shareOf(d)
	l.account.dropped(s, reason)
	if l.opts.Drop != nil {
		l.opts.Drop(result.Drop{
			Suite: s.program.Suite, Scenario: s.program.Name, Key: s.program.Key, Address: s.program.Address,
			ID: d.n, Intended: l.begin.Add(d.at), Warmup: d.at < l.plan.Warmup, Reason: reason,
		})
	}
}

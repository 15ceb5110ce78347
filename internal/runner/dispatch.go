package runner

import (
	"context"
	"time"

	"golang.org/x/time/rate"

	"github.com/authbench/authbench/internal/result"
)

// dispatcher starts iterations and takes in what they came to. One goroutine owns
// it: the one that called Run.
type dispatcher struct {
	run     *run
	lanes   []*lane
	pace    *rate.Limiter
	due     time.Time // when the next start is allowed; zero when not asked yet
	taken   []bool    // places in use
	running int
	failed  bool
	account Account
	ended   chan ended
}

// ended is an iteration that is over.
type ended struct {
	lane   *lane
	place  int
	result *result.Iteration
}

func newDispatcher(r *run) *dispatcher {
	d := &dispatcher{
		run: r, lanes: newLanes(r),
		taken: make([]bool, r.opts.Parallelism),
		// Room for all that run, so that none ever waits to be heard.
		ended: make(chan ended, r.opts.Parallelism),
	}
	if r.opts.Rate > 0 {
		d.pace = rate.NewLimiter(rate.Limit(r.opts.Rate), 1)
	}
	return d
}

// loop returns when nothing runs and nothing may start any more.
func (d *dispatcher) loop(ctx, cleanup context.Context) Account {
	for {
		var turn <-chan time.Time
		stop := ctx.Done()
		if ctx.Err() != nil {
			stop = nil
		}
		if l := d.ready(ctx); l != nil {
			wait := d.untilTurn()
			if wait <= 0 {
				d.start(ctx, cleanup, l)
				continue
			}
			turn = time.After(wait)
		} else if d.running == 0 {
			return d.account
		}
		select {
		case e := <-d.ended:
			d.end(e)
		case <-turn:
		case <-stop:
		}
	}
}

// ready gives the lane to start from, nil when none may start.
func (d *dispatcher) ready(ctx context.Context) *lane {
	if ctx.Err() != nil || d.failed || d.running == len(d.taken) {
		return nil
	}
	var first *lane
	for _, l := range d.lanes {
		if l.free() && (first == nil || l.id() < first.id()) {
			first = l
		}
	}
	return first
}

// untilTurn asks the pace once for each start. A turn that comes while no iteration
// can start is kept, so it is asked for only when one can.
func (d *dispatcher) untilTurn() time.Duration {
	if d.pace == nil {
		return 0
	}
	if d.due.IsZero() {
		now := time.Now()
		d.due = now.Add(d.pace.ReserveN(now, 1).DelayFrom(now))
	}
	return time.Until(d.due)
}

func (d *dispatcher) start(ctx, cleanup context.Context, l *lane) {
	d.due = time.Time{}
	a := l.take()
	a.vu = d.place()
	d.running++
	d.account.Started++
	d.run.launch(ctx, cleanup, a, func(it *result.Iteration) {
		d.ended <- ended{lane: l, place: a.vu, result: it}
	})
}

// place takes the lowest free place.
func (d *dispatcher) place() int {
	for i, taken := range d.taken {
		if !taken {
			d.taken[i] = true
			return i
		}
	}
	panic("runner: an iteration was started without a free place")
}

func (d *dispatcher) end(e ended) {
	d.running--
	d.taken[e.place] = false
	e.lane.running = false
	d.account.add(e.result.Outcome)
	if d.run.opts.FailFast && (e.result.Outcome == result.Failure || e.result.Outcome == result.Error) {
		d.failed = true
	}
	if d.run.opts.Emit != nil {
		d.run.opts.Emit(e.result)
	}
}

package runner

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
)

// dispatcher starts iterations and takes in what they came to. One goroutine owns
// it: the one that called Run.
type dispatcher struct {
	run      *run
	load     *load
	lanes    []*lane
	pace     *rate.Limiter
	due      time.Time // when the next start is allowed; zero when not asked yet
	free     *places
	at       []*lane // by place
	running  int
	failed   bool
	account  Account
	ended    chan ended
	datasets []*dataset
	// waiting have a place each, and no row yet.
	waiting []entrant
	// telling is held while the caller is told something.
	telling sync.Mutex
}

// entrant is an iteration that is to run next.
type entrant struct {
	lane  *lane
	share *share
	due   due // order is its round
	place int
}

// ended is an iteration that is over.
type ended struct {
	place  int
	result *result.Iteration
}

func newDispatcher(r *run) (*dispatcher, error) {
	n := r.opts.Parallelism
	d := &dispatcher{
		run: r, free: newPlaces(n), at: make([]*lane, n),
		// Room for all that run, so that none ever waits to be heard.
		ended: make(chan ended, n),
	}
	if r.opts.Rate > 0 {
		d.pace = rate.NewLimiter(rate.Limit(r.opts.Rate), 1)
	}
	d.load = newCarrier(r, &plan.Load{}, LoadOptions{Seed: r.opts.Seed, Fixture: d.fixture})
	d.load.follow = func(f *flight, it *result.Iteration) *flight {
		d.ended <- ended{f.place, it}
		return nil
	}
	shares, err := d.shares()
	d.lanes = newLanes(r, shares)
	return d, err
}

// shares makes what each program needs. An instance that is alone in its round has all
// rows to itself.
func (d *dispatcher) shares() ([]*share, error) {
	needs := newNeeds(d.load)
	datasets := map[*plan.Dataset]*dataset{}
	out := make([]*share, len(d.run.programs))
	for i, p := range d.run.programs {
		s := &share{index: i, program: p, ranks: []rank{}}
		for _, set := range p.Datasets {
			if datasets[set] == nil {
				own := *set
				own.OnExhausted = plan.ExhaustedError
				datasets[set] = newDataset(&own, d.run.opts.Seed)
				d.datasets = append(d.datasets, datasets[set])
			}
			r := rank{of: 1}
			if d.run.total > 1 {
				r = rankOf(p.plan, set, p.Place)
			}
			s.datasets, s.ranks = append(s.datasets, datasets[set]), append(s.ranks, r)
		}
		if err := needs.equip(s, p.plan); err != nil {
			return nil, err
		}
		out[i] = s
	}
	d.load.shares, d.load.account = out, newAccount(out)
	return out, nil
}

// carryOut returns when all that started has ended, fixtures included.
func (d *dispatcher) carryOut() Account {
	d.loop()
	d.load.takeDown()
	return d.account
}

// loop returns when nothing runs and nothing may start any more.
func (d *dispatcher) loop() {
	ctx := d.load.ctx
	for {
		stop := ctx.Done()
		if ctx.Err() != nil {
			stop = nil
			d.giveUp()
		}
		look := d.rested()
		if l := d.ready(); l != nil {
			at := d.turn()
			if !at.After(time.Now()) {
				d.start(l)
				continue
			}
			if look.IsZero() || at.Before(look) {
				look = at
			}
		} else if d.running == 0 {
			return
		}
		var alarm <-chan time.Time
		if !look.IsZero() {
			alarm = time.After(time.Until(look))
		}
		select {
		case e := <-d.ended:
			d.end(e)
			d.resume()
		case <-alarm:
			d.resume()
		case <-stop:
		}
	}
}

// ready gives the lane to start from, nil when none may start.
func (d *dispatcher) ready() *lane {
	if d.load.over() || d.failed || d.running == len(d.at) {
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

// turn asks the pace once for each start. A turn that comes while no iteration can start
// is kept, so it is asked for only when one can.
func (d *dispatcher) turn() time.Time {
	if d.pace != nil && d.due.IsZero() {
		now := time.Now()
		d.due = now.Add(d.pace.ReserveN(now, 1).DelayFrom(now))
	}
	return d.due
}

func (d *dispatcher) start(l *lane) {
	d.due = time.Time{}
	c := l.take()
	c.place = d.free.take()
	d.at[c.place] = l
	d.running++
	d.account.Started++
	if !d.begin(c) {
		d.waiting = append(d.waiting, c)
	}
}

// begin reports whether the iteration has its rows, and then runs.
func (d *dispatcher) begin(c entrant) bool {
	l := d.load
	l.mu.Lock()
	f := l.admit(c.share, c.due, c.place)
	l.mu.Unlock()
	if f == nil {
		return false
	}
	f.index = c.due.order
	l.proceed(f)
	return true
}

func (d *dispatcher) end(e ended) {
	d.running--
	d.free.give(e.place)
	d.at[e.place].running = false
	d.account.add(e.result.Outcome)
	if d.run.opts.FailFast && (e.result.Outcome == result.Failure || e.result.Outcome == result.Error) {
		d.failed = true
	}
	d.tell(d.run.opts.Emit, e.result)
}

// fixture takes in the execution of a fixture.
func (d *dispatcher) fixture(it *result.Iteration) { d.tell(d.run.opts.Fixture, it) }

func (d *dispatcher) tell(to func(*result.Iteration), it *result.Iteration) {
	if to == nil {
		return
	}
	d.telling.Lock()
	defer d.telling.Unlock()
	to(it)
}

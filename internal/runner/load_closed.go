package runner

import (
	"time"

	"github.com/authbench/authbench/internal/pace"
	"github.com/authbench/authbench/internal/result"
)

// tick is how often users are looked after who have nothing to do: one who could not
// run an iteration, for want of a row or a fixture, waits for it. Without it such users
// would spin.
const tick = 100 * time.Millisecond

// closedSource keeps a number of users busy, each of which starts an iteration when the
// one before has ended. The lock of the load guards it.
type closedSource struct {
	load  *load
	users *pace.Users // nil when the number of iterations decides
	next  uint64      // the number of the next iteration
	// active are the users that run an iteration; counts is what each has started.
	active []bool
	counts []uint64
	// wanted is how many users there should be: those with the lowest numbers.
	wanted int
	// exhausted tells that a dataset has no row left, and ends the run.
	exhausted bool
	// wake tells the goroutine that walks the schedule that it may be over.
	wake chan struct{}
}

func newClosed(l *load, users *pace.Users) *closedSource {
	c := &closedSource{load: l, users: users, next: l.opts.Part.First(), wake: make(chan struct{}, 1)}
	most := l.plan.MaxInFlight
	if users != nil {
		most = users.Most()
	} else {
		most = int(min(uint64(most), l.plan.Iterations))
	}
	c.active, c.counts = make([]bool, most), make([]uint64, most)
	return c
}

func (c *closedSource) dispatch() LoadEnd {
	l := c.load
	if end := l.clock.until(l.ctx, l.begin, nil); end != "" {
		return end
	}
	for {
		until, end := c.step()
		if end != "" {
			l.close()
			return end
		}
		if end := l.clock.until(l.ctx, until, c.wake); end != "" {
			return end
		}
	}
}

// step starts what is to start. It says when there will be something to do again, or
// that the schedule is over.
func (c *closedSource) step() (until time.Time, end LoadEnd) {
	now := time.Now()
	l := c.load
	l.mu.Lock()
	until, over := c.plan(now)
	var chain *flight
	if !over {
		chain = c.fill(now)
	}
	switch {
	case c.exhausted:
		end = EndExhausted
	case over, c.done() && l.inFlight == 0:
		end = EndSchedule
	}
	l.mu.Unlock()
	l.proceed(chain)
	return until, end
}

// plan settles how many users there should be, and until when. The lock is held.
func (c *closedSource) plan(now time.Time) (until time.Time, over bool) {
	until = now.Add(tick)
	if c.users == nil {
		c.wanted = len(c.active)
		return until, false
	}
	begin := c.load.begin
	elapsed := now.Sub(begin)
	c.wanted = c.users.Count(elapsed)
	if at, ok := c.users.Next(elapsed); ok && begin.Add(at).Before(until) {
		until = begin.Add(at)
	}
	if last := begin.Add(c.users.Duration()); last.Before(until) {
		until = last
	}
	return until, elapsed >= c.users.Duration()
}

// fill gives the iterations of users that have nothing to do. The lock is held.
func (c *closedSource) fill(now time.Time) (chain *flight) {
	last := &chain
	for user := range c.wanted {
		if c.active[user] || c.users != nil && !c.part().Owns(uint64(user)) {
			continue
		}
		if f := c.start(user, now); f != nil {
			*last, last = f, &f.next
		}
	}
	return chain
}

func (c *closedSource) part() pace.Part { return c.load.opts.Part }

// done reports whether no iteration is left to start.
func (c *closedSource) done() bool { return c.users == nil && c.next >= c.load.plan.Iterations }

// start gives the next iteration of a user, nil when there is none, or no row for it.
func (c *closedSource) start(user int, now time.Time) *flight {
	l := c.load
	if l.over() || c.exhausted || c.done() {
		return nil
	}
	d := due{n: c.next, order: c.next, at: now.Sub(l.begin)}
	for _, set := range l.shareOf(d).datasets {
		if set.ends(d) {
			c.exhausted = true
			c.rouse()
			return nil
		}
	}
	c.next = c.part().After(c.next)
	l.schedule(d)
	f := l.admit(l.shareOf(d), d, user)
	if f == nil {
		l.drop(d, result.DropDataset)
		return nil
	}
	c.active[user] = true
	f.index = c.counts[user]
	c.counts[user]++
	return f
}

func (c *closedSource) follow(f *flight, _ *result.Iteration) *flight {
	user, now := f.place, time.Now()
	c.active[user] = false
	if c.users != nil {
		// The goroutine that walks the schedule may be a moment behind.
		c.wanted = c.users.Count(now.Sub(c.load.begin))
	}
	if f.ran && user < c.wanted {
		if next := c.start(user, now); next != nil {
			return next
		}
	}
	if c.done() && c.load.inFlight == 0 {
		c.rouse()
	}
	return nil
}

// rouse wakes the goroutine that walks the schedule.
func (c *closedSource) rouse() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *closedSource) waiting() int { return 0 }

func (c *closedSource) discard() { c.wanted = 0 }

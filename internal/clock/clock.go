// Package clock is time that can be frozen, moved and skewed, over a clock that
// nobody can move. It knows nothing of what waits for it. Start with Clock.
package clock

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

var (
	errBothWays  = errors.New("freeze and resume exclude each other")
	errBackwards = errors.New("advance is negative; set or skew take the time back")
	errRange     = errors.New("the time would leave the years 1970 to 2199")
)

// System is the time of the machine, the base of most clocks.
func System() time.Time { return time.Now() }

// Clock tells a time that runs with its base, or stands still. Its methods are safe
// for concurrent use.
//
// Two things part it from the base. What it is ahead is the sum of its jumps: to
// advance it is to let time pass at once, and it stays passed. The skew is a constant
// error of what the clock takes for the time, as of a machine that was set wrong: it
// is added to all the clock tells, also while it is frozen, may be negative, and goes
// when it is set to 0. Whatever compares two times of one clock sees the jumps; a
// skew is seen where its times meet those of somebody else.
type Clock struct {
	base func() time.Time
	set  atomic.Pointer[setting]

	mu    sync.Mutex // held while the clock is moved; guards moved
	moved chan struct{}
}

// setting is what a clock makes of its base. It does not change.
type setting struct {
	frozen bool
	at     time.Time     // where it stands if frozen, without the skew
	ahead  time.Duration // of the base if not frozen
	skew   time.Duration
}

func (s *setting) now(base time.Time) time.Time {
	if s.frozen {
		return s.at.Add(s.skew)
	}
	return base.Add(s.ahead + s.skew)
}

// New is a clock that runs with its base, which must be safe for concurrent use and
// tell a time of the years 1970 to 2199.
func New(base func() time.Time) *Clock {
	c := &Clock{base: base, moved: make(chan struct{})}
	c.set.Store(&setting{})
	return c
}

// Now is the time of the clock.
func (c *Clock) Now() time.Time {
	s := c.set.Load()
	if s.frozen {
		return s.at.Add(s.skew)
	}
	return s.now(c.base())
}

// At is what the clock tells, set as it is, when its base tells a time.
func (c *Clock) At(base time.Time) time.Time { return c.set.Load().now(base) }

// Moved is closed when the clock is moved after the call: who asks for it first and
// for the time then misses no move.
func (c *Clock) Moved() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.moved
}

// State is what a clock tells and why.
type State struct {
	Now    time.Time     // with the skew
	Frozen bool          // whether it stands still
	Ahead  time.Duration // of the base, without the skew
	Skew   time.Duration
}

// State is the clock at this moment.
func (c *Clock) State() State { return c.set.Load().state(c.base()) }

func (s *setting) state(base time.Time) State {
	ahead := s.ahead
	if s.frozen {
		ahead = s.at.Sub(base)
	}
	return State{Now: s.now(base), Frozen: s.frozen, Ahead: ahead, Skew: s.skew}
}

// Move says how a clock is moved. Everything in it happens in one moment, in the
// order of the fields.
type Move struct {
	Freeze  bool           // the clock stands still from this moment on
	Set     *time.Time     // the clock tells this time, its skew included
	Advance time.Duration  // the clock jumps forward; not negative
	Skew    *time.Duration // replaces the skew
	Resume  bool           // the clock runs on from where it stands
}

// Move moves the clock and tells where it is. With an error nothing has happened;
// its text is for whoever asked for the move.
func (c *Clock) Move(m Move) (State, error) {
	if m.Freeze && m.Resume {
		return State{}, errBothWays
	}
	if m.Advance < 0 {
		return State{}, errBackwards
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	base := c.base()
	s := *c.set.Load()
	if m.Freeze && !s.frozen {
		s.frozen, s.at, s.ahead = true, base.Add(s.ahead), 0
	}
	if m.Set != nil {
		s.jump(m.Set.Sub(s.now(base)))
	}
	s.jump(m.Advance)
	if m.Skew != nil {
		s.skew = *m.Skew
	}
	if m.Resume && s.frozen {
		s.frozen, s.at, s.ahead = false, time.Time{}, s.at.Sub(base)
	}
	if year := s.now(base).UTC().Year(); year < 1970 || year > 2199 {
		return State{}, errRange
	}
	c.replace(s)
	return s.state(base), nil
}

// Restore puts the clock where another one stood: it tells the time of the state, with
// its skew, and runs on from there unless that one was frozen. Ahead is not looked at; it
// follows from the base.
func (c *Clock) Restore(from State) error {
	s := setting{frozen: from.Frozen, skew: from.Skew}
	c.mu.Lock()
	defer c.mu.Unlock()
	base := c.base()
	if at := from.Now.Add(-from.Skew); s.frozen {
		s.at = at
	} else {
		s.ahead = at.Sub(base)
	}
	if year := s.now(base).UTC().Year(); year < 1970 || year > 2199 {
		return errRange
	}
	c.replace(s)
	return nil
}

// Reset makes the clock one that nobody has moved.
func (c *Clock) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.replace(setting{})
}

func (s *setting) jump(d time.Duration) {
	if s.frozen {
		s.at = s.at.Add(d)
	} else {
		s.ahead += d
	}
}

// replace is for a caller that holds the lock.
func (c *Clock) replace(s setting) {
	c.set.Store(&s)
	close(c.moved)
	c.moved = make(chan struct{})
}

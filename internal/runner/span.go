package runner

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// budgetError ends the time of a section. It tells a section that took too long
// from a run that was interrupted.
type budgetError struct {
	what string
	d    time.Duration
}

func (e *budgetError) Error() string { return fmt.Sprintf("%s of %s is used up", e.what, e.d) }

// span is the context of a section or of an attempt. It ends with its parent or at its
// deadline, and costs neither a timer nor a channel until somebody asks for Done: most
// requests look at the deadline alone.
//
// Its Err may tell that the time is up a moment before Done is closed. Like any
// context it is safe for concurrent use; begin and end belong to the iteration.
type span struct {
	parent   context.Context
	deadline time.Time // zero for none
	// inherited tells that the deadline is that of parent.
	inherited bool
	budget    *budgetError
	fate      atomic.Uint32
	// full is the context that stands in as soon as one is needed that tells by itself.
	full atomic.Pointer[fullContext]
}

type fullContext struct {
	context.Context
	cancel context.CancelFunc
}

// What a span came to. The first that is seen stays.
const (
	lasting uint32 = iota
	overdue
	stopped
	over // its owner is through with it
)

// begin starts a span now; d of 0 is no bound, and budget may be nil.
func (s *span) begin(parent context.Context, now time.Time, d time.Duration, budget *budgetError) {
	s.parent, s.budget, s.deadline, s.inherited = parent, budget, time.Time{}, false
	s.fate.Store(lasting)
	if d > 0 {
		s.deadline = now.Add(d)
	}
	if at, ok := parent.Deadline(); ok && (s.deadline.IsZero() || at.Before(s.deadline)) {
		s.deadline, s.inherited = at, true
	}
}

// end tells everybody who still listens. It reports whether the span may begin again:
// one whose Done was asked for may be in somebody's hands.
func (s *span) end() (reusable bool) {
	full := s.full.Load()
	if full == nil {
		return true
	}
	full.cancel()
	s.fate.CompareAndSwap(lasting, over)
	return false
}

// Deadline implements context.Context.
func (s *span) Deadline() (time.Time, bool) { return s.deadline, !s.deadline.IsZero() }

// Value implements context.Context.
func (s *span) Value(key any) any {
	if full := s.full.Load(); full != nil {
		return full.Value(key)
	}
	return s.parent.Value(key)
}

// Done implements context.Context.
func (s *span) Done() <-chan struct{} { return s.whole().Done() }

// AfterFunc saves the context package a goroutine for contexts made of this one.
func (s *span) AfterFunc(f func()) (stop func() bool) { return context.AfterFunc(s.whole(), f) }

func (s *span) whole() context.Context {
	if full := s.full.Load(); full != nil {
		return full
	}
	made := &fullContext{}
	if s.deadline.IsZero() {
		made.Context, made.cancel = context.WithCancel(s.parent)
	} else {
		made.Context, made.cancel = context.WithDeadline(s.parent, s.deadline)
	}
	if s.full.CompareAndSwap(nil, made) {
		return made
	}
	made.cancel()
	return s.full.Load()
}

// Err implements context.Context.
func (s *span) Err() error { return s.ErrAt(time.Now()) }

// ErrAt is Err at a time that is known already; it implements client.Clocked.
func (s *span) ErrAt(now time.Time) error {
	switch s.fate.Load() {
	case overdue:
		return context.DeadlineExceeded
	case over:
		return context.Canceled
	}
	err := s.parent.Err()
	late := !s.deadline.IsZero() && !now.Before(s.deadline)
	switch {
	case err != nil || late && s.inherited:
		s.fate.CompareAndSwap(lasting, stopped)
	case late:
		s.fate.CompareAndSwap(lasting, overdue)
	}
	if err == nil && late {
		err = context.DeadlineExceeded
	}
	return err
}

// leaves reports whether d can pass before the span ends.
func (s *span) leaves(now time.Time, d time.Duration) bool {
	return s.deadline.IsZero() || s.deadline.Sub(now) >= d
}

// ended gives the error of a section that is over.
func (it *iteration) ended() error { return it.span.ErrAt(it.now) }

// spent gives the budget that is used up, or nil.
func (it *iteration) spent() error {
	if it.ended() == nil || it.span.fate.Load() != overdue || it.span.budget == nil {
		return nil
	}
	return it.span.budget
}

// interrupted reports whether the run was stopped.
func (it *iteration) interrupted() bool {
	return it.ended() != nil && it.span.fate.Load() == stopped
}

package runner

import (
	"context"
	"sync"
)

// lot holds the parked iterations that the end of one context resumes. Coming and
// going costs the same however many there are. It is safe for concurrent use.
type lot struct {
	ctx  context.Context
	stop func() bool

	mu     sync.Mutex
	first  *iteration
	closed bool
}

// lotSeat is an iteration's place in the list of its lot, which guards it.
type lotSeat struct {
	in         *lot
	prev, next *iteration
}

// lots are the lots of a run: one for each context that iterations were launched with.
type lots struct {
	mu  sync.Mutex
	all []*lot
}

// lot gives the one lot of a context.
func (r *run) lot(ctx context.Context) *lot {
	l := &r.lots
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, known := range l.all {
		if known.ctx == ctx {
			return known
		}
	}
	made := newLot(ctx)
	l.all = append(l.all, made)
	return made
}

// leave lets go of the contexts, when nothing runs any more.
func (l *lots) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, known := range l.all {
		known.stop()
	}
}

func newLot(ctx context.Context) *lot {
	l := &lot{ctx: ctx}
	l.stop = context.AfterFunc(ctx, l.close)
	return l
}

// add takes in an iteration. It refuses when the context has ended.
func (l *lot) add(it *iteration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	it.seat = lotSeat{in: l, next: l.first}
	if l.first != nil {
		l.first.seat.prev = it
	}
	l.first = it
	return true
}

// remove takes out an iteration if it is there.
func (l *lot) remove(it *iteration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if it.seat.in != l {
		return
	}
	if it.seat.prev != nil {
		it.seat.prev.seat.next = it.seat.next
	} else {
		l.first = it.seat.next
	}
	if it.seat.next != nil {
		it.seat.next.seat.prev = it.seat.prev
	}
	it.seat = lotSeat{}
}

// close resumes all, and lets nobody in any more.
func (l *lot) close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	for {
		it := l.take()
		if it == nil {
			return
		}
		it.wake()
	}
}

func (l *lot) take() *iteration {
	l.mu.Lock()
	defer l.mu.Unlock()
	it := l.first
	if it == nil {
		return nil
	}
	if l.first = it.seat.next; l.first != nil {
		l.first.seat.prev = nil
	}
	it.seat = lotSeat{}
	return it
}

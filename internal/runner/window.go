package runner

import (
	"sync"
	"time"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
)

// window lets so many requests go within any time of a length, and keeps the times of
// the last ones for it. It is safe for concurrent use.
type window struct {
	every time.Duration

	mu sync.Mutex
	// times is a ring of when the last requests went, or go; at is the oldest.
	times []time.Time
	at    int
}

func newWindow(requests int, every time.Duration) *window {
	return &window{every: every, times: make([]time.Time, max(requests, 1))}
}

// book implements [limit].
func (w *window) book(now time.Time) turn {
	w.mu.Lock()
	defer w.mu.Unlock()
	goes := now
	if oldest := w.times[w.at]; !oldest.IsZero() {
		if next := oldest.Add(w.every); next.After(goes) {
			goes = next
		}
	}
	t := &windowTurn{window: w, goes: goes, before: w.times[w.at]}
	w.times[w.at] = goes
	w.at = (w.at + 1) % len(w.times)
	return t
}

// quiet reports whether nothing that went is in the window any more.
func (w *window) quiet(now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	last := w.times[(w.at+len(w.times)-1)%len(w.times)]
	return !last.Add(w.every).After(now)
}

type windowTurn struct {
	window *window
	goes   time.Time
	// before is what the turn took the place of.
	before time.Time
}

func (t *windowTurn) DelayFrom(now time.Time) time.Duration { return max(t.goes.Sub(now), 0) }

// CancelAt gives back the turn if it is the last one. Another one leaves a gap: who
// booked after it was told a time already.
func (t *windowTurn) CancelAt(time.Time) {
	w := t.window
	w.mu.Lock()
	defer w.mu.Unlock()
	last := (w.at + len(w.times) - 1) % len(w.times)
	if w.times[last].Equal(t.goes) {
		w.times[last] = t.before
		w.at = last
	}
}

// windows are those of the identifiers of a class. An identifier whose window is quiet
// is forgotten, so that memory follows what is sent, not what was sent.
type windows struct {
	limit plan.IdentifierLimit

	mu    sync.Mutex
	by    map[string]*window
	sweep int // how many there may be before the quiet ones go
}

func newWindows(l plan.IdentifierLimit) *windows {
	return &windows{limit: l, by: map[string]*window{}, sweep: 1024}
}

// book books a turn for an identifier.
func (ws *windows) book(identifier string, now time.Time) turn {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	w := ws.by[identifier]
	if w == nil {
		if len(ws.by) >= ws.sweep {
			ws.forget(now)
		}
		w = newWindow(ws.limit.Requests, ws.limit.Every)
		ws.by[identifier] = w
	}
	return w.book(now)
}

func (ws *windows) forget(now time.Time) {
	for id, w := range ws.by {
		if w.quiet(now) {
			delete(ws.by, id)
		}
	}
	ws.sweep = max(1024, 2*len(ws.by))
}

// personal is the limit of one identifier.
type personal struct {
	windows    *windows
	identifier string
}

func (p personal) name() result.Limit { return result.LimitIdentifier }

// book implements [limit].
func (p personal) book(now time.Time) turn { return p.windows.book(p.identifier, now) }

package runner

import (
	"slices"
	"time"

	"github.com/authbench/authbench/internal/result"
)

// resume starts those that wait and whose rows are free, in the order in which they came.
func (d *dispatcher) resume() {
	d.waiting = slices.DeleteFunc(d.waiting, d.begin)
}

// rested gives when a row that somebody may wait for has rested, the zero time for never.
func (d *dispatcher) rested() (first time.Time) {
	if len(d.waiting) == 0 {
		return first
	}
	l := d.load
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, set := range d.datasets {
		if at, ok := set.rested(); ok && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first
}

// giveUp ends those that wait, when the run was stopped.
func (d *dispatcher) giveUp() {
	l := d.load
	for _, c := range d.waiting {
		l.mu.Lock()
		f := l.enter(l.flight(c.share, c.due, c.place))
		l.mu.Unlock()
		f.problem = &problem{outcome: result.Aborted, reason: result.ReasonCanceled, message: "canceled while another iteration had its row"}
		l.proceed(f)
	}
	d.waiting = nil
}

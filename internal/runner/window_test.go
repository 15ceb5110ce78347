package runner

import (
	"fmt"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/plan"
)

func TestWindow(t *testing.T) {
	t.Parallel()
	begin := time.Unix(1000, 0)
	at := func(s float64) time.Time { return begin.Add(time.Duration(s * float64(time.Second))) }
	w := newWindow(2, 10*time.Second)
	for i, tt := range []struct{ now, delay float64 }{{0, 0}, {1, 0}, {2, 8}, {3, 8}, {4, 16}, {40, 0}} {
		if got := w.book(at(tt.now)).DelayFrom(at(tt.now)); got != time.Duration(tt.delay*float64(time.Second)) {
			t.Errorf("turn %d, asked for at %gs, is in %s, want %gs", i, tt.now, got, tt.delay)
		}
	}
	// A turn that is given back goes to the next one who asks.
	w.book(at(41))
	turn := w.book(at(42))
	before := turn.DelayFrom(at(42))
	turn.CancelAt(at(43))
	if got := w.book(at(42)).DelayFrom(at(42)); got != before {
		t.Errorf("the turn that was given back is in %s, want %s", got, before)
	}
}

// No time of the window's length holds more requests than it lets go.
func TestWindowHolds(t *testing.T) {
	t.Parallel()
	const requests, every = 3, time.Minute
	w := newWindow(requests, every)
	now := time.Unix(1000, 0)
	var went []time.Time
	for i := range 200 {
		now = now.Add(time.Duration(i*i%37) * time.Second)
		turn := w.book(now)
		if i%11 == 5 {
			turn.CancelAt(now)
			continue
		}
		went = append(went, now.Add(turn.DelayFrom(now)))
	}
	for i := requests; i < len(went); i++ {
		if d := went[i].Sub(went[i-requests]); d < every {
			t.Fatalf("%d requests went within %s", requests+1, d)
		}
	}
}

func TestQuietIdentifiersAreForgotten(t *testing.T) {
	t.Parallel()
	ws := newWindows(plan.IdentifierLimit{Requests: 1, Every: time.Second})
	now := time.Unix(1000, 0)
	for i := range 20_000 {
		now = now.Add(10 * time.Millisecond)
		ws.book(fmt.Sprint("user-", i), now)
	}
	if len(ws.by) > 2000 {
		t.Errorf("%d identifiers are remembered, 100 are in the window", len(ws.by))
	}
}

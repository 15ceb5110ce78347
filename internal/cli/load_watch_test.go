package cli

import (
	"testing"
	"time"
)

// TestNothingIsDueAfterTheEnd: a run that was told to end must not be said to have fallen
// behind a schedule that it no longer follows.
func TestNothingIsDueAfterTheEnd(t *testing.T) {
	t.Parallel()
	w := &watch{}
	if got, want := w.asked(5*time.Second), 5*time.Second; got != want {
		t.Errorf("while it goes on: got %v, want %v", got, want)
	}
	w.ended(3 * time.Second)
	for elapsed, want := range map[time.Duration]time.Duration{2 * time.Second: 2 * time.Second, 8 * time.Second: 3 * time.Second} {
		if got := w.asked(elapsed); got != want {
			t.Errorf("at %v: got %v, want %v", elapsed, got, want)
		}
	}
}

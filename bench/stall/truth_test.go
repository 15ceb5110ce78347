package main

import (
	"testing"
	"time"
)

// A tenth of all waits, for 0 to 1 s with equal chance: 1 % of all waits longer than 0.9 s.
func TestTruth(t *testing.T) {
	t.Parallel()
	s := schedule{rate: 1000, period: 10 * time.Second, stall: time.Second, periods: 3}
	waits, dropped := s.meets(0)
	if got := quantile(waits, 0.99).Round(10 * time.Millisecond); got != 900*time.Millisecond || len(waits) != 30_000 || dropped != 0 {
		t.Errorf("p99 %s of %d, %d dropped", got, len(waits), dropped)
	}
	waits, dropped = s.meets(50)
	if got := quantile(waits, 0.99); got != 0 || len(waits) != 27_150 || dropped != 2850 {
		t.Errorf("with 50 in flight p99 %s of %d, %d dropped", got, len(waits), dropped)
	}
}

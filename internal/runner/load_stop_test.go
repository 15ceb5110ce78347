package runner_test

import (
	"context"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/steps"
)

// cleans makes a scenario whose teardown notes that it ran.
func cleans(t testing.TB, j *journal, d time.Duration) *plan.Scenario {
	t.Helper()
	down := step(t, result.Teardown, "down", j.noting("down", func() steps.Reply { return ok(nil) }), "id", `"down"`)
	return scenario("x", body(t, "a", lasts(d)), down)
}

// TestInterruptAccountsForAll is Ctrl-C in the middle: nothing more starts, what runs is
// canceled and cleaned up, and all that was due is in the account.
func TestInterruptAccountsForAll(t *testing.T) {
	t.Parallel()
	for _, overflow := range []plan.Overflow{plan.OverflowDrop, plan.OverflowQueue} {
		synctest.Test(t, func(t *testing.T) {
			var j journal
			sc := cleans(t, &j, 2*time.Second)
			l := profile(100, time.Hour, sc)
			l.MaxInFlight, l.Overflow = 50, overflow
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(10*time.Second+time.Millisecond, cancel)
			o := runLoadIn(t, stops{ctx, t.Context()}, planOf(sc), l, runner.LoadOptions{})
			if o.End != runner.EndInterrupted || o.Scheduled != 1000 || o.Aborted != 50 {
				t.Errorf("%s: got %+v", overflow, o.LoadAccount)
			}
			if o.Overall != 10*time.Second+time.Millisecond {
				t.Errorf("%s: it took %v", overflow, o.Overall)
			}
			if got, want := uint64(len(j.events)), o.Success+o.Aborted; got != want {
				t.Errorf("%s: %d teardowns of %d", overflow, got, want)
			}
		})
	}
}

// TestArrivalsThatWereDueAreDropped: a schedule that lags when it is interrupted owes
// an account of what it did not start.
func TestArrivalsThatWereDueAreDropped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sc := scenario("x", body(t, "a", succeeds("fake")))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		o := runLoadIn(t, stops{ctx, t.Context()}, planOf(sc), profile(100, time.Hour, sc), runner.LoadOptions{Start: time.Now().Add(-5 * time.Second)})
		if o.Scheduled != 500 || o.droppedFor(result.DropDeadline) != 500 {
			t.Errorf("got %+v, drops %+v", o.LoadCounts, o.Drops)
		}
	})
}

// TestVegetaStopIsSlow: at one arrival in three hours a stop takes no time.
func TestVegetaStopIsSlow(t *testing.T) {
	t.Parallel()
	for name, precise := range map[string]bool{"usual": false, "precise": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				sc := scenario("x", body(t, "a", succeeds("fake")))
				l := profile(1.0/10800, 24*time.Hour, sc)
				l.Precise = precise
				stop := make(chan struct{})
				time.AfterFunc(2*time.Hour, func() { close(stop) })
				o := runLoad(t, planOf(sc), l, runner.LoadOptions{Stop: stop})
				if o.End != runner.EndStopped || o.Success != 1 || o.Overall != 2*time.Hour {
					t.Errorf("got %+v", o.LoadAccount)
				}
			})
		})
	}
}

func TestStopIsGraceful(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lasts, grace     time.Duration
		success, aborted uint64
		overall          time.Duration
	}{
		"all end":     {10 * time.Second, time.Minute, 300, 0, 39950 * time.Millisecond},
		"some do not": {10 * time.Second, 5 * time.Second, 250, 50, 35 * time.Second},
		"no grace":    {10 * time.Second, 0, 200, 100, 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var j journal
				sc := cleans(t, &j, c.lasts)
				l := profile(10, time.Hour, sc)
				l.GracefulStop = c.grace
				stop := make(chan struct{})
				time.AfterFunc(30*time.Second, func() { close(stop) })
				o := runLoad(t, planOf(sc), l, runner.LoadOptions{Stop: stop})
				if o.Success != c.success || o.Aborted != c.aborted || o.Scheduled != 300 || o.End != runner.EndStopped || o.Overall != c.overall {
					t.Errorf("got %+v in %v", o.LoadCounts, o.Overall)
				}
				if len(j.events) != 300 {
					t.Errorf("%d teardowns of 300", len(j.events))
				}
			})
		})
	}
}

// TestSecondInterruptEndsTeardown: after it nothing is waited for.
func TestSecondInterruptEndsTeardown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sc := scenario("x", body(t, "a", lasts(time.Minute)), step(t, result.Teardown, "down", lasts(20*time.Second)))
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		cleanup, quit := context.WithTimeout(t.Context(), 15*time.Second)
		defer quit()
		o := runLoadIn(t, stops{ctx, cleanup}, planOf(sc), profile(10, time.Hour, sc), runner.LoadOptions{})
		if o.Aborted != 100 || o.Overall != 15*time.Second {
			t.Errorf("got %+v in %v", o.LoadCounts, o.Overall)
		}
	})
}

// TestSoakKeepsMemoryFlat is a long run in virtual time, of which nothing may stay. It runs
// alone: the heap is everybody's.
//
//nolint:paralleltest // the heap is that of the process
func TestSoakKeepsMemoryFlat(t *testing.T) {
	sc := scenario("x", body(t, "a", lasts(200*time.Millisecond)))
	l := profile(5, soak, sc)
	l.Poisson, l.MaxInFlight = true, 3
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	synctest.Test(t, func(t *testing.T) {
		var early uint64
		begin, marked := time.Now(), false
		account, err := runner.RunLoad(t.Context(), t.Context(), planOf(sc), l, runner.Environment{}, runner.LoadOptions{
			Drop: func(result.Drop) {
				if !marked && time.Since(begin) > 6*time.Minute {
					early, marked = heap(), true
				}
			},
		})
		if err != nil || account.Scheduled != account.Sum() || account.Scheduled < uint64(soak/time.Second)*47/10 {
			t.Fatalf("got %+v, %v", account.LoadCounts, err)
		}
		if late := heap(); late > early+16<<20 {
			t.Errorf("the heap grew from %d to %d bytes", early, late)
		}
	})
}

package runner_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/runner"
)

// TestNothingBeginsBeforeStart: the time until then is for making ready, whatever the
// profile.
func TestNothingBeginsBeforeStart(t *testing.T) {
	t.Parallel()
	const ahead = 50 * time.Millisecond
	for name, of := range map[string]func(sc *plan.Scenario) *plan.Load{
		"open":   func(sc *plan.Scenario) *plan.Load { return profile(1000, time.Second, sc) },
		"closed": func(sc *plan.Scenario) *plan.Load { return iterations(sc, 100, 10) },
	} {
		synctest.Test(t, func(t *testing.T) {
			sc := scenario("x", body(t, "a", lasts(time.Millisecond)))
			start := time.Now().Add(ahead)
			o := runLoad(t, planOf(sc), of(sc), runner.LoadOptions{Start: start})
			first := time.Now()
			for _, it := range o.iterations {
				if it.Start.Before(first) {
					first = it.Start
				}
			}
			if first.Before(start) || first.Sub(start) > time.Millisecond || o.Scheduled != o.Success || o.Success == 0 || !o.Start.Equal(start) {
				t.Errorf("%s: the first began %s after the start, %+v", name, first.Sub(start), o.LoadCounts)
			}
			stop := make(chan struct{})
			close(stop)
			if o := runLoad(t, planOf(sc), of(sc), runner.LoadOptions{Start: time.Now().Add(ahead), Stop: stop}); o.Scheduled != 0 || o.End != runner.EndStopped || o.Schedule != 0 {
				t.Errorf("%s: stopped before the start, %+v", name, o.LoadAccount)
			}
		})
	}
}

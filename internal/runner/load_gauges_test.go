package runner_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/runner"
)

func TestGaugesTellHowARunStands(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sc := scenario("x", body(t, "a", lasts(20*time.Second)))
		l := profile(10, 10*time.Second, sc)
		l.MaxInFlight, l.Overflow = 30, plan.OverflowQueue
		var g, other runner.Gauges
		if d := cmp.Diff(g.Read(time.Now()), runner.Gauge{}); d != "" {
			t.Errorf("before the run (-got +want):\n%s", d)
		}
		time.AfterFunc(4*time.Second, func() {
			want := runner.Gauge{
				Elapsed: 4 * time.Second, Left: 6 * time.Second, Scheduled: 40, Started: 30, InFlight: 30, Queued: 10, Wanted: 10,
			}
			if d := cmp.Diff(g.Read(time.Now()), want); d != "" {
				t.Errorf("(-got +want):\n%s", d)
			}
		})
		runLoad(t, planOf(sc), l, runner.LoadOptions{Gauges: &g})

		sc.Serial = "one"
		time.AfterFunc(4*time.Second, func() {
			if got := other.Read(time.Now()); got.Users != 5 || got.InFlight != 5 || got.Parked != 4 {
				t.Errorf("users: got %+v", got)
			}
		})
		runLoad(t, planOf(sc), users(sc, plan.Users{Count: 5}, plan.Users{Count: 5, Over: 10 * time.Second}), runner.LoadOptions{Gauges: &other})
	})
}

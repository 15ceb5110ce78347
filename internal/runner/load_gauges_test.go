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

// TestGaugesKeepTheMost has iterations that are shorter than anybody reads.
func TestGaugesKeepTheMost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sc := scenario("x", body(t, "a", lasts(time.Millisecond)))
		var g runner.Gauges
		type most struct{ InFlight, Parked int }
		read := func(g *runner.Gauges) most {
			g.Read(time.Now()) // takes nothing away
			inFlight, parked, _ := g.Most()
			return most{inFlight, parked}
		}
		time.AfterFunc(1500*time.Millisecond, func() {
			if got, want := read(&g), (most{1, 0}); got != want {
				t.Errorf("one at a time: got %+v, want %+v", got, want)
			}
			if got, want := read(&g), (most{}); got != want {
				t.Errorf("since then: got %+v, want %+v", got, want)
			}
		})
		runLoad(t, planOf(sc), profile(10, 2*time.Second, sc), runner.LoadOptions{Gauges: &g})
		if got, want := read(&g), (most{1, 0}); got != want {
			t.Errorf("at the end: got %+v, want %+v", got, want)
		}

		serial := scenario("y", body(t, "a", lasts(time.Millisecond)))
		serial.Serial = "one"
		var grouped, waiting runner.Gauges
		runLoad(t, planOf(serial), users(serial, plan.Users{Count: 5}, plan.Users{Count: 5, Over: time.Second}), runner.LoadOptions{Gauges: &grouped})
		if got, want := read(&grouped), (most{5, 4}); got != want {
			t.Errorf("a serial group: got %+v, want %+v", got, want)
		}

		waits := scenario("z", body(t, "a", pauses(time.Millisecond)))
		runLoad(t, planOf(waits), profile(10, time.Second, waits), runner.LoadOptions{Gauges: &waiting})
		if got, want := read(&waiting), (most{1, 1}); got != want {
			t.Errorf("a wait: got %+v, want %+v", got, want)
		}
	})
}

// TestGaugesTellWhoAwaitsAFixture from who runs, for whom it stands.
func TestGaugesTellWhoAwaitsAFixture(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var j journal
		var g runner.Gauges
		sc := visits(t, &j, session(t, &j, false), time.Hour)
		for at, want := range map[time.Duration][2]int{870 * time.Millisecond: {9, 9}, 1870 * time.Millisecond: {19, 0}} {
			time.AfterFunc(at, func() {
				if inFlight, _, awaiting := g.Most(); inFlight != want[0] || awaiting != want[1] {
					t.Errorf("after %v: %d in flight, %d await, want %v", at, inFlight, awaiting, want)
				}
			})
		}
		runLoad(t, planOf(sc), profile(10, 2*time.Second, sc), runner.LoadOptions{Gauges: &g})
		if _, _, awaiting := g.Most(); awaiting != 0 {
			t.Errorf("at the end: %d", awaiting)
		}
	})
}

package runner_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/pace"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/runner"
)

// users is a closed profile.
func users(sc *plan.Scenario, stages ...plan.Users) *plan.Load {
	return &plan.Load{
		Name: "test", MaxInFlight: 1000, GracefulStop: time.Minute, VUs: stages,
		Mix: []plan.Share{{Name: sc.Name, Scenarios: []*plan.Scenario{sc}, Weight: 1}},
	}
}

func iterations(sc *plan.Scenario, n uint64, at int) *plan.Load {
	l := users(sc)
	l.Iterations, l.MaxInFlight = n, at
	return l
}

func TestUsersRunOneAfterTheOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sc := scenario("x", body(t, "a", lasts(time.Second)))
		begin := time.Now()
		// Two users come at 1 s and 3 s, one leaves right after 13 s, the other at 14 s.
		o := runLoad(t, planOf(sc), users(sc,
			plan.Users{Count: 2, Over: 4 * time.Second}, plan.Users{Count: 2, Over: 8 * time.Second}, plan.Users{Count: 1, Over: 2 * time.Second},
		), runner.LoadOptions{})
		type run struct {
			VU       int
			At, Late time.Duration
		}
		byUser := map[int][]run{}
		for _, it := range o.iterations {
			byUser[it.VU] = append(byUser[it.VU], run{it.VU, it.Start.Sub(begin), it.Lateness})
		}
		want := map[int][]run{}
		for s := 1; s < 14; s++ {
			want[0] = append(want[0], run{0, time.Duration(s) * time.Second, 0})
		}
		for s := 3; s <= 13; s++ {
			want[1] = append(want[1], run{1, time.Duration(s) * time.Second, 0})
		}
		if d := cmp.Diff(byUser, want); d != "" {
			t.Errorf("(-got +want):\n%s", d)
		}
		if o.Schedule != 14*time.Second || o.End != runner.EndSchedule {
			t.Errorf("got %+v", o.LoadAccount)
		}
	})
}

func TestUsersThatLeaveEndTheirIteration(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sc := scenario("x", body(t, "a", lasts(9*time.Second)))
		l := users(sc, plan.Users{Count: 10}, plan.Users{Count: 10, Over: 5 * time.Second}, plan.Users{}, plan.Users{Over: 10 * time.Second})
		if o := runLoad(t, planOf(sc), l, runner.LoadOptions{}); o.Success != 10 || o.Scheduled != 10 {
			t.Errorf("got %+v", o.LoadCounts)
		}
		l.GracefulStop, l.VUs = time.Second, l.VUs[:2]
		if o := runLoad(t, planOf(sc), l, runner.LoadOptions{}); o.Aborted != 10 || o.Overall != 6*time.Second {
			t.Errorf("got %+v in %v", o.LoadCounts, o.Overall)
		}
	})
}

func TestIterationsAreRunSoManyAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sc := scenario("x", body(t, "a", lasts(time.Second)))
		o := runLoad(t, planOf(sc), iterations(sc, 25, 10), runner.LoadOptions{})
		if o.Success != 25 || o.Overall != 3*time.Second || o.End != runner.EndSchedule {
			t.Errorf("got %+v", o.LoadAccount)
		}
		for n, id := range o.ids() {
			if id != uint64(n) {
				t.Fatalf("iteration %d has number %d", n, id)
			}
		}
		if o := runLoad(t, planOf(sc), iterations(sc, 3, 1000), runner.LoadOptions{}); o.Success != 3 || o.Overall != time.Second {
			t.Errorf("got %+v", o.LoadAccount)
		}
	})
}

func TestClosedProfilesStop(t *testing.T) {
	t.Parallel()
	for name, of := range map[string]func(*plan.Scenario) *plan.Load{
		"users": func(sc *plan.Scenario) *plan.Load {
			return users(sc, plan.Users{Count: 5}, plan.Users{Count: 5, Over: time.Hour})
		},
		"iterations": func(sc *plan.Scenario) *plan.Load { return iterations(sc, 1e9, 5) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				sc := scenario("x", body(t, "a", lasts(2*time.Second)))
				stop := make(chan struct{})
				time.AfterFunc(9*time.Second, func() { close(stop) })
				o := runLoad(t, planOf(sc), of(sc), runner.LoadOptions{Stop: stop})
				if o.Success != 25 || o.End != runner.EndStopped || o.Overall != 10*time.Second {
					t.Errorf("stopped: got %+v", o.LoadAccount)
				}
				ctx, cancel := context.WithTimeout(t.Context(), 9*time.Second)
				defer cancel()
				o = runLoadIn(t, stops{ctx, t.Context()}, planOf(sc), of(sc), runner.LoadOptions{})
				if o.Success != 20 || o.Aborted != 5 || o.End != runner.EndInterrupted || o.Overall != 9*time.Second {
					t.Errorf("interrupted: got %+v", o.LoadAccount)
				}
			})
		})
	}
}

// TestPartsShareUsers: every user belongs to one part, and no number comes twice.
func TestPartsShareUsers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sc := scenario("x", body(t, "a", lasts(time.Second)))
		seen, vus := map[uint64]bool{}, map[int]int{}
		for i := range 3 {
			part, err := pace.NewPart(i, 3)
			if err != nil {
				t.Fatal(err)
			}
			o := runLoad(t, planOf(sc), users(sc, plan.Users{Count: 7}, plan.Users{Count: 7, Over: 9500 * time.Millisecond}), runner.LoadOptions{Part: part})
			for _, it := range o.iterations {
				if seen[it.ID] {
					t.Errorf("number %d comes twice", it.ID)
				}
				seen[it.ID] = true
				vus[it.VU]++
			}
		}
		if len(vus) != 7 || len(seen) != 70 {
			t.Errorf("%d users ran %d iterations", len(vus), len(seen))
		}
	})
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	sc := scenario("x", body(t, "a", succeeds("fake")))
	crowd := users(sc, plan.Users{Count: 2000, Over: time.Second})
	huge, none := profile(1e9, time.Hour, sc), profile(1, time.Second)
	full := profile(1, time.Second, sc)
	full.MaxInFlight = 0
	for name, c := range map[string]struct {
		profile *plan.Load
		want    string
	}{
		"users beyond max_in_flight": {crowd, "load test: 2000 users do not fit into max_in_flight, which is 1000"},
		"arrivals without bound":     {huge, "load test: stage 2: the schedule comes to more than 10000000000 arrivals"},
		"no room":                    {full, "load test: max_in_flight is 0"},
		"no scenario":                {none, "load test: its mix holds no scenario"},
	} {
		_, err := runner.RunLoad(t.Context(), t.Context(), planOf(sc), c.profile, runner.Environment{}, runner.LoadOptions{})
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
}

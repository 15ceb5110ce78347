package runner_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/steps"
)

// session is a fixture whose sign-in takes a second and gives an id, and whose teardown
// is noted.
func session(t testing.TB, j *journal, perUser bool) *plan.Fixture {
	t.Helper()
	signin := kind("signin", func(ctx context.Context, _ *steps.Env, args steps.Args) steps.Reply {
		j.add("sign in " + args.String("id"))
		return after(ctx, time.Second)
	})
	flow := scenario("session",
		body(t, "signin", signin, "id", `"user-${vu.id}"`),
		step(t, result.Teardown, "signout", j.noting("signout", func() steps.Reply { return ok(nil) }), "id", `"sign out ${step.signin.id}"`))
	flow.Teardown[0].Needs = []plan.StepRef{{Name: "signin"}}
	flow.Address = "fixture.session"
	flow.Outputs = []plan.Output{{Name: "id", Value: expr(t, `step.signin.id`)}, {Name: "jwt", Value: text("top-secret"), Sensitive: true}}
	return &plan.Fixture{Name: "session", PerUser: perUser, Flow: flow}
}

// visits makes a scenario that uses the fixture.
func visits(t testing.TB, j *journal, fx *plan.Fixture, d time.Duration) *plan.Scenario {
	t.Helper()
	k := kind("visit", func(ctx context.Context, _ *steps.Env, args steps.Args) steps.Reply {
		j.add("visit as " + args.String("id"))
		if args.String("token") != "top-secret" {
			return refusal(401, "E1")
		}
		return after(ctx, d)
	})
	sc := scenario("x", body(t, "a", k, "id", `fixture.session.id`, "token", `fixture.session.jwt`))
	sc.Fixtures = []*plan.Fixture{fx}
	return sc
}

func TestFixtureOfARunStandsOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var j journal
		sc := visits(t, &j, session(t, &j, false), 10*time.Millisecond)
		o := runLoad(t, planOf(sc), profile(10, 3*time.Second, sc), runner.LoadOptions{})
		if o.Success != 30 || len(o.fixtures) != 1 || o.fixtures[0].Outcome != result.Success {
			t.Fatalf("got %+v, fixtures %+v", o.LoadCounts, o.fixtures)
		}
		want := append([]string{"sign in user-0"}, slices.Repeat([]string{"visit as user-0"}, 30)...)
		if d := cmp.Diff(j.events, append(want, "sign out user-0")); d != "" {
			t.Errorf("(-got +want):\n%s", d)
		}
		// The users who came meanwhile waited for it, which is no lateness of ours.
		for _, it := range o.iterations {
			wait := max(0, time.Second-time.Duration(it.ID)*100*time.Millisecond)
			if it.Lateness != wait || it.Queued != wait || it.Duration != 10*time.Millisecond || it.Start.Sub(it.Intended) != wait {
				t.Errorf("iteration %d: late %v, queued %v, took %v, started %v after its intended start, want %v",
					it.ID, it.Lateness, it.Queued, it.Duration, it.Start.Sub(it.Intended), wait)
			}
		}
	})
}

func TestFixtureOfAUserStandsForEach(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var j journal
		sc := visits(t, &j, session(t, &j, true), time.Second)
		o := runLoad(t, planOf(sc), users(sc, plan.Users{Count: 3}, plan.Users{Count: 3, Over: 9500 * time.Millisecond}), runner.LoadOptions{})
		if o.Success != 27 || len(o.fixtures) != 3 {
			t.Fatalf("got %+v, %d fixtures", o.LoadCounts, len(o.fixtures))
		}
		count := map[string]int{}
		for _, e := range j.events {
			count[e]++
		}
		want := map[string]int{}
		for i := range 3 {
			want[fmt.Sprintf("sign in user-%d", i)] = 1
			want[fmt.Sprintf("visit as user-%d", i)] = 9
			want[fmt.Sprintf("sign out user-%d", i)] = 1
		}
		if d := cmp.Diff(count, want); d != "" {
			t.Errorf("(-got +want):\n%s", d)
		}
	})
}

// TestFixtureThatFailsIsTriedAgain: those that waited are errors, the next one tries.
func TestFixtureThatFailsIsTriedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var j journal
		var tries atomic.Int32
		fx := session(t, &j, false)
		flaky := kind("signin", func(ctx context.Context, _ *steps.Env, _ steps.Args) steps.Reply {
			r := after(ctx, 990*time.Millisecond)
			if tries.Add(1) == 1 {
				return refusal(503, "")
			}
			return r
		})
		fx.Flow.Body[0] = body(t, "signin", flaky, "id", `"user-${vu.id}"`)
		sc := visits(t, &j, fx, 10*time.Millisecond)
		o := runLoad(t, planOf(sc), profile(10, 5*time.Second, sc), runner.LoadOptions{})
		if o.Error != 10 || o.Success != 40 || len(o.fixtures) != 2 {
			t.Errorf("got %+v, %d fixtures", o.LoadCounts, len(o.fixtures))
		}
		for _, it := range o.iterations[:10] {
			if it.Reason != result.ReasonSetup || it.Message != "fixture session: step signin: "+o.fixtures[0].Message {
				t.Errorf("iteration %d: %s, %s", it.ID, it.Reason, it.Message)
			}
		}
	})
}

// TestInterruptDuringAFixture: what waits for it is aborted, and it is cleaned up.
func TestInterruptDuringAFixture(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var j journal
		sc := visits(t, &j, session(t, &j, true), time.Second)
		for cut, want := range map[time.Duration]runner.LoadCounts{
			1001 * time.Millisecond: {Scheduled: 10, Aborted: 10},
			2500 * time.Millisecond: {Scheduled: 25, Success: 5, Aborted: 20},
		} {
			j.events = nil
			ctx, cancel := context.WithTimeout(t.Context(), cut)
			o := runLoadIn(t, stops{ctx, t.Context()}, planOf(sc), profile(10, time.Hour, sc), runner.LoadOptions{})
			cancel()
			if o.LoadCounts != want || o.Overall != cut {
				t.Errorf("after %v: got %+v in %v", cut, o.LoadCounts, o.Overall)
			}
			up := 0
			for _, fx := range o.fixtures {
				if fx.Outcome == result.Success {
					up++
				}
			}
			out := 0
			for _, e := range j.events {
				if strings.HasPrefix(e, "sign out") {
					out++
				}
			}
			if up != out {
				t.Errorf("after %v: %d fixtures stood, %d were taken down", cut, up, out)
			}
		}
	})
}

// TestUsersWithoutFixtureRest: a fixture that fails at once makes no user spin.
func TestUsersWithoutFixtureRest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var j journal
		fx := session(t, &j, true)
		fx.Flow.Body[0] = body(t, "signin", always("signin", func() steps.Reply { return refusal(503, "") }), "id", `"x"`)
		sc := visits(t, &j, fx, time.Second)
		o := runLoad(t, planOf(sc), users(sc, plan.Users{Count: 3}, plan.Users{Count: 3, Over: time.Second}), runner.LoadOptions{})
		if o.Error != o.Scheduled || o.Error < 3 || o.Error > 33 {
			t.Errorf("got %+v", o.LoadCounts)
		}
	})
}

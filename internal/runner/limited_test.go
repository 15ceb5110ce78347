package runner_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/steps"
)

// What is waited for a limit is told by the limit, as a part of the wait.
func TestWaitsAreToldByTheirLimit(t *testing.T) {
	t.Parallel()
	slow := kind("fake", func(context.Context, *steps.Env, steps.Args) steps.Reply {
		<-time.After(time.Second)
		return ok(nil)
	})
	tests := map[string]struct {
		limits plan.Limits
		kind   *steps.Kind
		limit  result.Limit
		waited time.Duration // of all
		backed int
	}{
		"requests":  {plan.Limits{RequestsPerSecond: 2, Burst: 1}, always("fake", good), result.LimitRequests, 1500 * time.Millisecond, 0},
		"in flight": {plan.Limits{MaxRequestsInFlight: 1}, slow, result.LimitInFlight, 3 * time.Second, 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, env := limited(t, tc.limits, tc.kind)
			synctest.Test(t, func(t *testing.T) {
				var got result.Limited
				var all time.Duration
				for _, it := range run(t, p, env, runner.Options{Repeat: 3, Parallelism: 3}).iterations {
					for _, s := range it.Steps {
						all += s.Wait
						for i, d := range s.Limited {
							got[i] += d
						}
					}
				}
				var want result.Limited
				want[tc.limit] = tc.waited
				if got != want || all != tc.waited {
					t.Errorf("waited %v, %v in all, want %v", got, all, want)
				}
			})
		})
	}
}

// A 429 that is backed off from is counted, and closes the gate for everybody.
func TestBackoffsAreCounted(t *testing.T) {
	t.Parallel()
	asked := 0
	k := always("fake", func() steps.Reply {
		if asked++; asked == 1 {
			r := refusal(429, "")
			r.RetryAfter = 3 * time.Second
			return r
		}
		return good()
	})
	p, env := limited(t, plan.Limits{On429: "backoff"}, k)
	synctest.Test(t, func(t *testing.T) {
		s := run(t, p, env, runner.Options{}).first(t).Steps[0]
		if s.Backoffs != 1 || s.Limited[result.LimitRetryAfter] != 3*time.Second || s.Wait != 3*time.Second {
			t.Errorf("%d backoffs, %v of %v waited", s.Backoffs, s.Limited, s.Wait)
		}
	})
}

package runner_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/steps"
)

// limited makes a plan of one step that talks to a provider with limits.
func limited(t testing.TB, l plan.Limits, k *steps.Kind) (*plan.Plan, runner.Environment) {
	t.Helper()
	provider := &plan.Provider{Name: "descope", Limits: l}
	s := body(t, "s", k)
	s.Provider = provider
	return planOf(scenario("x", s)), runner.Environment{Conns: map[*plan.Provider]any{provider: nil}}
}

func TestRequestsPerSecond(t *testing.T) {
	t.Parallel()
	p, env := limited(t, plan.Limits{RequestsPerSecond: 10, Burst: 5}, succeeds("fake"))
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		o := run(t, p, env, runner.Options{Repeat: 105, Parallelism: 50})
		if got, want := time.Since(start), 10*time.Second; got != want {
			t.Errorf("105 requests at 10/s with a burst of 5 took %s, want %s", got, want)
		}
		for _, it := range o.iterations {
			if s := it.Steps[0]; s.Duration != 0 || it.Wait != s.Wait {
				t.Fatalf("the limiter's wait is in the duration: %s, wait %s and %s", s.Duration, s.Wait, it.Wait)
			}
		}
		if o.iterations[104].Wait == 0 {
			t.Error("the last iteration did not wait")
		}
	})
}

func TestLimiterBeyondScenarioTimeout(t *testing.T) {
	t.Parallel()
	p, env := limited(t, plan.Limits{RequestsPerSecond: 0.001}, succeeds("fake"))
	p.Scenarios[0].Timeout = time.Minute
	synctest.Test(t, func(t *testing.T) {
		o := run(t, p, env, runner.Options{Repeat: 2})
		if o.account.Success != 1 || o.account.Error != 1 {
			t.Fatalf("got %+v, want one success and one error", o.account)
		}
		for _, it := range o.iterations {
			if it.Outcome == result.Error && (it.Reason != result.ReasonTimeout || it.Steps[0].Attempts != 0) {
				t.Errorf("got %s after %d attempts: %s", it.Reason, it.Steps[0].Attempts, it.Message)
			}
		}
	})
}

func TestMaxRequestsInFlight(t *testing.T) {
	t.Parallel()
	var now, most atomic.Int32
	k := kind("fake", func(ctx context.Context, _ *steps.Env, _ steps.Args) steps.Reply {
		most.Store(max(most.Load(), now.Add(1)))
		defer now.Add(-1)
		<-time.After(time.Second)
		r := ok(nil)
		r.Duration = time.Second
		return r
	})
	p, env := limited(t, plan.Limits{MaxRequestsInFlight: 3}, k)
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		run(t, p, env, runner.Options{Repeat: 30, Parallelism: 30})
		if got := time.Since(start); most.Load() != 3 || got != 10*time.Second {
			t.Errorf("%d in flight, %s; want 3, 10s", most.Load(), got)
		}
	})
}

func TestMaxMessages(t *testing.T) {
	t.Parallel()
	var sent atomic.Int32
	k := always("fake", func() steps.Reply {
		sent.Add(1)
		return ok(nil)
	})
	k.Sends = func(steps.Args) string { return "sms" }
	p, env := limited(t, plan.Limits{MaxMessages: 7}, k)
	o := run(t, p, env, runner.Options{Repeat: 50, Parallelism: 8})
	if sent.Load() != 7 || o.account.Success != 7 || o.account.Error != 43 {
		t.Errorf("%d messages sent, %+v; want 7 and 43 errors", sent.Load(), o.account)
	}
	for _, it := range o.iterations {
		if want := "not sent: the provider's limit of 7 messages is used up"; it.Outcome == result.Error && it.Message != want {
			t.Errorf("got %q, want %q", it.Message, want)
		}
		if it.Outcome == result.Success && it.Steps[0].Sent != "sms" {
			t.Errorf("sent %q", it.Steps[0].Sent)
		}
	}
}

func TestOn429(t *testing.T) {
	t.Parallel()
	after := func() steps.Reply {
		r := refusal(429, "")
		r.RetryAfter = 3 * time.Second
		return r
	}
	tests := map[string]struct {
		on       string
		replies  []func() steps.Reply
		expect   string
		outcome  result.Outcome
		attempts int
		wait     time.Duration
	}{
		"fail":                   {"fail", []func() steps.Reply{after}, "", result.Failure, 1, 0},
		"fail by default":        {"", []func() steps.Reply{after}, "", result.Failure, 1, 0},
		"backoff":                {"backoff", []func() steps.Reply{after, status(429), good}, "", result.Success, 3, 5 * time.Second},
		"backoff within reason":  {"backoff", []func() steps.Reply{status(429)}, "", result.Failure, 9, 183 * time.Second},
		"backoff from an expect": {"backoff", []func() steps.Reply{after}, "429", result.Success, 1, 0},
		"observe":                {"observe", []func() steps.Reply{after}, "", result.Skipped, 1, 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, env := limited(t, plan.Limits{On429: tc.on}, sequence(tc.replies...))
			if tc.expect != "" {
				p.Scenarios[0].Body[0].Expect = &plan.Expect{Status: expr(t, tc.expect)}
			}
			p.Scenarios[0].Body = append(p.Scenarios[0].Body, body(t, "next", succeeds("fake")))
			synctest.Test(t, func(t *testing.T) {
				o := run(t, p, env, runner.Options{})
				got := o.step(t, "s")
				if got.Outcome != tc.outcome || got.Attempts != tc.attempts || got.Wait != tc.wait {
					t.Errorf("got %s, %d attempts, %s; want %s, %d, %s", got.Outcome, got.Attempts, got.Wait, tc.outcome, tc.attempts, tc.wait)
				}
				if it := o.first(t); it.Outcome != tc.outcome || (tc.outcome == result.Success) != (len(it.Steps) == 2) {
					t.Errorf("the iteration is %s with %d steps", it.Outcome, len(it.Steps))
				}
			})
		})
	}
}

// A plain request to a provider's address must not slip past that provider's limits.
func TestPlainRequestKeepsLimits(t *testing.T) {
	t.Parallel()
	k := succeeds("fake")
	k.Requests = func(steps.Args) []steps.Route { return []steps.Route{{Method: "GET", Path: "/"}} }
	for _, c := range []struct {
		url  string
		want time.Duration
	}{{"http://a.test:1/x", 10 * time.Second}, {"http://other.test/x", 0}} {
		plain := *k
		plain.URL = func(steps.Args) string { return c.url }
		p := planOf(scenario("x", body(t, "s", &plain)))
		p.Providers = []*plan.Provider{{
			Name: "descope", Limits: plan.Limits{RequestsPerSecond: 10, Burst: 1},
			Args: steps.ArgsOf(map[string]cty.Value{"base_url": cty.StringVal("http://a.test:1")}),
		}}
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			run(t, p, runner.Environment{}, runner.Options{Repeat: 101})
			if got := time.Since(start); got != c.want {
				t.Errorf("101 requests to %s took %s, want %s", c.url, got, c.want)
			}
		})
	}
}

package runner_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/steps"
)

// sequence makes a kind that replies in turn, the last one for ever.
func sequence(replies ...func() steps.Reply) *steps.Kind {
	n := -1
	return always("fake", func() steps.Reply {
		n = min(n+1, len(replies)-1)
		return replies[n]()
	})
}

func status(code int) func() steps.Reply {
	return func() steps.Reply { return refusal(code, "") }
}

func faulted(reason result.Reason) func() steps.Reply {
	return func() steps.Reply { return steps.Reply{Reason: reason, Message: string(reason), Start: time.Now()} }
}

func TestRetry(t *testing.T) {
	t.Parallel()
	limited := func() steps.Reply {
		r := refusal(429, "E130429")
		r.RetryAfter = 7 * time.Second
		return r
	}
	tests := map[string]struct {
		replies  []func() steps.Reply
		on       []string
		expect   string
		outcome  result.Outcome
		attempts int
		wait     time.Duration
	}{
		"repaired":            {[]func() steps.Reply{status(503), status(502), good}, []string{"5xx"}, "", result.Success, 3, 3 * time.Second},
		"used up":             {[]func() steps.Reply{status(503)}, []string{"503"}, "", result.Failure, 4, 7 * time.Second},
		"capped":              {[]func() steps.Reply{faulted(result.ReasonTimeout)}, []string{"timeout"}, "", result.Failure, 4, 7 * time.Second},
		"another failure":     {[]func() steps.Reply{status(404), good}, []string{"5xx", "timeout", "connection"}, "", result.Failure, 1, 0},
		"connection":          {[]func() steps.Reply{faulted(result.ReasonConnect), good}, []string{"connection"}, "", result.Success, 2, time.Second},
		"error code":          {[]func() steps.Reply{limited, good}, []string{"E130429"}, "", result.Success, 2, 7 * time.Second},
		"an expected refusal": {[]func() steps.Reply{status(503), good}, []string{"5xx"}, `503`, result.Success, 1, 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := body(t, "s", sequence(tc.replies...))
			s.Retry = &plan.Retry{Attempts: 4, On: tc.on, MinDelay: time.Second, MaxDelay: 4 * time.Second}
			if tc.expect != "" {
				s.Expect = &plan.Expect{Status: expr(t, tc.expect)}
			}
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				got := run(t, planOf(scenario("x", s)), runner.Environment{}, runner.Options{}).step(t, "s")
				if got.Outcome != tc.outcome || got.Attempts != tc.attempts || got.Wait != tc.wait || time.Since(start) != tc.wait {
					t.Errorf("got %s, %d attempts, %s wait in %s; want %s, %d, %s",
						got.Outcome, got.Attempts, got.Wait, time.Since(start), tc.outcome, tc.attempts, tc.wait)
				}
				if got.Outcome == result.Success && len(got.Diagnostics) != 0 {
					t.Errorf("a repaired failure left diagnostics: %v", got.Diagnostics)
				}
			})
		})
	}
}

func TestPoll(t *testing.T) {
	t.Parallel()
	n := func(n int64) func() steps.Reply {
		return func() steps.Reply { return ok(map[string]cty.Value{"n": cty.NumberIntVal(n)}) }
	}
	tests := map[string]struct {
		replies  []func() steps.Reply
		until    string
		outcome  result.Outcome
		reason   result.Reason
		attempts int
		wait     time.Duration
	}{
		"comes true":           {[]func() steps.Reply{n(1), n(2), n(3)}, `self.n == 3`, result.Success, "", 3, 4 * time.Second},
		"times out":            {[]func() steps.Reply{n(1)}, `self.n == 3`, result.Failure, result.ReasonTimeout, 6, 10 * time.Second},
		"failing until then":   {[]func() steps.Reply{status(404), n(3)}, `self.n + 0 == 3`, result.Success, "", 2, 2 * time.Second},
		"failing for ever":     {[]func() steps.Reply{status(404)}, `self.n == 3`, result.Failure, result.ReasonHTTP4xx, 6, 10 * time.Second},
		"makes no sense":       {[]func() steps.Reply{n(1)}, `self.nope`, result.Error, result.ReasonOther, 1, 0},
		"can not be asked":     {[]func() steps.Reply{n(1), func() steps.Reply { return steps.Reply{Unjudged: true, Reason: result.ReasonDNS} }}, `self.n == 3`, result.Error, result.ReasonDNS, 2, 2 * time.Second},
		"true at the first go": {[]func() steps.Reply{n(3)}, `self.n == 3`, result.Success, "", 1, 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := body(t, "s", sequence(tc.replies...))
			s.Poll = &plan.Poll{Until: expr(t, tc.until), Interval: 2 * time.Second, Timeout: 10 * time.Second}
			synctest.Test(t, func(t *testing.T) {
				got := run(t, planOf(scenario("x", s)), runner.Environment{}, runner.Options{}).step(t, "s")
				if got.Outcome != tc.outcome || got.Reason != tc.reason || got.Attempts != tc.attempts || got.Wait != tc.wait {
					t.Errorf("got %s %s, %d attempts, %s wait (%s); want %s %s, %d, %s",
						got.Outcome, got.Reason, got.Attempts, got.Wait, got.Message, tc.outcome, tc.reason, tc.attempts, tc.wait)
				}
			})
		})
	}
}

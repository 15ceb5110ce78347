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

func TestStepTimeout(t *testing.T) {
	t.Parallel()
	s := body(t, "s", takes(time.Hour))
	s.Timeout = 2 * time.Second
	synctest.Test(t, func(t *testing.T) {
		got := run(t, planOf(scenario("x", s)), runner.Environment{}, runner.Options{}).step(t, "s")
		if got.Outcome != result.Failure || got.Reason != result.ReasonTimeout || got.Duration != 2*time.Second {
			t.Errorf("got %s %s in %s", got.Outcome, got.Reason, got.Duration)
		}
	})
}

func TestScenarioTimeout(t *testing.T) {
	t.Parallel()
	first, second := body(t, "first", takes(4*time.Second)), body(t, "second", takes(4*time.Second))
	clean := step(t, result.Teardown, "clean", takes(time.Second))
	sc := scenario("x", first, second, clean)
	sc.Timeout = 6 * time.Second
	synctest.Test(t, func(t *testing.T) {
		o := run(t, planOf(sc), runner.Environment{}, runner.Options{})
		it := o.first(t)
		if it.Outcome != result.Failure || it.Reason != result.ReasonTimeout || it.Step != "second" || it.Duration != 6*time.Second {
			t.Errorf("got %s %s at %s after %s", it.Outcome, it.Reason, it.Step, it.Duration)
		}
		if got := o.step(t, "clean").Outcome; got != result.Success {
			t.Errorf("teardown is %s: its time is its own", got)
		}
	})
}

func TestTeardownBudget(t *testing.T) {
	t.Parallel()
	hung := step(t, result.Teardown, "hung", takes(time.Hour))
	hung.Timeout = time.Hour
	next := step(t, result.Teardown, "next", succeeds("fake"))
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		o := run(t, planOf(scenario("x", body(t, "s", succeeds("fake")), hung, next)), runner.Environment{}, runner.Options{})
		it := o.first(t)
		if got := time.Since(start); got != runner.DefaultTeardownTimeout {
			t.Errorf("teardown took %s", got)
		}
		if it.Outcome != result.Error || it.Reason != result.ReasonCleanup || it.Step != "hung" || !it.TeardownFailed || it.Duration != 0 {
			t.Errorf("got %s %s at %s after %s", it.Outcome, it.Reason, it.Step, it.Duration)
		}
		if got := o.step(t, "next"); got.Outcome != result.Failure || got.Message != "not started: the teardown's timeout of 30s is used up" {
			t.Errorf("got %s: %s", got.Outcome, got.Message)
		}
	})
}

func TestSoftStop(t *testing.T) {
	t.Parallel()
	first, second := body(t, "first", takes(2*time.Second)), body(t, "second", takes(2*time.Second))
	clean := step(t, result.Teardown, "clean", takes(time.Second))
	p := planOf(scenario("x", first, second, clean))
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
		defer cancel()
		start := time.Now()
		o := runIn(t, ctx, context.Background(), p, runner.Environment{}, runner.Options{Parallelism: 2, Repeat: 1000})
		// Two rounds of 5 s would end at 10 s; the second one is in its second step.
		if got, want := o.account, (runner.Account{Started: 4, Success: 2, Aborted: 2}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		if got := time.Since(start); got != 9*time.Second {
			t.Errorf("stopped after %s, want 9s: teardown still runs", got)
		}
		last := o.iterations[3]
		if last.Reason != result.ReasonCanceled || last.Step != "second" || last.Steps[2].Outcome != result.Success || last.TeardownFailed {
			t.Errorf("got %s at %s, teardown %s", last.Reason, last.Step, last.Steps[2].Outcome)
		}
	})
}

func TestSoftStopBetweenSteps(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	first := body(t, "first", always("fake", func() steps.Reply {
		cancel()
		return ok(nil)
	}))
	o := runIn(t, ctx, context.Background(), planOf(scenario("x", first, body(t, "second", succeeds("fake")))), runner.Environment{}, runner.Options{Repeat: 9, Parallelism: 1})
	it := o.first(t)
	if o.account.Started != 1 || it.Outcome != result.Aborted || it.Steps[0].Outcome != result.Success || len(it.Steps) != 1 {
		t.Errorf("got %+v, %s, %d steps", o.account, it.Outcome, len(it.Steps))
	}
}

func TestHardStop(t *testing.T) {
	t.Parallel()
	p := planOf(scenario("x", body(t, "s", takes(2*time.Second)),
		step(t, result.Teardown, "clean", takes(10*time.Second)), step(t, result.Teardown, "more", takes(10*time.Second))))
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		hard, kill := context.WithTimeout(t.Context(), 5*time.Second)
		defer kill()
		start := time.Now()
		o := runIn(t, ctx, hard, p, runner.Environment{}, runner.Options{Parallelism: 1, Repeat: 9})
		it := o.first(t)
		if got := time.Since(start); got != 5*time.Second {
			t.Errorf("stopped after %s, want 5s", got)
		}
		if it.Outcome != result.Aborted || it.Step != "clean" || !it.TeardownFailed || it.Steps[2].Outcome != result.Aborted {
			t.Errorf("got %s at %s, %+v", it.Outcome, it.Step, o.account)
		}
	})
}

func TestHardStopAloneStopsEverything(t *testing.T) {
	t.Parallel()
	p := planOf(scenario("x", body(t, "s", takes(time.Hour))))
	synctest.Test(t, func(t *testing.T) {
		hard, kill := context.WithTimeout(t.Context(), 5*time.Second)
		defer kill()
		o := runIn(t, t.Context(), hard, p, runner.Environment{}, runner.Options{Parallelism: 3, Repeat: 9})
		if want := (runner.Account{Started: 3, Aborted: 3}); o.account != want {
			t.Errorf("got %+v, want %+v", o.account, want)
		}
	})
}

func TestStopWhileWaitingForATurn(t *testing.T) {
	t.Parallel()
	p := planOf(scenario("x", body(t, "s", succeeds("fake"))))
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		start := time.Now()
		o := runIn(t, ctx, context.Background(), p, runner.Environment{}, runner.Options{Rate: 1.0 / 60, Repeat: 9})
		if time.Since(start) != 5*time.Second || o.account.Started != 1 {
			t.Errorf("stopped after %s with %+v", time.Since(start), o.account)
		}
	})
}

func TestStopWhileRepeating(t *testing.T) {
	t.Parallel()
	p, env := limited(t, plan.Limits{On429: "backoff"}, sequence(status(429)))
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(5*time.Second, cancel)
		o := runIn(t, ctx, context.Background(), p, env, runner.Options{})
		if it := o.first(t); it.Outcome != result.Aborted || it.Reason != result.ReasonCanceled {
			t.Errorf("got %s %s: %s", it.Outcome, it.Reason, it.Message)
		}
	})
}

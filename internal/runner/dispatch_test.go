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

// takes makes a kind that takes a while, unless it is canceled.
func takes(d time.Duration) *steps.Kind {
	return kind("fake", func(ctx context.Context, _ *steps.Env, _ steps.Args) steps.Reply {
		start := time.Now()
		select {
		case <-time.After(d):
			return steps.Reply{OK: true, Status: 200, Start: start, Duration: time.Since(start)}
		case <-ctx.Done():
			reason := result.ReasonCanceled
			if ctx.Err() == context.DeadlineExceeded {
				reason = result.ReasonTimeout
			}
			return steps.Reply{Reason: reason, Message: string(reason), Start: start, Duration: time.Since(start), Unjudged: reason == result.ReasonCanceled}
		}
	})
}

func TestRate(t *testing.T) {
	t.Parallel()
	p := planOf(scenario("x", body(t, "s", succeeds("fake"))))
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		o := run(t, p, runner.Environment{}, runner.Options{Rate: 50, Repeat: 200})
		if got, want := time.Since(start), 3980*time.Millisecond; got.Round(time.Millisecond) != want {
			t.Errorf("200 starts at 50/s took %s, want %s", got, want)
		}
		for i, it := range o.iterations {
			if got, want := it.Start.Sub(start), time.Duration(i)*20*time.Millisecond; got.Round(time.Millisecond) != want {
				t.Fatalf("iteration %d started after %s, want %s", i, got, want)
			}
		}
	})
}

func TestParallelism(t *testing.T) {
	t.Parallel()
	p := planOf(scenario("x", body(t, "s", takes(time.Second))))
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		run(t, p, runner.Environment{}, runner.Options{Parallelism: 4, Repeat: 40})
		if got := time.Since(start); got != 10*time.Second {
			t.Errorf("40 iterations of 1s, 4 at a time, took %s", got)
		}
	})
}

func TestIDsDoNotDependOnTiming(t *testing.T) {
	t.Parallel()
	var scenarios []*plan.Scenario
	for i, name := range []string{"a", "b", "c"} {
		sc := scenario(name, body(t, "s", takes(time.Duration(3-i)*time.Second), "id", `"${iteration.id} ${iteration.index} ${uuid()}"`))
		sc.Outputs = []plan.Output{{Name: "id", Value: expr(t, `step.s.id`)}}
		scenarios = append(scenarios, sc)
	}
	scenarios[1].Serial = "group"
	ids := func(opts runner.Options) []string {
		var out []string
		synctest.Test(t, func(t *testing.T) {
			for _, it := range run(t, planOf(scenarios...), runner.Environment{}, opts).iterations {
				out = append(out, fmt.Sprintf("%d %s %s", it.ID, it.Scenario, it.Outputs[0].Value))
			}
		})
		slices.Sort(out)
		return out
	}
	one := ids(runner.Options{Repeat: 4, Seed: 42, Parallelism: 1})
	if diff := cmp.Diff(ids(runner.Options{Repeat: 4, Seed: 42, Parallelism: 7}), one); diff != "" {
		t.Error(diff)
	}
	for i, got := range []string{"0 a ", "1 b ", "10 b ", "11 c ", "2 c ", "3 a "} {
		if !strings.HasPrefix(one[i], got) {
			t.Errorf("iteration %s, want %s", one[i], got)
		}
	}
	seventh := uint64(7)
	if diff := cmp.Diff(ids(runner.Options{Seed: 42, OnlyIteration: &seventh}), one[9:10]); diff != "" {
		t.Errorf("--iteration 7: %s", diff)
	}
}

// A number printed by a run of everything must reproduce when less is selected.
func TestIDsDoNotDependOnSelection(t *testing.T) {
	t.Parallel()
	all := planOf(scenario("a", body(t, "s", succeeds("fake"))), scenario("b", body(t, "s", succeeds("fake"))), scenario("c", body(t, "s", succeeds("fake"))))
	some := *all
	some.Scenarios = all.Scenarios[1:2]
	var got []uint64
	for _, it := range run(t, &some, runner.Environment{}, runner.Options{Repeat: 3}).iterations {
		got = append(got, it.ID)
	}
	slices.Sort(got)
	if diff := cmp.Diff(got, []uint64{1, 4, 7}); diff != "" {
		t.Error(diff)
	}
	some.Scenarios = all.Scenarios[:2]
	fourth, fifth := uint64(4), uint64(5)
	if o := run(t, &some, runner.Environment{}, runner.Options{OnlyIteration: &fourth}); o.first(t).ID != 4 {
		t.Errorf("got iteration %d, want 4", o.first(t).ID)
	}
	if _, err := runner.Run(t.Context(), t.Context(), []*plan.Plan{&some}, runner.Environment{}, runner.Options{OnlyIteration: &fifth}); err == nil {
		t.Error("an iteration of a scenario that is not selected must be refused")
	}
}

func TestSerial(t *testing.T) {
	t.Parallel()
	var inGroup, most atomic.Int32
	slow := kind("fake", func(context.Context, *steps.Env, steps.Args) steps.Reply {
		most.Store(max(most.Load(), inGroup.Add(1)))
		defer inGroup.Add(-1)
		<-time.After(time.Second)
		return ok(nil)
	})
	a, b := scenario("a", body(t, "s", slow)), scenario("b", body(t, "s", slow))
	a.Serial, b.Serial = "phone", "phone"
	free := scenario("free", body(t, "s", takes(time.Second)))
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		o := run(t, planOf(a, b, free), runner.Environment{}, runner.Options{Parallelism: 2, Repeat: 10})
		if most.Load() != 1 {
			t.Errorf("%d iterations of the group at a time", most.Load())
		}
		// The group takes one place for 20 s; the other place is not held by those that wait.
		if got := time.Since(start); got != 20*time.Second || o.account.Success != 30 {
			t.Errorf("took %s with %+v, want 20s", got, o.account)
		}
	})
}

func TestFailFast(t *testing.T) {
	t.Parallel()
	fails := body(t, "s", takes(time.Second))
	fails.Asserts = []plan.Assert{{Condition: expr(t, `iteration.id != 4`)}}
	p := planOf(scenario("x", fails))
	synctest.Test(t, func(t *testing.T) {
		o := run(t, p, runner.Environment{}, runner.Options{Parallelism: 3, Repeat: 100, FailFast: true})
		if got, want := o.account, (runner.Account{Started: 6, Success: 5, Failure: 1}); got != want && got.Started > 8 {
			t.Errorf("got %+v, want about %+v", got, want)
		}
		if o.account.Failure != 1 || o.account.Aborted != 0 {
			t.Errorf("got %+v: what runs must end as usual", o.account)
		}
	})
}

func TestSeveralPlans(t *testing.T) {
	t.Parallel()
	one, two := planOf(scenario("a", body(t, "s", succeeds("fake")))), planOf(scenario("b", body(t, "s", succeeds("fake"))))
	account, err := runner.Run(t.Context(), t.Context(), []*plan.Plan{one, two}, runner.Environment{}, runner.Options{Repeat: 3})
	if err != nil || account != (runner.Account{Started: 6, Success: 6}) {
		t.Errorf("got %+v, %v", account, err)
	}
	if account, err = runner.Run(t.Context(), t.Context(), nil, runner.Environment{}, runner.Options{}); err != nil || account.Started != 0 {
		t.Errorf("nothing to run: got %+v, %v", account, err)
	}
}

func TestMissingConnection(t *testing.T) {
	t.Parallel()
	p, _ := limited(t, plan.Limits{}, succeeds("fake"))
	_, err := runner.Run(t.Context(), t.Context(), []*plan.Plan{p}, runner.Environment{}, runner.Options{})
	if got, want := fmt.Sprint(err), "suite: scenario.x: step s: provider descope is not connected"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

package runner_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/steps"
)

// TestAccountAlwaysAddsUp runs random scenarios whose steps end at random, stops
// them at random, and checks that every iteration is accounted for, once.
func TestAccountAlwaysAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		var scenarios []*plan.Scenario
		var started, cleaned atomic.Int64
		for _, name := range []string{"a", "b", "c"}[:rapid.IntRange(1, 3).Draw(r, "scenarios")] {
			var all []*plan.Step
			for _, section := range rapid.SliceOfN(rapid.SampledFrom([]result.Section{result.Setup, result.Body, result.Teardown}), 0, 5).Draw(r, "steps") {
				s := step(t, section, "s", random(rapid.Uint64().Draw(r, "behaviour")))
				s.ContinueOnFailure = rapid.Bool().Draw(r, "continue")
				s.Timeout = 5 * time.Second
				all = append(all, s)
			}
			first := step(t, result.Setup, "first", always("fake", func() steps.Reply { started.Add(1); return ok(nil) }))
			last := step(t, result.Teardown, "last", always("fake", func() steps.Reply { cleaned.Add(1); return ok(nil) }))
			last.Needs = []plan.StepRef{{Name: "first"}}
			sc := scenario(name, append(append([]*plan.Step{first}, all...), last)...)
			sc.Serial = rapid.SampledFrom([]string{"", "", "one"}).Draw(r, "serial")
			scenarios = append(scenarios, sc)
		}
		opts := runner.Options{
			Parallelism: rapid.IntRange(1, 7).Draw(r, "parallelism"),
			Repeat:      rapid.IntRange(1, 20).Draw(r, "repeat"),
			FailFast:    rapid.IntRange(0, 3).Draw(r, "fail fast") == 0,
			Rate:        rapid.SampledFrom([]float64{0, 0, 3}).Draw(r, "rate"),
		}
		stop := time.Duration(rapid.IntRange(0, 60).Draw(r, "stop")) * time.Second
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			timer := time.AfterFunc(stop, cancel)
			defer timer.Stop()
			o := runIn(t, ctx, context.Background(), planOf(scenarios...), runner.Environment{}, opts)
			counts := map[result.Outcome]int{}
			seen := map[uint64]bool{}
			for _, it := range o.iterations {
				counts[it.Outcome]++
				if seen[it.ID] {
					t.Errorf("iteration %d was emitted twice", it.ID)
				}
				seen[it.ID] = true
			}
			want := runner.Account{
				Started: len(o.iterations), Success: counts[result.Success], Failure: counts[result.Failure],
				Error: counts[result.Error], Skipped: counts[result.Skipped], Aborted: counts[result.Aborted],
			}
			if o.account != want {
				t.Errorf("the account is %+v, emitted were %+v", o.account, want)
			}
			if planned := len(scenarios) * opts.Repeat; o.account.Started != planned && ctx.Err() == nil && !opts.FailFast {
				t.Errorf("%d of %d iterations started without a reason to stop", o.account.Started, planned)
			}
			if started.Load() != cleaned.Load() {
				t.Errorf("%d iterations created something, %d cleaned up", started.Load(), cleaned.Load())
			}
		})
	})
}

// random makes a kind that behaves in one of many ways, taking up to some seconds.
func random(behaviour uint64) *steps.Kind {
	var calls atomic.Uint64
	slow := takes(time.Duration(behaviour%9) * time.Second)
	return kind("fake", func(ctx context.Context, env *steps.Env, args steps.Args) steps.Reply {
		switch (behaviour/9 + calls.Add(1)) % 8 {
		case 0:
			return refusal(401, "E1")
		case 1:
			return steps.Reply{Unjudged: true, Reason: result.ReasonDNS}
		case 2:
			panic("random")
		}
		return slow.Run(ctx, env, args)
	})
}

package runner_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/steps"
)

// TestRowsOfRounds: an instance that gets no rows uses none up, and a row belongs to the
// number of an iteration, whatever is selected.
func TestRowsOfRounds(t *testing.T) {
	t.Parallel()
	var j journal
	a, b, c := scenario("a", body(t, "s", succeeds("fake"))), calls(t, &j, phones(plan.DatasetSequential, 100), 0), scenario("c", body(t, "s", succeeds("fake")))
	b.Name, b.Address = "b", "scenario.b"
	p := planOf(a, b, c)
	run(t, p, runner.Environment{}, runner.Options{Repeat: 3, Parallelism: 1})
	if d := cmp.Diff(j.events, []string{"0", "1", "2"}); d != "" {
		t.Errorf("rows (-got +want):\n%s", d)
	}
	seventh := uint64(7)
	run(t, p, runner.Environment{}, runner.Options{OnlyIteration: &seventh})
	if got := j.events[3]; got != "2" {
		t.Errorf("iteration 7 got row %s", got)
	}
}

// TestRowThatIsHeldIsWaitedFor: a test drops nothing.
func TestRowThatIsHeldIsWaitedFor(t *testing.T) {
	t.Parallel()
	for cooldown, want := range map[time.Duration]time.Duration{0: 6 * time.Second, 500 * time.Millisecond: 8500 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			running := map[string]int{}
			k := kind("calls", func(ctx context.Context, _ *steps.Env, args steps.Args) steps.Reply {
				row := args.String("id")
				mu.Lock()
				if running[row]++; running[row] > 1 {
					t.Errorf("row %s is held by two", row)
				}
				mu.Unlock()
				r := after(ctx, time.Second)
				mu.Lock()
				running[row]--
				mu.Unlock()
				return r
			})
			set := phones(plan.DatasetLease, 2)
			set.Cooldown = cooldown
			sc := scenario("x", body(t, "a", k, "id", `dataset.phones.row.phone`))
			sc.Datasets = []*plan.Dataset{set}
			start := time.Now()
			o := run(t, planOf(sc), runner.Environment{}, runner.Options{Repeat: 12, Parallelism: 10})
			if o.account.Success != 12 || time.Since(start) != want {
				t.Errorf("%+v in %v, want 12 in %v", o.account, time.Since(start), want)
			}
			for _, it := range o.iterations {
				if it.Duration != time.Second || !it.Intended.IsZero() || it.Lateness != 0 {
					t.Errorf("iteration %d took %v, late by %v", it.ID, it.Duration, it.Lateness)
				}
			}
		})
	}
}

func TestStopWhileRowsAreHeld(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var j journal
		sc := calls(t, &j, phones(plan.DatasetLease, 1), time.Minute)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		o := runIn(t, ctx, t.Context(), planOf(sc), runner.Environment{}, runner.Options{Repeat: 100, Parallelism: 4})
		if o.account != (runner.Account{Started: 4, Aborted: 4}) || len(j.events) != 1 {
			t.Errorf("got %+v, %d ran", o.account, len(j.events))
		}
	})
}

func TestRowThatIsNotThereIsAnError(t *testing.T) {
	t.Parallel()
	for _, exhausted := range []plan.Exhausted{plan.ExhaustedStop, plan.ExhaustedDrop, plan.ExhaustedError} {
		var j journal
		set := phones(plan.DatasetUnique, 7)
		set.OnExhausted = exhausted
		sc := calls(t, &j, set, 0)
		o := run(t, planOf(sc), runner.Environment{}, runner.Options{Repeat: 10})
		if o.account != (runner.Account{Started: 10, Success: 7, Error: 3}) {
			t.Errorf("%s: got %+v", exhausted, o.account)
		}
		if slices.Sort(j.events); len(slices.Compact(j.events)) != 7 {
			t.Errorf("%s: rows %v", exhausted, j.events)
		}
		if set.OnExhausted != exhausted {
			t.Error("the plan was changed")
		}
	}
}

func TestFixturesOfATest(t *testing.T) {
	t.Parallel()
	for perUser, want := range map[bool]int{false: 1, true: 4} {
		synctest.Test(t, func(t *testing.T) {
			var j journal
			sc := visits(t, &j, session(t, &j, perUser), time.Second)
			var told []*result.Iteration
			o := run(t, planOf(sc), runner.Environment{}, runner.Options{
				Repeat: 12, Parallelism: 4, Fixture: func(it *result.Iteration) { told = append(told, it) },
			})
			if o.account.Success != 12 || len(told) != want {
				t.Fatalf("got %+v, %d fixtures", o.account, len(told))
			}
			for _, it := range told {
				if it.Outcome != result.Success || it.Address != "fixture.session" {
					t.Errorf("%s: %s", it.Address, it.Outcome)
				}
			}
			for i, e := range j.events {
				if out := i >= len(j.events)-want; strings.HasPrefix(e, "sign out") != out {
					t.Errorf("event %d of %d is %q", i, len(j.events), e)
				}
			}
		})
	}
}

func TestFixtureThatFailsIsTold(t *testing.T) {
	t.Parallel()
	var j journal
	fx := session(t, &j, false)
	fx.Flow.Body = []*plan.Step{body(t, "signin", kind("signin", func(context.Context, *steps.Env, steps.Args) steps.Reply { return bad() }))}
	fx.Flow.Teardown = nil
	sc := visits(t, &j, fx, 0)
	var told []*result.Iteration
	o := run(t, planOf(sc), runner.Environment{}, runner.Options{Fixture: func(it *result.Iteration) { told = append(told, it) }})
	if o.account != (runner.Account{Started: 1, Error: 1}) || len(told) != 1 || told[0].Outcome != result.Failure {
		t.Fatalf("got %+v, fixtures %+v", o.account, told)
	}
	if got := o.first(t); got.Reason != result.ReasonSetup || !strings.HasPrefix(got.Message, "fixture session: step signin: ") {
		t.Errorf("got %s: %s", got.Reason, got.Message)
	}
}

// TestIterationOfALoadIsHadAgain: an iteration of a load run that is repeated alone gets
// the same row, index and random values.
func TestIterationOfALoadIsHadAgain(t *testing.T) {
	t.Parallel()
	for _, mode := range []plan.DatasetMode{plan.DatasetSequential, plan.DatasetRandom, plan.DatasetUnique, plan.DatasetLease} {
		var j journal
		scenarios := make([]*plan.Scenario, 3)
		for i, name := range []string{"a", "b", "c"} {
			sc := calls(t, &j, phones(mode, 50), 0)
			sc.Name, sc.Address = name, "scenario."+name
			k := j.noting("notes", func() steps.Reply { return ok(nil) })
			sc.Body = []*plan.Step{body(t, "s", k, "id", `"${iteration.id} ${iteration.index} ${dataset.phones.row.phone} ${uuid()}"`)}
			scenarios[i] = sc
		}
		p := planOf(scenarios...)
		synctest.Test(t, func(t *testing.T) {
			runLoad(t, p, profile(30, time.Second, scenarios[0], scenarios[2]), runner.LoadOptions{Seed: 9})
		})
		want := map[string]string{}
		for _, e := range j.events {
			id, _, _ := strings.Cut(e, " ")
			want[id] = e
		}
		if len(want) != 30 {
			t.Fatalf("%s: %d iterations", mode, len(want))
		}
		for n := range uint64(30) {
			matches := 0
			for _, sc := range []*plan.Scenario{scenarios[0], scenarios[2]} {
				alone := *p
				alone.Scenarios = []*plan.Scenario{sc}
				j.events = nil
				if o := run(t, &alone, runner.Environment{}, runner.Options{Seed: 9, OnlyIteration: &n}); o.first(t).ID != n {
					t.Fatalf("got iteration %d, want %d", o.first(t).ID, n)
				}
				if j.events[0] == want[fmt.Sprint(n)] {
					matches++
				}
			}
			if matches != 1 {
				t.Errorf("%s: iteration %d is had again by %d scenarios", mode, n, matches)
			}
		}
	}
}

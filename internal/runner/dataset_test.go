package runner_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/pace"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/steps"
)

// phones is a dataset with one column, whose cells are the numbers of the rows.
func phones(mode plan.DatasetMode, rows int) *plan.Dataset {
	cells := make([]string, rows)
	for i := range cells {
		cells[i] = fmt.Sprint(i)
	}
	return &plan.Dataset{Name: "phones", Mode: mode, Rows: plan.TextTable([]string{"phone"}, cells), OnExhausted: plan.ExhaustedStop}
}

// calls makes a scenario that takes d with a row of the dataset, and notes the row.
func calls(t testing.TB, j *journal, set *plan.Dataset, d time.Duration) *plan.Scenario {
	t.Helper()
	k := kind("calls", func(ctx context.Context, _ *steps.Env, args steps.Args) steps.Reply {
		j.add(args.String("id"))
		return after(ctx, d)
	})
	sc := scenario("x", body(t, "a", k, "id", `dataset.phones.row.phone`))
	sc.Datasets = []*plan.Dataset{set}
	return sc
}

func TestRowsOfEachMode(t *testing.T) {
	t.Parallel()
	rows := func(mode plan.DatasetMode, seed uint64) (out []string) {
		synctest.Test(t, func(t *testing.T) {
			var j journal
			sc := calls(t, &j, phones(mode, 10), 10*time.Millisecond)
			if o := runLoad(t, planOf(sc), profile(10, time.Second, sc), runner.LoadOptions{Seed: seed}); o.Success != 10 {
				t.Fatalf("%s: got %+v", mode, o.LoadCounts)
			}
			out = j.events
		})
		return out
	}
	inOrder := []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}
	if d := cmp.Diff(rows(plan.DatasetSequential, 1), inOrder); d != "" {
		t.Errorf("sequential (-got +want):\n%s", d)
	}
	for _, mode := range []plan.DatasetMode{plan.DatasetUnique, plan.DatasetLease} {
		got := rows(mode, 1)
		if slices.Equal(got, inOrder) || slices.Equal(got, rows(mode, 2)) {
			t.Errorf("%s: %v is not shuffled by the seed", mode, got)
		}
		if slices.Sort(got); !slices.Equal(got, inOrder) {
			t.Errorf("%s: the rows are %v", mode, got)
		}
	}
	if got := rows(plan.DatasetRandom, 1); !slices.Equal(got, rows(plan.DatasetRandom, 1)) || slices.Equal(got, rows(plan.DatasetRandom, 2)) {
		t.Errorf("random: %v does not follow the seed", got)
	}
}

func TestUniqueRowsRunOut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		exhausted plan.Exhausted
		poisson   bool
		end       runner.LoadEnd
		counts    runner.LoadCounts
	}{
		{plan.ExhaustedStop, false, runner.EndExhausted, runner.LoadCounts{Scheduled: 7, Success: 7}},
		{plan.ExhaustedStop, true, runner.EndExhausted, runner.LoadCounts{Scheduled: 7, Success: 7}},
		{plan.ExhaustedDrop, false, runner.EndSchedule, runner.LoadCounts{Scheduled: 10, Success: 7, Dropped: 3}},
		{plan.ExhaustedError, false, runner.EndSchedule, runner.LoadCounts{Scheduled: 10, Success: 7, Error: 3}},
	} {
		synctest.Test(t, func(t *testing.T) {
			var j journal
			set := phones(plan.DatasetUnique, 7)
			set.OnExhausted = c.exhausted
			sc := calls(t, &j, set, time.Second)
			l := profile(10, time.Second, sc)
			if c.poisson {
				l.Poisson, l.Stages[1].Over = true, 10*time.Second
			}
			o := runLoad(t, planOf(sc), l, runner.LoadOptions{})
			if o.End != c.end || o.LoadCounts != c.counts || o.droppedFor(result.DropDataset) != c.counts.Dropped {
				t.Errorf("%s, poisson %t: got %+v", c.exhausted, c.poisson, o.LoadAccount)
			}
			if slices.Sort(j.events); len(slices.Compact(j.events)) != 7 {
				t.Errorf("%s: rows %v", c.exhausted, j.events)
			}
			for _, it := range o.iterations {
				if it.Outcome == result.Error && (it.Reason != result.ReasonSetup || it.Message != "dataset phones has no row left: it has 7") {
					t.Errorf("got %s: %s", it.Reason, it.Message)
				}
			}
		})
	}
}

// TestLeasedRowIsHeldByOne: two iterations that shared a phone would read each other's
// codes.
func TestLeasedRowIsHeldByOne(t *testing.T) {
	t.Parallel()
	for _, cooldown := range []time.Duration{0, 500 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			held := map[string]bool{}
			freed := map[string]time.Time{}
			k := kind("calls", func(ctx context.Context, _ *steps.Env, args steps.Args) steps.Reply {
				mu.Lock()
				if held[args.String("id")] {
					t.Errorf("phone %s is held by two", args.String("id"))
				}
				if at, ok := freed[args.String("id")]; ok && time.Since(at) < cooldown {
					t.Errorf("phone %s rested for %v", args.String("id"), time.Since(at))
				}
				held[args.String("id")] = true
				mu.Unlock()
				return after(ctx, 700*time.Millisecond)
			})
			down := kind("down", func(ctx context.Context, _ *steps.Env, args steps.Args) steps.Reply {
				r := after(ctx, 200*time.Millisecond)
				mu.Lock()
				defer mu.Unlock()
				delete(held, args.String("id"))
				freed[args.String("id")] = time.Now()
				return r
			})
			set := phones(plan.DatasetLease, 10)
			set.Cooldown = cooldown
			sc := scenario("x", body(t, "a", k, "id", `dataset.phones.row.phone`), step(t, result.Teardown, "b", down, "id", `dataset.phones.row.phone`))
			sc.Datasets = []*plan.Dataset{set}
			o := runLoad(t, planOf(sc), profile(10, 20*time.Second, sc), runner.LoadOptions{})
			// A row comes again after a second: with a rest every other turn is missed.
			want := runner.LoadCounts{Scheduled: 200, Success: 200}
			if cooldown > 0 {
				want = runner.LoadCounts{Scheduled: 200, Success: 100, Dropped: 100}
			}
			if o.LoadCounts != want || o.droppedFor(result.DropDataset) != want.Dropped {
				t.Errorf("cooldown %v: got %+v, want %+v", cooldown, o.LoadCounts, want)
			}
		})
	}
}

// TestUsersWithoutRowsRest: a user whose row is out does not spin.
func TestUsersWithoutRowsRest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var j journal
		sc := calls(t, &j, phones(plan.DatasetLease, 1), time.Second)
		l := users(sc, plan.Users{Count: 3}, plan.Users{Count: 3, Over: 10 * time.Second})
		o := runLoad(t, planOf(sc), l, runner.LoadOptions{})
		if o.Success < 9 || o.Success > 11 || o.Dropped < 100 || o.Dropped > 220 {
			t.Errorf("got %+v", o.LoadCounts)
		}
	})
}

// TestRowsInParts: the rows of all parts are those of the whole.
func TestRowsInParts(t *testing.T) {
	t.Parallel()
	for _, mode := range []plan.DatasetMode{plan.DatasetSequential, plan.DatasetRandom, plan.DatasetUnique, plan.DatasetLease} {
		for _, poisson := range []bool{false, true} {
			rows := func(of int) map[string]int {
				got := map[string]int{}
				for i := range of {
					synctest.Test(t, func(t *testing.T) {
						var j journal
						sc := calls(t, &j, phones(mode, 300), time.Millisecond)
						l := profile(100, 2*time.Second, sc)
						l.Poisson = poisson
						part, err := pace.NewPart(i, of)
						if err != nil {
							t.Fatal(err)
						}
						runLoad(t, planOf(sc), l, runner.LoadOptions{Seed: 3, Part: part})
						for _, row := range j.events {
							got[row]++
						}
					})
				}
				return got
			}
			whole := rows(1)
			if len(whole) < 100 {
				t.Errorf("%s, poisson %t: got %d rows of about 200 arrivals", mode, poisson, len(whole))
			}
			for _, of := range []int{4, 7} {
				if d := cmp.Diff(rows(of), whole); d != "" {
					t.Errorf("%s, poisson %t, %d parts (-parts +whole):\n%s", mode, poisson, of, d)
				}
			}
		}
	}
}

package runner_test

import (
	"context"
	"math"
	"slices"
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

func TestArrivalsComeOnTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sc := scenario("x", body(t, "a", lasts(20*time.Second)))
		l := profile(7, 30*time.Second, sc)
		l.Warmup = 10 * time.Second
		schedule, err := pace.NewSchedule([]pace.Stage{{Rate: 7}, {Rate: 7, Over: 30 * time.Second}})
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		o := runLoad(t, planOf(sc), l, runner.LoadOptions{Seed: 3})
		if o.Success != 210 || o.End != runner.EndSchedule || o.Schedule != 30*time.Second {
			t.Fatalf("got %+v", o.LoadAccount)
		}
		for n, it := range o.iterations {
			at := schedule.At(uint64(n))
			if it.ID != uint64(n) || !it.Start.Equal(begin.Add(at)) || !it.Intended.Equal(it.Start) || it.Lateness != 0 {
				t.Fatalf("arrival %d: id %d, started %v, intended %v, late %v", n, it.ID, it.Start.Sub(begin), it.Intended.Sub(begin), it.Lateness)
			}
			if it.Warmup != (at < 10*time.Second) {
				t.Errorf("arrival %d at %v: warm-up is %t", n, at, it.Warmup)
			}
		}
	})
}

// TestSlowTargetDoesNotSlowTheSchedule is the open model: however long iterations take,
// arrivals come at their time.
func TestSlowTargetDoesNotSlowTheSchedule(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sc := scenario("x", body(t, "a", lasts(time.Hour)))
		l := profile(100, 10*time.Second, sc)
		l.GracefulStop = 0
		var g runner.Gauges
		o := runLoad(t, planOf(sc), l, runner.LoadOptions{Gauges: &g})
		if o.Scheduled != 1000 || o.Aborted != 1000 {
			t.Errorf("got %+v", o.LoadCounts)
		}
		if o.Overall != 10*time.Second {
			t.Errorf("it took %v", o.Overall)
		}
	})
}

// stalls makes a kind that takes 10 ms, but in the first second of every ten answers
// only when that is over.
func stalls(begin time.Time) *steps.Kind {
	return kind("stalls", func(ctx context.Context, _ *steps.Env, _ steps.Args) steps.Reply {
		d := 10 * time.Millisecond
		if into := time.Since(begin) % (10 * time.Second); into < time.Second {
			d += time.Second - into
		}
		return after(ctx, d)
	})
}

// TestVegetaLatencyStartsAtPickup: with too few workers, a latency that starts when a
// worker picks the work up hides a stall. Ours runs from the intended start.
func TestVegetaLatencyStartsAtPickup(t *testing.T) {
	t.Parallel()
	p99 := func(maxInFlight int, overflow plan.Overflow) time.Duration {
		var p99 time.Duration
		synctest.Test(t, func(t *testing.T) {
			sc := scenario("x", body(t, "a", stalls(time.Now())))
			l := profile(100, 60*time.Second, sc)
			l.MaxInFlight, l.Overflow = maxInFlight, overflow
			o := runLoad(t, planOf(sc), l, runner.LoadOptions{})
			if o.Success != 6000 {
				t.Fatalf("got %+v", o.LoadCounts)
			}
			var responses []time.Duration
			for _, it := range o.iterations {
				if got := it.Start.Sub(it.Intended); got != it.Lateness {
					t.Fatalf("iteration %d: started %v late, and lateness is %v", it.ID, got, it.Lateness)
				}
				responses = append(responses, it.Lateness+it.Duration)
			}
			slices.Sort(responses)
			p99 = responses[len(responses)*99/100]
		})
		return p99
	}
	truth, few := p99(100_000, plan.OverflowDrop), p99(5, plan.OverflowQueue)
	if truth < 850*time.Millisecond || few < truth*95/100 {
		t.Errorf("p99 is %v with five in flight, and the truth is %v", few, truth)
	}
}

// TestK6DroppedIterationsAreCounted: arrivals for which there is no room are told, one
// by one, and stay in the account.
func TestK6DroppedIterationsAreCounted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sc := scenario("x", body(t, "a", lasts(990*time.Millisecond)))
		l := profile(10, 10*time.Second, sc)
		l.MaxInFlight = 4
		begin := time.Now()
		o := runLoad(t, planOf(sc), l, runner.LoadOptions{})
		if o.Scheduled != 100 || o.Success != 40 || o.droppedFor(result.DropConcurrency) != 60 {
			t.Errorf("got %+v, drops %+v", o.LoadCounts, o.Drops)
		}
		want := result.Drop{
			Suite: "suite", Scenario: "x", Address: "scenario.x", ID: 4,
			Intended: begin.Add(450 * time.Millisecond), Reason: result.DropConcurrency,
		}
		if d := cmp.Diff(o.drops[0], want); d != "" {
			t.Errorf("the first one (-got +want):\n%s", d)
		}
		for _, it := range o.iterations {
			if it.VU < 0 || it.VU >= 4 {
				t.Errorf("iteration %d has place %d", it.ID, it.VU)
			}
		}
	})
}

// TestK6IterationThatPanicsIsAnError: an iteration that throws is no success.
func TestK6IterationThatPanicsIsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sc := scenario("x", body(t, "a", always("broken", func() steps.Reply { panic("oops") })))
		o := runLoad(t, planOf(sc), profile(10, time.Second, sc), runner.LoadOptions{})
		if o.Error != 10 {
			t.Errorf("got %+v", o.LoadCounts)
		}
	})
}

// TestQueueKeepsIntendedStarts: what waits for a place is late by its wait, in order.
func TestQueueKeepsIntendedStarts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sc := scenario("x", body(t, "a", lasts(300*time.Millisecond)))
		l := profile(10, time.Second, sc)
		l.MaxInFlight, l.Overflow = 1, plan.OverflowQueue
		o := runLoad(t, planOf(sc), l, runner.LoadOptions{})
		if o.Success != 10 || o.Overall != 3050*time.Millisecond {
			t.Fatalf("got %+v in %v", o.LoadCounts, o.Overall)
		}
		for n, it := range o.iterations {
			if want := time.Duration(n) * 200 * time.Millisecond; it.Lateness != want || it.Queued != want {
				t.Errorf("arrival %d is %v late, %v of it in the queue, want %v", n, it.Lateness, it.Queued, want)
			}
		}
	})
}

// TestQueueIsDroppedInTheEnd: what still waits when the time is up was never started.
func TestQueueIsDroppedInTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sc := scenario("x", body(t, "a", lasts(300*time.Millisecond)))
		l := profile(10, time.Second, sc)
		l.MaxInFlight, l.Overflow, l.GracefulStop = 1, plan.OverflowQueue, time.Second
		o := runLoad(t, planOf(sc), l, runner.LoadOptions{})
		if o.Success != 6 || o.Aborted != 1 || o.droppedFor(result.DropDeadline) != 3 || o.Overall != 2*time.Second {
			t.Errorf("got %+v, drops %+v in %v", o.LoadCounts, o.Drops, o.Overall)
		}
	})
}

func TestOverflowAborts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sc := scenario("x", body(t, "a", lasts(time.Hour)))
		l := profile(10, time.Hour, sc)
		l.MaxInFlight, l.Overflow = 20, plan.OverflowAbort
		o := runLoad(t, planOf(sc), l, runner.LoadOptions{})
		if o.End != runner.EndOverflow || o.Scheduled != 21 || o.Aborted != 20 || o.droppedFor(result.DropConcurrency) != 1 {
			t.Errorf("got %+v", o.LoadAccount)
		}
		if o.Overall != 2050*time.Millisecond {
			t.Errorf("it took %v", o.Overall)
		}
	})
}

func TestMixFollowsWeights(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a, b := scenario("a", body(t, "s", succeeds("fake"))), scenario("b", body(t, "s", succeeds("fake")))
		other := scenario("b", body(t, "s", succeeds("fake")))
		other.Key, other.Address = "k", `scenario.b["k"]`
		l := profile(1000, 10*time.Second, a)
		l.Mix = []plan.Share{
			{Name: "a", Scenarios: []*plan.Scenario{a}, Weight: 8},
			{Name: "b", Scenarios: []*plan.Scenario{b, other}, Weight: 2},
		}
		o := runLoad(t, planOf(a, b, other), l, runner.LoadOptions{Seed: 5})
		for i, want := range []float64{8000, 1000, 1000} {
			if got := float64(o.Scenarios[i].Success); math.Abs(got-want) > 5*math.Sqrt(want) {
				t.Errorf("%s: got %g, want about %g", o.Scenarios[i].Address, got, want)
			}
		}
	})
}

// TestSerialGroupsHoldInLoad: iterations of a group run one at a time; the time that
// they stand in line is theirs, and a wait.
func TestSerialGroupsHoldInLoad(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a, b := scenario("a", body(t, "s", lasts(200*time.Millisecond))), scenario("b", body(t, "s", lasts(200*time.Millisecond)))
		a.Serial, b.Serial = "phone", "phone"
		o := runLoad(t, planOf(a, b), profile(10, time.Second, a, b), runner.LoadOptions{})
		if o.Success != 10 || o.Overall != 2050*time.Millisecond {
			t.Fatalf("got %+v in %v", o.LoadCounts, o.Overall)
		}
		for n, it := range o.iterations {
			wait := time.Duration(n) * 100 * time.Millisecond
			if it.Lateness != 0 || it.Wait != wait || it.Duration != wait+200*time.Millisecond || !it.Start.Equal(it.Intended) {
				t.Errorf("arrival %d: late %v, waited %v of %v, want %v", n, it.Lateness, it.Wait, it.Duration, wait)
			}
		}
	})
}

// TestPartsOfALoadMakeTheWhole: the same seed in 1, 4 and 7 parts gives the same
// arrivals, choices and values.
func TestPartsOfALoadMakeTheWhole(t *testing.T) {
	t.Parallel()
	type lot struct {
		ID       uint64
		Scenario string
		After    time.Duration
	}
	runParts := func(of int, poisson bool) (lots []lot) {
		for i := range of {
			synctest.Test(t, func(t *testing.T) {
				a, b := scenario("a", body(t, "s", succeeds("fake"))), scenario("b", body(t, "s", succeeds("fake")))
				l := profile(500, 4*time.Second, a, b)
				l.Poisson = poisson
				part, err := pace.NewPart(i, of)
				if err != nil {
					t.Fatal(err)
				}
				begin := time.Now()
				for _, it := range runLoad(t, planOf(a, b), l, runner.LoadOptions{Seed: 11, Part: part}).iterations {
					lots = append(lots, lot{it.ID, it.Scenario, it.Intended.Sub(begin)})
				}
			})
		}
		slices.SortFunc(lots, func(a, b lot) int { return int(int64(a.ID) - int64(b.ID)) })
		return lots
	}
	for _, poisson := range []bool{false, true} {
		whole := runParts(1, poisson)
		for _, of := range []int{4, 7} {
			if d := cmp.Diff(runParts(of, poisson), whole); d != "" {
				t.Errorf("poisson %t, %d parts (-parts +whole):\n%.2000s", poisson, of, d)
			}
		}
	}
}

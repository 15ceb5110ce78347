package runner_test

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/steps"
)

// lasts makes a kind that takes so long, and notices when it is canceled.
func lasts(d time.Duration) *steps.Kind {
	return kind("lasts", func(ctx context.Context, _ *steps.Env, _ steps.Args) steps.Reply {
		return after(ctx, d)
	})
}

func after(ctx context.Context, d time.Duration) steps.Reply {
	start := time.Now()
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
		return steps.Faulted(ctx.Err())
	}
	r := ok(nil)
	r.Start, r.Duration = start, time.Since(start)
	return r
}

// profile is an open one: a rate that is kept for a while.
func profile(rate float64, over time.Duration, mix ...*plan.Scenario) *plan.Load {
	l := &plan.Load{
		Name: "test", MaxInFlight: 100_000, Overflow: plan.OverflowDrop, GracefulStop: time.Minute,
		Stages: []plan.Stage{{Rate: rate}, {Rate: rate, Over: over}},
	}
	for _, sc := range mix {
		l.Mix = append(l.Mix, plan.Share{Name: sc.Name, Scenarios: []*plan.Scenario{sc}, Weight: 1})
	}
	return l
}

// loaded is a load run with everything it told.
type loaded struct {
	runner.LoadAccount
	mu         sync.Mutex
	iterations []result.Iteration
	drops      []result.Drop
	fixtures   []result.Iteration
}

func (o *loaded) emit(it *result.Iteration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	kept := *it
	kept.Steps, kept.Outputs = slices.Clone(it.Steps), nil
	o.iterations = append(o.iterations, kept)
}

// ids are the numbers of all arrivals, in order.
func (o *loaded) ids() []uint64 {
	var out []uint64
	for _, it := range o.iterations {
		out = append(out, it.ID)
	}
	for _, d := range o.drops {
		out = append(out, d.ID)
	}
	slices.Sort(out)
	return out
}

// stops are the ways to end a run.
type stops struct{ ctx, cleanup context.Context }

func runLoad(t testing.TB, p *plan.Plan, l *plan.Load, opts runner.LoadOptions) *loaded {
	t.Helper()
	return runLoadIn(t, stops{t.Context(), context.WithoutCancel(t.Context())}, p, l, opts)
}

func runLoadIn(t testing.TB, s stops, p *plan.Plan, l *plan.Load, opts runner.LoadOptions) *loaded {
	t.Helper()
	o := &loaded{}
	gauges := opts.Gauges
	if gauges == nil {
		gauges = &runner.Gauges{}
	}
	opts.Gauges = gauges
	opts.Emit = o.emit
	opts.Drop = func(d result.Drop) { o.drops = append(o.drops, d) }
	opts.Fixture = func(it *result.Iteration) {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.fixtures = append(o.fixtures, *it)
	}
	account, err := runner.RunLoad(s.ctx, s.cleanup, p, l, runner.Environment{}, opts)
	if err != nil {
		t.Fatalf("running: %v", err)
	}
	o.LoadAccount = account
	o.balance(t)
	if g := gauges.Read(time.Now()); g.InFlight != 0 || g.Queued != 0 || g.Parked != 0 || g.Scheduled != int64(account.Scheduled) {
		t.Errorf("the gauges after the end: %+v", g)
	}
	slices.SortFunc(o.iterations, func(a, b result.Iteration) int { return cmp.Compare(a.ID, b.ID) })
	return o
}

// balance is what holds for every run: whatever was scheduled came to something, once.
func (o *loaded) balance(t testing.TB) {
	t.Helper()
	if o.Scheduled != o.Sum() {
		t.Errorf("the account %+v does not add up", o.LoadCounts)
	}
	var parts runner.LoadCounts
	for _, s := range o.Scenarios {
		if s.Scheduled != s.Sum() {
			t.Errorf("the account of %s, %+v, does not add up", s.Address, s.LoadCounts)
		}
		parts.Scheduled += s.Scheduled
		parts.Success += s.Success
		parts.Failure += s.Failure
		parts.Error += s.Error
		parts.Skipped += s.Skipped
		parts.Aborted += s.Aborted
		parts.Dropped += s.Dropped
	}
	if parts != o.LoadCounts {
		t.Errorf("scenarios come to %+v, the whole to %+v", parts, o.LoadCounts)
	}
	if got, want := uint64(len(o.iterations)+len(o.drops)), o.Scheduled; got != want {
		t.Errorf("%d iterations and drops were told, %d scheduled", got, want)
	}
	var dropped uint64
	for _, d := range o.Drops {
		dropped += d.Count
	}
	if dropped != o.Dropped || dropped != uint64(len(o.drops)) {
		t.Errorf("%d drops by reason, %d told, %d in all", dropped, len(o.drops), o.Dropped)
	}
	ids := o.ids()
	if len(slices.Compact(slices.Clone(ids))) != len(ids) {
		t.Error("an arrival came to two things")
	}
}

func (o *loaded) droppedFor(reason result.DropReason) uint64 {
	for _, d := range o.Drops {
		if d.Reason == reason {
			return d.Count
		}
	}
	return 0
}

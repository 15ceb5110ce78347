package runner

import (
	"context"
	"time"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/result"
)

// iteration is one execution of a scenario instance. It belongs to one goroutine.
type iteration struct {
	run     *run
	program *program
	id      uint64
	scope   *eval.Scope
	states  []state
	records []*record
	// secrets are the texts that this iteration alone must not show.
	secrets []string
	verdict verdict
}

// state is what the iteration knows about a step, by its index.
type state struct {
	// completed tells that the step was carried out: the target did what was asked,
	// or refused as expected. Assertions do not matter; cleaning up must not depend
	// on them.
	completed bool
	// mark is where the inbox stood before the message was asked for, and sentAt
	// when the sending step was answered. They belong to a wait.
	mark    capture.Mark
	hasMark bool
	sentAt  time.Time
}

// verdict is the worst that happened, and the first step that made it so.
type verdict struct {
	outcome result.Outcome
	reason  result.Reason
	step    string
	message string
}

func (v *verdict) worsen(with verdict) {
	if with.outcome > v.outcome {
		*v = with
	}
}

// launch starts an iteration and returns at once. done is called exactly once, from
// some goroutine, when it has ended; what it is given is its own.
func (r *run) launch(ctx, cleanup context.Context, a arrival, done func(*result.Iteration)) {
	go func() { done(r.iterate(ctx, cleanup, a)) }()
}

func (r *run) iterate(ctx, cleanup context.Context, a arrival) *result.Iteration {
	p := a.program
	it := &iteration{
		run: r, program: p, id: a.id,
		scope: p.globals.NewScope(eval.Iteration{
			ID: a.id, Index: a.index, Seed: r.opts.Seed, Scenario: p.Name, VU: a.vu,
		}, p.layout, p.Each),
		states:  make([]state, p.count),
		records: make([]*record, 0, p.count),
	}
	if a.bind != nil {
		a.bind(it.scope)
	}
	out := &result.Iteration{
		Suite: p.Suite, Scenario: p.Name, Key: p.Key, Address: p.Address,
		ID: a.id, Seed: r.opts.Seed, Start: time.Now(),
	}
	it.flow(ctx)
	out.Outputs = it.outputs()
	out.Duration = time.Since(out.Start)
	for _, rec := range it.records {
		out.Wait += rec.Wait
	}
	if a.hold != nil {
		resumed := make(chan struct{})
		a.hold(it.scope, it.verdict.outcome <= result.Success, func() { close(resumed) })
		<-resumed
	}
	out.TeardownFailed = it.teardown(cleanup)
	it.hide()
	it.seal(out)
	return out
}

// flow runs setup and body within the scenario's timeout.
func (it *iteration) flow(ctx context.Context) {
	if len(it.program.setup)+len(it.program.body) == 0 {
		it.verdict = verdict{outcome: result.Skipped, message: "there is no step to run: every for_each is empty"}
		return
	}
	ctx, cancel := withBudget(ctx, "the scenario's timeout", it.program.Timeout)
	defer cancel()
	if worst := it.section(ctx, it.program.setup); worst.outcome > result.Success {
		if worst.outcome < result.Aborted {
			worst.outcome, worst.reason = result.Error, result.ReasonSetup
		}
		it.verdict = worst
		return
	} else if worst.reason == result.ReasonRateLimited {
		it.verdict = worst
		return
	}
	it.verdict = it.section(ctx, it.program.body)
}

// section runs steps in order until one of them ends it. A section of which every
// step was skipped is skipped, and so is one that a rate limit ended which the file
// only observes: the rest of it was never judged.
func (it *iteration) section(ctx context.Context, steps []*step) verdict {
	var worst verdict
	for _, s := range steps {
		if interrupted(ctx) {
			worst.worsen(verdict{result.Aborted, result.ReasonCanceled, s.Name, "interrupted before step " + s.label()})
			return worst
		}
		rec := it.step(ctx, s)
		it.records = append(it.records, rec)
		if rec.Outcome == result.Skipped && rec.Reason == result.ReasonRateLimited {
			if worst.outcome <= result.Success {
				worst = rec.verdict()
			}
			return worst
		}
		worst.worsen(rec.verdict())
		if rec.Outcome > result.Success && (!s.ContinueOnFailure || rec.Outcome == result.Aborted) {
			return worst
		}
	}
	if len(steps) == 0 {
		worst.outcome = result.Success
	}
	return worst
}

// teardown cleans up, whatever came before, and reports whether it failed. It has
// its own budget, and only the second interrupt stops it.
func (it *iteration) teardown(ctx context.Context) (failed bool) {
	if len(it.program.teardown) == 0 {
		return false
	}
	ctx, cancel := withBudget(ctx, "the teardown's timeout", it.run.opts.TeardownTimeout)
	defer cancel()
	var worst verdict
	for _, s := range it.program.teardown {
		rec := it.clean(ctx, s)
		it.records = append(it.records, rec)
		worst.worsen(rec.verdict())
	}
	if worst.outcome <= result.Success {
		return false
	}
	if it.verdict.outcome <= result.Success {
		if worst.outcome != result.Aborted {
			worst.outcome, worst.reason = result.Error, result.ReasonCleanup
		}
		it.verdict = worst
	}
	return true
}

// clean runs a teardown step if everything that it refers to was completed.
func (it *iteration) clean(ctx context.Context, s *step) *record {
	if it.run.opts.Keep {
		return skipped(s, "left in place as asked")
	}
	for _, need := range s.needs {
		if !it.states[need.index].completed {
			return skipped(s, "step "+need.label()+" did not complete")
		}
	}
	if interrupted(ctx) {
		rec := newRecord(s)
		rec.Outcome, rec.Reason, rec.Message = result.Aborted, result.ReasonCanceled, "interrupted before it started"
		return rec
	}
	return it.step(ctx, s)
}

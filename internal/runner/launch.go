package runner

import (
	"context"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/result"
)

// launch starts an iteration and returns at once. done is called exactly once, from
// some goroutine, when it has ended. What it is given is its own, unless the run lends
// its results: then it is good during the call.
func (r *run) launch(ctx, cleanup context.Context, a arrival, done func(*result.Iteration)) {
	it := r.newIteration(a)
	it.soft, it.hard, it.done = r.lot(ctx), r.lot(cleanup), done
	it.lot, it.next = it.soft, (*iteration).begin
	it.run.crew.drive(it)
}

// newIteration takes an iteration from those of the scenario that are over.
func (r *run) newIteration(a arrival) *iteration {
	p := a.program
	id := eval.Iteration{ID: a.id, Index: a.index, Seed: r.opts.Seed, Scenario: p.Name, VU: a.vu}
	it, _ := p.spare.Get().(*iteration)
	if it == nil {
		it = &iteration{
			run: r, program: p, span: new(span), try: new(span),
			scope:     p.globals.NewScope(id, p.layout, p.Each),
			completed: make([]bool, p.count),
			sends:     make([]sent, p.messages),
		}
	} else {
		it.scope.Reset(id)
	}
	it.arrival = a
	if a.bind != nil {
		a.bind(it.scope)
	}
	return it
}

// finish hands over what the iteration came to, and keeps its room for another one.
func (it *iteration) finish() {
	it.renew(&it.span)
	r := it.run
	out := r.sheet()
	p, a := it.program, &it.arrival
	*out = result.Iteration{
		Suite: p.Suite, Scenario: p.Name, Key: p.Key, Address: p.Address, ID: a.id, Seed: r.opts.Seed,
		Start: it.measure.start, Duration: it.measure.duration, Wait: it.measure.wait,
		Intended: a.intended, Warmup: a.warmup, VU: a.vu,
		Steps: out.Steps[:0], Outputs: it.outputs, TeardownFailed: it.untidy,
	}
	if !a.intended.IsZero() {
		out.Lateness = out.Start.Sub(a.intended)
	}
	it.seal(out)
	it.done(out)
	it.release()
	if r.lends {
		clear(out.Steps)
		r.sheets.Put(out)
	}
}

// sheet gives an iteration to write on.
func (r *run) sheet() *result.Iteration {
	if out, ok := r.sheets.Get().(*result.Iteration); ok {
		return out
	}
	return new(result.Iteration)
}

// release keeps the iteration for another one. A wake that comes late finds one that
// looks once more at what it waits for.
func (it *iteration) release() {
	for i, rec := range it.records {
		rec.release(!it.run.lends)
		it.records[i] = nil
	}
	clear(it.completed)
	clear(it.sends)
	clear(it.secrets)
	it.env.Rewind()
	it.records, it.secrets = it.records[:0], it.secrets[:0]
	it.arrival, it.done, it.held, it.verdict = arrival{}, nil, nil, verdict{}
	it.measure, it.outputs, it.untidy = measure{}, nil, false
	it.program.spare.Put(it)
}

// close lets go of what the run holds beside its iterations, which have all ended.
func (r *run) close() {
	r.lots.leave()
	r.crew.dismiss()
}

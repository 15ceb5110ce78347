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
	go it.drive()
}

// newIteration takes an iteration from those of the scenario that are over.
func (r *run) newIteration(a arrival) *iteration {
	p := a.program
	id := eval.Iteration{ID: a.id, Index: a.index, Seed: r.opts.Seed, Scenario: p.Name, VU: a.vu}
	it, _ := p.spare.Get().(*iteration)
	if it == nil {
		it = &iteration{
			run: r, program: p, span: new(span), try: new(span),
			scope:  p.globals.NewScope(id, p.layout, p.Each),
			states: make([]state, p.count),
		}
	} else {
		it.scope.Reset(id)
	}
	it.arrival = a
	if a.bind != nil {
		a.bind(it.scope)
	}
	it.out = result.Iteration{
		Suite: p.Suite, Scenario: p.Name, Key: p.Key, Address: p.Address, ID: a.id, Seed: r.opts.Seed,
		Intended: a.intended, Warmup: a.warmup, VU: a.vu,
	}
	return it
}

// finish hands over what the iteration came to, and keeps its room for another one.
func (it *iteration) finish() {
	it.renew(&it.span)
	r := it.run
	out := r.sheet()
	room := out.Steps[:0]
	*out = it.out
	out.Steps = room
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
	clear(it.states)
	clear(it.secrets)
	it.env.Reset()
	it.records, it.secrets = it.records[:0], it.secrets[:0]
	it.arrival, it.done, it.held, it.out, it.verdict = arrival{}, nil, nil, result.Iteration{}, verdict{}
	it.program.spare.Put(it)
}

package runner

import (
	"context"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// step carries out one step and publishes its result. It never panics: a kind that
// does is an error of this step.
func (it *iteration) step(ctx context.Context, s *step) (rec *record) {
	rec = newRecord(s)
	defer func() {
		if p := recover(); p != nil {
			rec.panicked(p)
		}
	}()
	if err := spent(ctx); err != nil {
		rec.worsen(result.Failure, result.ReasonTimeout, "not started: "+err.Error())
		return rec
	}
	if s.Each != cty.NilVal {
		defer it.scope.SetEach(it.scope.SetEach(s.Each))
	}
	defer it.scope.SetSelf(nil)

	if !it.wanted(s, rec) {
		return rec
	}
	if s.Kind == nil {
		it.assert(s, rec)
		return rec
	}
	c, ok := it.arguments(s, rec)
	if !ok {
		return rec
	}
	reply, met := it.perform(ctx, s, c, rec)
	self := s.value(c, rec, reply)
	it.scope.SetSelf(eval.Whole(self))
	it.scope.SetStep(s.Name, s.Key, s.ForEach, self)
	it.judge(ctx, s, c, rec, reply, met)
	return rec
}

// wanted evaluates when. A step that is left out has a null result, so that later
// ones can ask for it.
func (it *iteration) wanted(s *step, rec *record) bool {
	if s.When == nil {
		return true
	}
	yes, diags := truth(s.When, it.scope)
	if diags.HasErrors() {
		rec.broken(result.ReasonOther, "when could not be evaluated", diags)
		return false
	}
	if !yes {
		rec.Outcome, rec.Message = result.Skipped, "when is false: "+oneLine(s.When.Site().Text())
		if s.Kind != nil {
			it.scope.SetStep(s.Name, s.Key, s.ForEach, cty.NullVal(s.typ))
		}
	}
	return yes
}

// perform repeats attempts until the result means what poll waits for. met tells
// that it does, or that nothing is waited for.
func (it *iteration) perform(ctx context.Context, s *step, c *call, rec *record) (reply steps.Reply, met bool) {
	started := time.Now()
	for {
		reply = it.attempts(ctx, s, c, rec)
		if s.Poll == nil || reply.Unjudged {
			return reply, true
		}
		it.scope.SetSelf(eval.Whole(s.value(c, rec, reply)))
		met, diags := truth(s.Poll.Until, it.scope)
		// The result of an attempt that failed often lacks what until asks for.
		if diags.HasErrors() && reply.OK {
			rec.broken(result.ReasonOther, "until could not be evaluated", diags)
			return reply, true
		}
		if met {
			return reply, true
		}
		interval := s.Poll.Interval
		if interval <= 0 {
			interval = time.Second
		}
		if time.Since(started)+interval > s.Poll.Timeout || !it.pause(ctx, interval, rec) {
			return reply, false
		}
	}
}

// pause waits between attempts.
func (it *iteration) pause(ctx context.Context, d time.Duration, rec *record) bool {
	start := time.Now()
	ok := sleep(ctx, d)
	rec.Wait += time.Since(start)
	return ok
}

// truth evaluates a condition. It is a verdict, so a mark does not matter.
func truth(e *eval.Expr, scope *eval.Scope) (bool, diag.List) {
	v, diags := e.Value(scope)
	if diags.HasErrors() {
		return false, diags
	}
	v, _ = v.Unmark()
	b, err := convert.Convert(v, cty.Bool)
	if err != nil || b.IsNull() || !b.IsKnown() {
		return false, append(diags, e.Site().Diagnostic(diag.Error, "Invalid condition",
			"The condition must be true or false, but it "+eval.Statement(v)+"."))
	}
	return b.True(), diags
}

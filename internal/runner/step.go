package runner

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/result"
)

// start begins a step: whether it runs at all, and with what.
func (it *iteration) start(s *step) stage {
	rec := it.openStep(s)
	if err := it.spent(); err != nil {
		rec.worsen(result.Failure, result.ReasonTimeout, "not started: "+err.Error())
		return (*iteration).stepped
	}
	if s.Each != cty.NilVal {
		it.scope.SetEach(s.Each)
	}
	if !it.wanted(s, rec) {
		return (*iteration).stepped
	}
	if s.Kind == nil {
		it.assert(s, rec)
		return (*iteration).stepped
	}
	if !it.arguments(s, rec) {
		return (*iteration).stepped
	}
	it.attempt = attempt{first: it.now}
	return (*iteration).admit
}

// openStep makes a step the one at hand.
func (it *iteration) openStep(s *step) *record {
	it.rec = newRecord(s, it.now)
	it.records = append(it.records, it.rec)
	return it.rec
}

// closeStep takes back what only the step at hand sees.
func (it *iteration) closeStep() {
	if it.rec.source.Each != cty.NilVal {
		it.scope.SetEach(it.program.Each)
	}
	it.scope.SetSelf(nil)
	it.rec = nil
}

// settle publishes the result of a step and judges it.
func (it *iteration) settle() stage {
	rec := it.rec
	s := rec.source
	it.scope.SetSelf(rec)
	it.scope.SetResult(s.slot, s.Key, rec)
	it.judge(s, rec, it.attempt.met)
	return (*iteration).stepped
}

// panicked makes a panic an error of the step at hand: of a kind that breaks its word,
// or of an expression.
func (it *iteration) panicked(p any) {
	it.abandon()
	it.rec.panicked(p)
	it.next = (*iteration).stepped
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
			it.scope.SetResult(s.slot, s.Key, nil)
		}
	}
	return yes
}

// truth evaluates a condition. It is a verdict, so a mark does not matter.
func truth(e *eval.Expr, scope *eval.Scope) (bool, diag.List) {
	value, diags := e.Eval(scope)
	if diags.HasErrors() {
		return false, diags
	}
	if b, ok := value.AsBool(); ok {
		return b, diags
	}
	v, _ := value.Cty().Unmark()
	b, err := convert.Convert(v, cty.Bool)
	if err != nil || b.IsNull() || !b.IsKnown() {
		return false, append(diags, e.Site().Diagnostic(diag.Error, "Invalid condition",
			"The condition must be true or false, but it "+eval.Statement(v)+"."))
	}
	return b.True(), diags
}

package runner

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
)

// assert checks every condition, so that one run tells all that is wrong. A
// condition that can not be evaluated proves nothing: it is an error.
func (it *iteration) assert(s *step, rec *record) {
	for i := range s.Asserts {
		a := &s.Asserts[i]
		holds, diags := truth(a.Condition, it.scope)
		switch {
		case diags.HasErrors():
			rec.broken(result.ReasonAssertion, "an assertion could not be evaluated", diags)
		case !holds:
			message := it.message(a)
			d := a.Condition.Site().Diagnostic(diag.Error, "Assertion failed", message)
			d.Sections = a.Condition.Explain(it.scope)
			rec.worsen(result.Failure, result.ReasonAssertion, message, d)
		}
	}
	if rec.Outcome == 0 {
		rec.Outcome = result.Success
	}
}

// message evaluates what the author has to say.
func (it *iteration) message(a *plan.Assert) string {
	const nothing = "The condition is false."
	if a.Message == nil {
		return nothing
	}
	v, diags := a.Message.Value(it.scope)
	switch {
	case diags.HasErrors():
		return nothing + " Its error_message could not be evaluated."
	case eval.IsSensitive(v):
		return nothing + " Its error_message is not shown, because it refers to a sensitive value."
	}
	text, err := convert.Convert(v, cty.String)
	if err != nil || text.IsNull() || !text.IsKnown() {
		return nothing
	}
	return text.AsString()
}

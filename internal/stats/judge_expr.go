package stats

import (
	"fmt"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/eval"
)

// truth evaluates a condition; fault says why it is neither true nor false.
func truth(e *eval.Expr, scope *eval.Scope) (holds bool, fault string) {
	v, diags := e.Value(scope)
	if diags.HasErrors() {
		return false, first(diags)
	}
	v, _ = v.Unmark()
	if v.IsNull() || !v.IsKnown() || v.Type() != cty.Bool {
		return false, "it is neither true nor false."
	}
	return v.True(), ""
}

// words evaluates a message.
func words(e *eval.Expr, scope *eval.Scope) string {
	if e == nil {
		return ""
	}
	v, diags := e.Value(scope)
	if diags.HasErrors() {
		return "The error_message could not be evaluated: " + first(diags)
	}
	v, marks := v.Unmark()
	switch {
	case len(marks) > 0:
		return "The error_message holds a sensitive value."
	case v.IsNull() || !v.IsKnown() || v.Type() != cty.String:
		return ""
	}
	return v.AsString()
}

// first gives the first error of a list in a line.
func first(diags diag.List) string {
	for _, d := range diags {
		if d.Severity == diag.Error {
			return d.Summary + ": " + d.Detail
		}
	}
	return ""
}

// missing says that there is no data.
func missing(o Observed, least uint64) string {
	if o.Samples == 0 {
		return fmt.Sprintf("There are no samples of %s.", o.Name)
	}
	return fmt.Sprintf("There are %d samples of %s, fewer than the %d that are asked for.", o.Samples, o.Name, least)
}

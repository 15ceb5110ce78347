package runner

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// expectation is what an expect block asks for. No elements ask for nothing.
type expectation struct {
	statuses, codes []string
}

func expectationOf(e *plan.Expect, scope *eval.Scope) (w expectation, diags diag.List) {
	if e.Status != nil {
		w.statuses, diags = texts(e.Status, scope)
	}
	if e.ErrorCode != nil {
		var more diag.List
		w.codes, more = texts(e.ErrorCode, scope)
		diags = append(diags, more...)
	}
	return w, diags
}

// refusal reports whether anything but a success is asked for.
func (w expectation) refusal() bool {
	return len(w.codes) > 0 || slices.ContainsFunc(w.statuses, func(s string) bool { return !strings.HasPrefix(s, "2") })
}

func (w expectation) isDefault() bool { return len(w.statuses) == 0 && len(w.codes) == 0 }

func (w expectation) matches(r *steps.Reply) bool {
	if len(w.statuses) > 0 && !slices.ContainsFunc(w.statuses, func(s string) bool { return matchesStatus(s, r.Status) }) {
		return false
	}
	if len(w.codes) > 0 {
		return slices.Contains(w.codes, codeOf(r))
	}
	return r.OK || refused(r)
}

// codeOf is what error_code is compared with: the API's code or, for a refusal that
// did not come over the wire, such as that of a token with a wrong signature, its reason.
func codeOf(r *steps.Reply) string {
	switch {
	case r.Problem != nil:
		return r.Problem.Code
	case refused(r) && r.Status == 0:
		return string(r.Reason)
	}
	return ""
}

// refused tells a refusal from an answer that nobody can use: a status alone does
// not make a broken body an expected one.
func refused(r *steps.Reply) bool {
	switch r.Reason {
	case result.ReasonHTTP4xx, result.ReasonHTTP5xx, result.ReasonRateLimited, result.ReasonCodeRejected, result.ReasonTokenInvalid:
		return true
	}
	// A redirect is an answer that is not followed.
	return r.Status/100 == 3 && !r.Unjudged
}

func (w expectation) String() string {
	var parts []string
	if len(w.codes) > 0 {
		parts = append(parts, "error "+strings.Join(w.codes, " or "))
	}
	if len(w.statuses) > 0 {
		parts = append(parts, "status "+strings.Join(w.statuses, " or "))
	}
	return strings.Join(parts, " with ")
}

// texts evaluates a text, a number, or a list of these.
func texts(e *eval.Expr, scope *eval.Scope) ([]string, diag.List) {
	v, diags := e.Value(scope)
	if diags.HasErrors() {
		return nil, diags
	}
	v, _ = v.UnmarkDeep()
	invalid := func() diag.List {
		return append(diags, e.Site().Diagnostic(diag.Error, "Invalid expectation",
			"It must be a number, a text, or a list of these, but it "+eval.Statement(v)+"."))
	}
	// Null or no element would ask for nothing, and whatever came would pass.
	if v.IsNull() {
		return nil, invalid()
	}
	list := []cty.Value{v}
	if v.IsWhollyKnown() && v.CanIterateElements() && !v.Type().IsMapType() && !v.Type().IsObjectType() {
		list = v.AsValueSlice()
	}
	out := make([]string, 0, len(list))
	for _, el := range list {
		text, err := convert.Convert(el, cty.String)
		if err != nil || text.IsNull() || !text.IsKnown() {
			return nil, invalid()
		}
		out = append(out, text.AsString())
	}
	if len(out) == 0 {
		return nil, invalid()
	}
	return out, diags
}

package eval

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/secret"
)

// FromHCL turns diagnostics of the hcl library into ours, with source and values.
func FromHCL(files Files, in hcl.Diagnostics) diag.List {
	if len(in) == 0 {
		return nil
	}
	out := make(diag.List, 0, len(in))
	for _, h := range in {
		d := diag.Diagnostic{Severity: diag.Error, Summary: h.Summary, Detail: h.Detail}
		if h.Severity == hcl.DiagWarning {
			d.Severity = diag.Warning
		}
		// cty catches panics of its functions and tells the stack.
		if before, _, ok := strings.Cut(d.Detail, "panic in function implementation"); ok {
			d.Detail = before + "it can not be done with these values."
		}
		if h.Subject != nil {
			Site{files, *h.Subject}.attach(&d)
		}
		if h.Expression != nil && h.EvalContext != nil {
			d.Values = telling(values(h.Expression, h.EvalContext))
		}
		out = append(out, d)
	}
	return out
}

// diagnose turns the diagnostics of an evaluation into ours. Functions quote their
// arguments when they complain, so what they say is kept back where a secret may be
// among these; other texts lose the secrets that they hold.
func (e *Expr) diagnose(ctx *hcl.EvalContext, hd hcl.Diagnostics) diag.List {
	out := FromHCL(e.site.Files, hd)
	secrets, found := e.secrets(ctx)
	if !found {
		return out
	}
	scrub := secret.NewScrubber(secrets...)
	for i, h := range hd {
		if call, ok := hcl.DiagnosticExtra[hclsyntax.FunctionCallDiagExtra](h); ok {
			out[i].Detail = fmt.Sprintf("The call of %s failed. What it says is not shown, because a sensitive value is involved.", call.CalledFunctionName())
			continue
		}
		out[i].Detail = scrub.Scrub(out[i].Detail)
	}
	return out
}

// secrets gives the sensitive texts that e refers to, and whether it handles any.
func (e *Expr) secrets(ctx *hcl.EvalContext) (texts []string, found bool) {
	for _, t := range e.node.Variables() {
		v, d := t.TraverseAbs(ctx)
		if !d.HasErrors() && IsSensitive(v) {
			_, more := Reveal(v)
			texts, found = append(texts, more...), true
		}
	}
	return texts, found || calls(e.node, "sensitive")
}

// telling leaves out values whose statement would say nothing: readers would take
// what is unknown or secret for the cause.
func telling(in []diag.Value) []diag.Value {
	return slices.DeleteFunc(in, func(v diag.Value) bool {
		return v.Statement == sensitiveStatement || strings.HasSuffix(v.Statement, unknownStatement)
	})
}

// values says what the references of an expression stand for, sorted, each once.
func values(e hcl.Expression, ctx *hcl.EvalContext) []diag.Value {
	var out []diag.Value
	for _, t := range e.Variables() {
		v, d := t.TraverseAbs(ctx)
		if d.HasErrors() {
			continue
		}
		out = append(out, diag.Value{Traversal: traversalText(t), Statement: Statement(v)})
	}
	slices.SortFunc(out, func(a, b diag.Value) int { return strings.Compare(a.Traversal, b.Traversal) })
	return slices.Compact(out)
}

func traversalText(t hcl.Traversal) string {
	var s strings.Builder
	for _, step := range t {
		switch p := step.(type) {
		case hcl.TraverseRoot:
			s.WriteString(p.Name)
		case hcl.TraverseAttr:
			s.WriteString("." + p.Name)
		case hcl.TraverseIndex:
			s.WriteString("[" + literal(p.Key) + "]")
		}
	}
	return s.String()
}

func literal(v cty.Value) string {
	if v.IsMarked() || !v.IsKnown() || v.IsNull() {
		return "..."
	}
	return Show(v)
}

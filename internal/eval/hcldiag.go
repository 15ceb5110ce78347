package eval

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/diag"
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
		if h.Subject != nil {
			Site{files, *h.Subject}.attach(&d)
		}
		if h.Expression != nil && h.EvalContext != nil {
			d.Values = values(h.Expression, h.EvalContext)
		}
		out = append(out, d)
	}
	return out
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

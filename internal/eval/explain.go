package eval

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/diag"
)

var comparisons = map[*hclsyntax.Operation]bool{
	hclsyntax.OpEqual: true, hclsyntax.OpNotEqual: true,
	hclsyntax.OpLessThan: true, hclsyntax.OpLessThanOrEqual: true,
	hclsyntax.OpGreaterThan: true, hclsyntax.OpGreaterThanOrEqual: true,
}

// Explain says why a condition is false: which of the parts joined by && are, and
// for comparisons what stood on either side. It evaluates the parts again, so it is
// for failures only.
func (e *Expr) Explain(s *Scope) []diag.Section {
	if e.node == nil {
		return nil
	}
	ctx, diags := s.context(e)
	if diags.HasErrors() {
		return nil
	}
	parts := conjuncts(e.node, nil)
	section := diag.Section{}
	failed := 0
	for _, p := range parts {
		v, hd := p.Value(ctx)
		v, _ = v.Unmark()
		if hd.HasErrors() && failed > 0 {
			continue // guarded by a part before it, as in self.error != null && self.error.code == "x"
		}
		if !hd.HasErrors() && v.IsKnown() && !v.IsNull() && v.Type() == cty.Bool && v.True() {
			continue
		}
		failed++
		section.Lines = append(section.Lines, e.explainPart(p, ctx, hd)...)
	}
	section.Title = "the condition is false"
	if len(parts) > 1 {
		section.Title = fmt.Sprintf("%d of %d conditions failed", failed, len(parts))
	}
	return []diag.Section{section}
}

// conjuncts takes apart what && joins, through parentheses.
func conjuncts(node hclsyntax.Expression, out []hclsyntax.Expression) []hclsyntax.Expression {
	switch n := node.(type) {
	case *hclsyntax.ParenthesesExpr:
		if inner, ok := n.Expression.(*hclsyntax.BinaryOpExpr); ok && inner.Op == hclsyntax.OpLogicalAnd {
			return conjuncts(inner, out)
		}
	case *hclsyntax.BinaryOpExpr:
		if n.Op == hclsyntax.OpLogicalAnd {
			return conjuncts(n.RHS, conjuncts(n.LHS, out))
		}
	}
	return append(out, node)
}

func (e *Expr) explainPart(p hclsyntax.Expression, ctx *hcl.EvalContext, hd hcl.Diagnostics) []string {
	lines := []string{oneLine(Site{e.site.Files, p.Range()}.Text())}
	if hd.HasErrors() {
		for _, d := range e.diagnose(ctx, hd) {
			lines = append(lines, "  could not be evaluated: "+d.Summary+": "+d.Detail)
		}
		return lines
	}
	op, ok := unwrap(p).(*hclsyntax.BinaryOpExpr)
	if !ok || !comparisons[op.Op] {
		for _, v := range values(p, ctx) {
			lines = append(lines, "  "+v.Traversal+" "+v.Statement)
		}
		return lines
	}
	left, _ := op.LHS.Value(ctx)
	right, _ := op.RHS.Value(ctx)
	lines = append(lines, "  left  is "+Show(left), "  right is "+Show(right))
	if note := typeNote(left, right); note != "" {
		lines = append(lines, "  "+note)
	}
	return lines
}

func unwrap(e hclsyntax.Expression) hclsyntax.Expression {
	for {
		p, ok := e.(*hclsyntax.ParenthesesExpr)
		if !ok {
			return e
		}
		e = p.Expression
	}
}

// typeNote points out the silent false of 200 == "200".
func typeNote(left, right cty.Value) string {
	l, r := left.Type(), right.Type()
	if !l.IsPrimitiveType() || !r.IsPrimitiveType() || l.Equals(r) {
		return ""
	}
	return fmt.Sprintf("the types differ: %s is never equal to %s", l.FriendlyName(), r.FriendlyName())
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

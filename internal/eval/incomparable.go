package eval

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Note is a remark about a part of an expression.
type Note struct {
	Range hcl.Range
	Text  string
}

// Incomparable finds comparisons by == and != of a text with a number or a truth
// value: they are false and true whatever the values are. Types are those that the
// scope knows.
func (e *Expr) Incomparable(s *Scope) []Note {
	if e.node == nil {
		return nil
	}
	ctx, diags := s.context(e)
	if diags.HasErrors() {
		return nil
	}
	var out []Note
	_ = hclsyntax.VisitAll(e.node, func(n hclsyntax.Node) hcl.Diagnostics {
		op, ok := n.(*hclsyntax.BinaryOpExpr)
		if !ok || (op.Op != hclsyntax.OpEqual && op.Op != hclsyntax.OpNotEqual) {
			return nil
		}
		// Inside a for expression names are bound that this context lacks.
		left, hd := op.LHS.Value(ctx)
		right, more := op.RHS.Value(ctx)
		if hd.HasErrors() || more.HasErrors() {
			return nil
		}
		l, r := left.Type(), right.Type()
		if l.IsPrimitiveType() && r.IsPrimitiveType() && !l.Equals(r) && !isNull(left) && !isNull(right) {
			out = append(out, Note{op.SrcRange, fmt.Sprintf(
				"A %s is never equal to a %s: the language does not convert before it compares. Write both sides in one type.", l.FriendlyName(), r.FriendlyName())})
		}
		return nil
	})
	return out
}

func isNull(v cty.Value) bool {
	v, _ = v.Unmark()
	return v.IsKnown() && v.IsNull()
}

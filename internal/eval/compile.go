package eval

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// An expression is compiled to a tree of closures that carry values in their cheap
// form. A closure never makes a diagnostic: what it can not do in exactly the way of
// hcl it hands over, and the whole expression is then evaluated by hcl once more, in
// the same scope. Locals are kept and random numbers taken back, so nothing is seen of
// the first try.

// node evaluates a part of an expression.
type node func(*Scope) (Value, verdict)

// verdict says what a node came to.
type verdict uint8

const (
	good verdict = iota
	// failed says that hcl reports an error here and goes on with an unknown value: of
	// no type if the form is absent, otherwise of the type of the form. Its mark is that
	// of the value. Operators and conditionals may leave the error out in the end, as in
	// self.error != null && self.error.code == "E1".
	failed
	// handed says that hcl must evaluate the expression.
	handed
)

// code is a compiled part.
type code struct {
	run node
	// fixed tells that it is value each time.
	fixed bool
	value Value
}

func constant(v Value) code {
	return code{run: func(*Scope) (Value, verdict) { return v, good }, fixed: true, value: v}
}

// fold runs a part at once that depends on nothing. One that does not come to a value
// stays as it is: it may never be reached, or be an error each time.
func fold(run node, parts ...code) code {
	if slices.ContainsFunc(parts, func(c code) bool { return !c.fixed }) {
		return code{run: run}
	}
	if v, how := run(nil); how == good {
		return constant(v)
	}
	return code{run: run}
}

// take is Of for what cty gives while a run is on.
func take(v cty.Value) (Value, verdict) {
	if !v.IsKnown() {
		return Value{}, handed
	}
	out := Of(v)
	if len(out.text) > MaxText {
		return Value{}, handed
	}
	return out, good
}

// compiler lowers one expression. Its methods give a reason instead of code where the
// form is left to hcl.
type compiler struct {
	layout *Layout
	global *Globals
	self   int
	each   cty.Value
	// bound are the names of for expressions round the part, two for each.
	bound []string
}

func (c *compiler) compile(e hclsyntax.Expression) (code, string) {
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		if !e.Val.IsKnown() {
			return code{}, "a value that is not known"
		}
		return constant(keep(e.Val)), ""
	case *hclsyntax.ParenthesesExpr:
		return c.compile(e.Expression)
	case *hclsyntax.TemplateWrapExpr:
		return c.compile(e.Wrapped)
	case *hclsyntax.TemplateExpr:
		return c.template(e)
	case *hclsyntax.ScopeTraversalExpr:
		return c.reference(e.Traversal)
	case *hclsyntax.RelativeTraversalExpr:
		return c.relative(e)
	case *hclsyntax.IndexExpr:
		return c.index(e)
	case *hclsyntax.BinaryOpExpr:
		return c.binary(e)
	case *hclsyntax.UnaryOpExpr:
		return c.unary(e)
	case *hclsyntax.ConditionalExpr:
		return c.conditional(e)
	case *hclsyntax.FunctionCallExpr:
		return c.call(e)
	case *hclsyntax.TupleConsExpr:
		return c.tuple(e)
	case *hclsyntax.ObjectConsExpr:
		return c.object(e)
	case *hclsyntax.ForExpr:
		return c.forEach(e)
	case *hclsyntax.SplatExpr:
		return code{}, "a splat"
	case *hclsyntax.TemplateJoinExpr:
		return code{}, "a template with a loop"
	}
	return code{}, "a form that is not compiled"
}

// all compiles several parts.
func (c *compiler) all(es []hclsyntax.Expression) ([]code, string) {
	out := make([]code, len(es))
	for i, e := range es {
		var why string
		if out[i], why = c.compile(e); why != "" {
			return nil, why
		}
	}
	return out, ""
}

// draws lists the places of the locals that e refers to and that take random numbers
// when they are first evaluated, by themselves or through other locals, in the order in
// which hcl evaluates them.
func (l *Layout) draws(e *Expr) []int {
	var out []int
	for _, name := range e.locals {
		if i := l.Local(name); i >= 0 && l.impure(i, map[int]bool{}) {
			out = append(out, i)
		}
	}
	return out
}

func (l *Layout) impure(local int, seen map[int]bool) bool {
	e := l.Locals[local].Expr
	if e.impure {
		return true
	}
	seen[local] = true
	return slices.ContainsFunc(e.locals, func(name string) bool {
		i := l.Local(name)
		return i >= 0 && !seen[i] && l.impure(i, seen)
	})
}

// computes tells an expression whose value may be a number that arithmetic made.
func computes(e hclsyntax.Expression) bool {
	if _, ok := e.(*hclsyntax.TemplateExpr); ok {
		return false
	}
	found := false
	_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		switch n := n.(type) {
		case *hclsyntax.BinaryOpExpr:
			found = found || n.Op.Type == cty.Number
		case *hclsyntax.UnaryOpExpr:
			found = found || n.Op.Type == cty.Number
		}
		return nil
	})
	return found
}

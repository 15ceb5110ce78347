package eval

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/diag"
)

// Expr is an expression of a file, ready to be evaluated. It is immutable and safe
// for concurrent use; each evaluation needs a scope of its own.
type Expr struct {
	node hclsyntax.Expression
	refs []Ref
	site Site
	// roots, locals and steps are what refs come to, for building a context.
	roots  []string
	locals []string
	steps  []string
	// impure tells that it calls a function that gives another value each time.
	impure bool
	folded cty.Value
	// cheap is folded in the form that costs least.
	cheap Value
	// bound tells that each is the one of the step that the expression belongs to.
	bound bool
	each  cty.Value
	// run is the compiled form, nil for what fallback tells.
	run      node
	fallback string
	// draws are the places of the locals to evaluate first, so that random numbers are
	// drawn in the order of hcl.
	draws []int
}

// Ref is a reference that an expression makes.
type Ref struct {
	// Root is var, local, step, self and so on; Name the first word after it, empty
	// when the root is used as a whole or by an index.
	Root, Name string
	// Rest is what follows Name.
	Rest hcl.Traversal
	// Range is the whole reference.
	Range hcl.Range
}

// New makes an expression of a parsed node.
func New(node hclsyntax.Expression, site Site) *Expr {
	e := &Expr{node: node, site: site, refs: refsOf(node)}
	e.roots, e.locals, e.steps = summarise(e.refs)
	e.impure = calls(node, ImpureNames()...)
	return e
}

// Constant makes an expression of a value, for defaults.
func Constant(v cty.Value) *Expr { return &Expr{folded: v, cheap: keep(v)} }

// Refs lists the references, in the order of the text. Do not change it.
func (e *Expr) Refs() []Ref { return e.refs }

// Site is where the expression stands. The zero Site belongs to a constant.
func (e *Expr) Site() Site { return e.site }

// Node gives the parsed node, nil for a constant. It is for the language alone.
func (e *Expr) Node() hclsyntax.Expression { return e.node }

// Fold keeps the value for every later evaluation. The language calls it, before the
// expression is shared, when nothing in it can change during a run.
func (e *Expr) Fold(v cty.Value) { e.folded, e.cheap = v, keep(v) }

// Folded gives the kept value.
func (e *Expr) Folded() (cty.Value, bool) { return e.folded, e.folded != cty.NilVal }

// Compile lowers the expression to a closure over the places of l. The language calls
// it, before the expression is shared. self is the place of the step whose `self` it
// may use, or -1; each the constant each object, or NilVal.
func (e *Expr) Compile(l *Layout, g *Globals, self int, each cty.Value) {
	e.bound, e.each = true, each
	if e.folded != cty.NilVal {
		return
	}
	c := compiler{layout: l, global: g, self: self, each: each}
	made, why := c.compile(e.node)
	if why == "" && e.impure && computes(e.node) {
		why = "a random number that is computed with"
	}
	if e.fallback = why; why == "" {
		e.run = made.run
	}
	if l != nil {
		e.draws = l.draws(e)
	}
}

// Fallback says why the expression is evaluated by hcl; empty when it is compiled or
// folded.
func (e *Expr) Fallback() string {
	switch {
	case e.folded != cty.NilVal || e.run != nil:
		return ""
	case e.fallback != "":
		return e.fallback
	}
	return "not compiled"
}

// Eval evaluates the expression, compiled where its form allows it and by hcl
// otherwise; value and diagnostics are the same. When the diagnostics hold an error
// the value is of no use.
func (e *Expr) Eval(s *Scope) (Value, diag.List) {
	if e.folded != cty.NilVal {
		return e.cheap, nil
	}
	if e.run != nil && s.check == nil {
		for _, i := range e.draws {
			s.localSlot(i)
		}
		before := s.random
		v, how := e.run(s)
		if how == good {
			return v, nil
		}
		s.random = before
	}
	v, diags := e.Value(s)
	return keep(v), diags
}

// Value evaluates the expression by hcl, the reference. When the diagnostics hold an error the value is
// of no use. Values that came from secrets carry the mark [Sensitive].
func (e *Expr) Value(s *Scope) (cty.Value, diag.List) {
	if e.folded != cty.NilVal {
		return e.folded, nil
	}
	ctx, diags := s.context(e)
	if diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	v, hd := e.node.Value(ctx)
	if len(hd) > 0 {
		diags = append(diags, e.diagnose(ctx, hd)...)
	}
	return v, append(diags, e.tooLong(v)...)
}

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
func Constant(v cty.Value) *Expr { return &Expr{folded: v} }

// Refs lists the references, in the order of the text. Do not change it.
func (e *Expr) Refs() []Ref { return e.refs }

// Site is where the expression stands. The zero Site belongs to a constant.
func (e *Expr) Site() Site { return e.site }

// Node gives the parsed node, nil for a constant. It is for the language alone.
func (e *Expr) Node() hclsyntax.Expression { return e.node }

// Fold keeps the value for every later evaluation. The language calls it, before the
// expression is shared, when nothing in it can change during a run.
func (e *Expr) Fold(v cty.Value) { e.folded = v }

// Folded gives the kept value.
func (e *Expr) Folded() (cty.Value, bool) { return e.folded, e.folded != cty.NilVal }

// Value evaluates the expression. When the diagnostics hold an error the value is
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
	return v, diags
}

// context holds just the roots that e refers to.
func (s *Scope) context(e *Expr) (*hcl.EvalContext, diag.List) {
	var diags diag.List
	vars := make(map[string]cty.Value, len(e.roots))
	for _, root := range e.roots {
		switch root {
		case "local":
			v, d := s.localObject(e.locals)
			vars[root], diags = v, append(diags, d...)
		case "step":
			vars[root] = s.stepObject(e.steps)
		default:
			if v := s.root(root); v != cty.NilVal {
				vars[root] = v
			}
		}
	}
	ctx := s.shared.NewChild()
	ctx.Variables = vars
	if e.impure {
		ctx.Functions = s.impure()
	}
	return ctx, diags
}

func (s *Scope) root(name string) cty.Value {
	switch name {
	case "var":
		return s.globals.Vars
	case "path":
		return s.globals.Path
	case "provider":
		return s.globals.Providers
	case "run":
		return s.globals.Run
	case "each":
		return s.each
	case "self":
		return s.self
	case "iteration":
		return s.iteration
	case "vu":
		return s.vu
	}
	return cty.NilVal
}

func (s *Scope) stepObject(names []string) cty.Value {
	attrs := make(map[string]cty.Value, len(names))
	for _, n := range names {
		if v, ok := s.steps[n]; ok {
			attrs[n] = v
		}
	}
	return cty.ObjectVal(attrs)
}

func (s *Scope) localObject(names []string) (cty.Value, diag.List) {
	var diags diag.List
	attrs := make(map[string]cty.Value, len(names))
	for _, n := range names {
		v, d := s.local(n)
		attrs[n], diags = v, append(diags, d...)
	}
	return cty.ObjectVal(attrs), diags
}

// local evaluates a scenario's local at its first use and keeps the value, so that
// a random number is the same wherever the name is mentioned.
func (s *Scope) local(name string) (cty.Value, diag.List) {
	if m, ok := s.memo[name]; ok {
		return m.value, m.diags
	}
	e, ok := s.locals[name]
	if !ok {
		if g := s.globals.Locals; g != cty.NilVal && g.Type().IsObjectType() && g.Type().HasAttribute(name) {
			return g.GetAttr(name), nil
		}
		return cty.DynamicVal, nil
	}
	// A local never sees self or the each of the step that happens to need it first.
	self, each := s.self, s.each
	s.self, s.each = cty.NilVal, s.own
	v, diags := e.Value(s)
	s.self, s.each = self, each
	s.memo[name] = memo{v, diags}
	return v, diags
}

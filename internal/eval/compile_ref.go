package eval

import (
	"slices"
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// reference compiles a traversal from a root.
func (c *compiler) reference(t hcl.Traversal) (code, string) {
	for _, step := range t[1:] {
		if _, ok := step.(hcl.TraverseSplat); ok {
			return code{}, "a splat"
		}
	}
	if v, ok := c.variable(t); ok {
		return v, ""
	}
	name, rest := "", t[1:]
	if len(rest) > 0 {
		if attr, ok := rest[0].(hcl.TraverseAttr); ok {
			name = attr.Name
		}
	}
	switch root := t.RootName(); root {
	case "var":
		return c.known(c.global.Vars, rest)
	case "path":
		return c.known(c.global.Path, rest)
	case "each":
		return c.known(c.each, rest)
	case "local":
		if i := c.layout.Local(name); i >= 0 {
			return descend(c.local(i), rest[1:]), ""
		}
		return c.known(c.global.Locals, rest)
	case "step":
		if i := c.layout.Step(name); i >= 0 {
			return c.step(i, rest[1:])
		}
		return code{}, "a step that does not run"
	case "self":
		if c.self < 0 {
			return code{}, "self where there is none"
		}
		return c.own(rest)
	case "iteration", "vu":
		return identity(root, name, rest)
	case "dataset", "fixture":
		return c.offered(root, name, rest)
	case "run", "provider", "metrics":
		return live(root, rest), ""
	}
	return code{}, "the root " + t.RootName()
}

// known compiles a reference to what does not change.
func (c *compiler) known(root cty.Value, rest hcl.Traversal) (code, string) {
	if root == cty.NilVal {
		return code{}, "a root that is not there"
	}
	v, hd := rest.TraverseRel(root)
	if hd.HasErrors() {
		return code{run: func(*Scope) (Value, verdict) { return Value{}, failed }}, ""
	}
	if plain, _ := v.UnmarkDeep(); !plain.IsWhollyKnown() {
		return code{}, "a value that is not known before the run"
	}
	return constant(keep(v)), ""
}

func (c *compiler) local(i int) code {
	if e := c.layout.Locals[i].Expr; e.folded != cty.NilVal {
		return constant(e.cheap)
	}
	return code{run: func(s *Scope) (Value, verdict) {
		slot := s.localSlot(i)
		if slot.diags.HasErrors() || slot.value.unknown() {
			return Value{}, handed
		}
		return slot.value, good
	}}
}

// live compiles a reference to a root that is filled in after the file is loaded.
func live(root string, rest hcl.Traversal) code {
	return code{run: func(s *Scope) (Value, verdict) {
		v := s.root(root)
		if v == cty.NilVal {
			return Value{}, failed
		}
		v, hd := rest.TraverseRel(v)
		if hd.HasErrors() {
			return Value{}, failed
		}
		return take(v)
	}}
}

func identity(root, name string, rest hcl.Traversal) (code, string) {
	if len(rest) != 1 {
		return code{}, root + " as a whole"
	}
	id := func(n uint64) Value {
		if n > maxExact {
			return Of(cty.NumberUIntVal(n))
		}
		return Int(int64(n))
	}
	switch root + "." + name {
	case "iteration.id":
		return code{run: func(s *Scope) (Value, verdict) { return id(s.it.ID), good }}, ""
	case "iteration.index":
		return code{run: func(s *Scope) (Value, verdict) { return id(s.it.Index), good }}, ""
	case "iteration.uuid":
		return code{run: func(s *Scope) (Value, verdict) { return Value{form: text, text: s.iterationUUID()}, good }}, ""
	case "vu.id":
		return code{run: func(s *Scope) (Value, verdict) { return Int(int64(s.it.VU)), good }}, ""
	}
	return code{}, root + " as a whole"
}

// offered compiles dataset.NAME.row.COLUMN and fixture.NAME.OUTPUT.
func (c *compiler) offered(root, name string, rest hcl.Traversal) (code, string) {
	names, from := []string(nil), func(s *Scope) []named { return s.fixtures }
	if c.layout != nil {
		names = c.layout.Fixtures
	}
	rel := rest[min(1, len(rest)):]
	if root == "dataset" {
		from = func(s *Scope) []named { return s.rows }
		if c.layout != nil {
			names = c.layout.Datasets
		}
		if len(rel) == 0 {
			return code{}, "a dataset as a whole"
		}
		if row, ok := rel[0].(hcl.TraverseAttr); !ok || row.Name != "row" {
			return code{}, "a dataset as a whole"
		}
		rel = rel[1:]
	}
	for i, n := range names {
		if n != name {
			continue
		}
		return descend(code{run: func(s *Scope) (Value, verdict) {
			if at := from(s)[i].value; at != cty.NilVal {
				return take(at)
			}
			return Value{}, failed
		}}, rel), ""
	}
	return code{}, "the " + root + " of another scenario"
}

// descend compiles what follows a value that is there as a whole.
func descend(from code, rest hcl.Traversal) code {
	if len(rest) == 0 {
		return from
	}
	return fold(func(s *Scope) (Value, verdict) {
		v, how := from.run(s)
		if how != good {
			return v, how
		}
		out, hd := rest.TraverseRel(v.Cty())
		if hd.HasErrors() {
			return Value{}, failed
		}
		return take(out)
	}, from)
}

func (c *compiler) relative(e *hclsyntax.RelativeTraversalExpr) (code, string) {
	if t, ok := c.flat(e); ok {
		return c.reference(t)
	}
	from, why := c.compile(e.Source)
	if why != "" {
		return code{}, why
	}
	for _, step := range e.Traversal {
		if _, ok := step.(hcl.TraverseSplat); ok {
			return code{}, "a splat"
		}
	}
	return descend(from, e.Traversal), ""
}

func (c *compiler) index(e *hclsyntax.IndexExpr) (code, string) {
	if t, ok := c.flat(e); ok {
		return c.reference(t)
	}
	parts, why := c.all([]hclsyntax.Expression{e.Collection, e.Key})
	if why != "" {
		return code{}, why
	}
	from, key := parts[0].run, parts[1].run
	return fold(func(s *Scope) (Value, verdict) {
		v, how := from(s)
		k, also := key(s)
		if how != good || also != good {
			return Value{}, handed
		}
		out, hd := hcl.Index(v.Cty(), k.Cty(), nil)
		if hd.HasErrors() {
			return Value{}, failed
		}
		return take(out)
	}, parts...), ""
}

// flat makes one traversal of what is written with keys that are constant, as in
// step.send[each.key].started_at.
func (c *compiler) flat(e hclsyntax.Expression) (hcl.Traversal, bool) {
	switch e := e.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		return e.Traversal, true
	case *hclsyntax.RelativeTraversalExpr:
		t, ok := c.flat(e.Source)
		return append(slices.Clip(t), e.Traversal...), ok
	case *hclsyntax.IndexExpr:
		t, ok := c.flat(e.Collection)
		if !ok {
			return nil, false
		}
		key, why := c.compile(e.Key)
		if why != "" || !key.fixed || key.value.secret || key.value.form != text && key.value.form != number {
			return nil, false
		}
		return append(slices.Clip(t), hcl.TraverseIndex{Key: key.value.Cty(), SrcRange: e.SrcRange}), true
	}
	return nil, false
}

// names writes a path as an Object takes it: a place in a list is its number.
func names(t hcl.Traversal) ([]string, bool) {
	out := make([]string, 0, len(t))
	for _, step := range t {
		switch p := step.(type) {
		case hcl.TraverseAttr:
			out = append(out, p.Name)
		case hcl.TraverseIndex:
			switch key := Of(p.Key); {
			case key.form == text && !key.secret:
				out = append(out, key.text)
			case key.form == number && !key.secret && key.number >= 0 && key.number == float64(int(key.number)):
				out = append(out, strconv.Itoa(int(key.number)))
			default:
				return nil, false
			}
		default:
			return nil, false
		}
	}
	return out, true
}

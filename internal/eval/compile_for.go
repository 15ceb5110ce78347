package eval

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// forEach compiles [for k, v in LIST : VALUE]. Objects and conditions are left to hcl.
func (c *compiler) forEach(e *hclsyntax.ForExpr) (code, string) {
	switch {
	case e.KeyExpr != nil:
		return code{}, "a for expression that makes an object"
	case e.CondExpr != nil:
		return code{}, "a for expression with if"
	}
	list, why := c.compile(e.CollExpr)
	if why != "" {
		return code{}, why
	}
	at := len(c.bound)
	c.bound = append(c.bound, e.KeyVar, e.ValVar)
	value, why := c.compile(e.ValExpr)
	c.bound = c.bound[:at]
	if why != "" {
		return code{}, why
	}
	from, each := list.run, value.run
	return fold(func(s *Scope) (Value, verdict) {
		v, how := from(s)
		if how != good {
			return Value{}, how
		}
		coll, marks := v.Cty().Unmark()
		if coll.IsNull() || !coll.CanIterateElements() {
			return Value{}, handed
		}
		if s == nil {
			s = &Scope{}
		}
		out := make([]cty.Value, 0, coll.LengthInt())
		s.loop = append(s.loop[:at], Value{}, Value{})
		for it := coll.ElementIterator(); it.Next(); {
			k, el := it.Element()
			s.loop = append(s.loop[:at], keep(k), keep(el))
			v, how := each(s)
			if how != good || v.rounded {
				return Value{}, handed
			}
			out = append(out, v.Cty())
		}
		return take(cty.TupleVal(out).WithMarks(marks))
	}, list, value), ""
}

// variable compiles a reference to what a for expression binds.
func (c *compiler) variable(t hcl.Traversal) (code, bool) {
	for i, name := range slices.Backward(c.bound) {
		if name == t.RootName() && name != "" {
			return descend(code{run: func(s *Scope) (Value, verdict) {
				if v := s.loop[i]; !v.unknown() {
					return v, good
				}
				return Value{}, handed
			}}, t[1:]), true
		}
	}
	return code{}, false
}

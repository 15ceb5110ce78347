package eval

import "github.com/zclconf/go-cty/cty"

// check is what a scope has that checks a file: names in place of places, since the
// layout is known only when everything is checked.
type check struct {
	locals    map[string]*Expr
	memo      map[string]localSlot
	steps     map[string]cty.Value
	instances map[string]map[string]cty.Value
}

// NewCheckScope makes a scope in which everything that belongs to an iteration is
// unknown, for checking a file before anything is sent.
func (g *Globals) NewCheckScope(locals map[string]*Expr, each cty.Value) *Scope {
	return &Scope{globals: g, own: each, each: each, check: &check{
		locals: locals, memo: make(map[string]localSlot, len(locals)), steps: map[string]cty.Value{},
	}}
}

// SetStep publishes the result of a step by its name, in a scope for checking. key is
// the for_each key, empty without.
func (s *Scope) SetStep(name, key string, forEach bool, result cty.Value) {
	c := s.check
	if c == nil {
		s.SetResult(s.layout.Step(name), key, Whole(result))
		return
	}
	if !forEach {
		c.steps[name] = result
		return
	}
	if c.instances == nil {
		c.instances = map[string]map[string]cty.Value{}
	}
	if c.instances[name] == nil {
		c.instances[name] = map[string]cty.Value{}
	}
	c.instances[name][key] = result
	c.steps[name] = cty.ObjectVal(c.instances[name])
}

func (c *check) has(name string) bool {
	if c == nil {
		return false
	}
	_, ok := c.steps[name]
	return ok
}

// unknownIteration is the root iteration while a file is checked.
func unknownIteration() cty.Value {
	return cty.ObjectVal(map[string]cty.Value{
		"id": cty.UnknownVal(cty.Number).RefineNotNull(), "index": cty.UnknownVal(cty.Number).RefineNotNull(),
		"uuid": cty.UnknownVal(cty.String).RefineNotNull(),
	})
}

package eval

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/authbench/authbench/internal/diag"
)

// context holds just the roots that e refers to.
func (s *Scope) context(e *Expr) (*hcl.EvalContext, diag.List) {
	var diags diag.List
	vars := make(map[string]cty.Value, len(e.roots))
	for _, root := range e.roots {
		var v cty.Value
		switch root {
		case "local":
			var d diag.List
			v, d = s.localObject(e.locals)
			diags = append(diags, d...)
		case "step":
			v = s.stepObject(e.steps)
		case "each":
			v = s.each
			if e.bound {
				v = e.each
			}
		default:
			v = s.root(root)
		}
		if v != cty.NilVal {
			vars[root] = v
		}
	}
	if s.shared == nil {
		s.shared = &hcl.EvalContext{Functions: s.globals.Functions}
	}
	ctx := s.shared.NewChild()
	ctx.Variables = vars
	if e.impure {
		ctx.Functions = s.impureFunctions()
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
	case "self":
		if s.self != nil {
			return s.self.Object()
		}
	case "iteration":
		return s.iterationObject()
	case "vu":
		return s.vuObject()
	case "dataset":
		return rowsObject(s.rows)
	case "fixture":
		return namedObject(s.fixtures)
	case "metrics":
		return s.metrics
	}
	return cty.NilVal
}

func (s *Scope) iterationObject() cty.Value {
	if s.check != nil {
		return unknownIteration()
	}
	return cty.ObjectVal(map[string]cty.Value{
		"id":    cty.NumberUIntVal(s.it.ID),
		"index": cty.NumberUIntVal(s.it.Index),
		"uuid":  cty.StringVal(s.iterationUUID()),
	})
}

func (s *Scope) vuObject() cty.Value {
	id := cty.NumberIntVal(int64(s.it.VU))
	if s.check != nil {
		id = cty.UnknownVal(cty.Number).RefineNotNull()
	}
	return cty.ObjectVal(map[string]cty.Value{"id": id})
}

// iterationUUID gives the text of iteration.uuid, made when it is first asked for.
func (s *Scope) iterationUUID() string {
	if s.uuid == "" {
		s.uuid = formatUUID(s.uuidHi, s.uuidLo)
	}
	return s.uuid
}

func namedObject(from []named) cty.Value {
	attrs := make(map[string]cty.Value, len(from))
	for _, n := range from {
		if n.value != cty.NilVal {
			attrs[n.name] = n.value
		}
	}
	return cty.ObjectVal(attrs)
}

func rowsObject(from []named) cty.Value {
	attrs := make(map[string]cty.Value, len(from))
	for _, n := range from {
		if n.value != cty.NilVal {
			attrs[n.name] = cty.ObjectVal(map[string]cty.Value{"row": n.value})
		}
	}
	return cty.ObjectVal(attrs)
}

func (s *Scope) stepObject(names []string) cty.Value {
	attrs := make(map[string]cty.Value, len(names))
	for _, n := range names {
		if v := s.step(n); v != cty.NilVal {
			attrs[n] = v
		}
	}
	return cty.ObjectVal(attrs)
}

// step gives the result of a step, by key for one with for_each, NilVal before it ran.
func (s *Scope) step(name string) cty.Value {
	i := s.layout.Step(name)
	if i < 0 {
		if s.check == nil {
			return cty.NilVal
		}
		return s.check.steps[name]
	}
	slot, l := &s.steps[i], &s.layout.Steps[i]
	if slot.state == 0 {
		return cty.NilVal
	}
	if !l.ForEach {
		return l.value(slot.object)
	}
	byKey := make(map[string]cty.Value, len(slot.instances))
	for _, in := range slot.instances {
		byKey[in.key] = l.value(in.object)
	}
	return cty.ObjectVal(byKey)
}

func (s *StepLayout) value(o Object) cty.Value {
	if o == nil {
		return cty.NullVal(s.Type())
	}
	return o.Object()
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
	if i := s.layout.Local(name); i >= 0 {
		return s.localAt(i)
	}
	if s.check != nil {
		if e, ok := s.check.locals[name]; ok {
			return s.checkLocal(name, e)
		}
	}
	if g := s.globals.Locals; g != cty.NilVal && g.Type().IsObjectType() && g.Type().HasAttribute(name) {
		return g.GetAttr(name), nil
	}
	return cty.DynamicVal, nil
}

func (s *Scope) localAt(i int) (cty.Value, diag.List) {
	slot := s.localSlot(i)
	if slot.diags.HasErrors() {
		return cty.DynamicVal, slot.diags
	}
	if e := s.layout.Locals[i].Expr; slot.value.rounded && !e.impure {
		// hcl computes with more digits than the cheap form keeps.
		v, diags := s.apart(e.Value)
		slot.value, slot.diags = keep(v), diags
	}
	return slot.value.Cty(), slot.diags
}

// apart evaluates a local. It never sees self or the each of the step that happens to
// need it first.
func (s *Scope) apart(evaluate func(*Scope) (cty.Value, diag.List)) (cty.Value, diag.List) {
	self, each := s.self, s.each
	s.self, s.each = nil, s.own
	v, diags := evaluate(s)
	s.self, s.each = self, each
	return v, diags
}

// localSlot gives the kept value, evaluated first if need be.
func (s *Scope) localSlot(i int) *localSlot {
	slot := &s.locals[i]
	if slot.done {
		return slot
	}
	self, each, loop := s.self, s.each, s.loop
	s.self, s.each, s.loop = nil, s.own, loop[len(loop):]
	slot.value, slot.diags = s.layout.Locals[i].Expr.Eval(s)
	s.self, s.each, s.loop, slot.done = self, each, loop, true
	return slot
}

func (s *Scope) checkLocal(name string, e *Expr) (cty.Value, diag.List) {
	if m, ok := s.check.memo[name]; ok {
		return m.value.Cty(), m.diags
	}
	v, diags := s.apart(e.Value)
	s.check.memo[name] = localSlot{done: true, value: keep(v), diags: diags}
	return v, diags
}

// impureFunctions gives the functions of the iteration.
func (s *Scope) impureFunctions() map[string]function.Function {
	if s.impure == nil {
		s.impure = impure(s.dice())
		if s.check != nil {
			for name, f := range s.impure {
				s.impure[name] = function.Unpredictable(f)
			}
		}
	}
	return s.impure
}

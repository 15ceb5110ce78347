package eval

import (
	"math/rand/v2"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/authbench/authbench/internal/diag"
)

// Globals are the values that hold for a whole run. They are read-only after the
// plan is made and shared by every scope.
type Globals struct {
	// Vars and Locals are objects: the roots var and, at top level, local.
	Vars, Locals cty.Value
	// Path is the root path.
	Path cty.Value
	// Providers is the root provider: an object by name.
	Providers cty.Value
	// Run is the root run.
	Run cty.Value
	// Functions are the functions that give the same value each time.
	Functions map[string]function.Function
}

// Iteration says which execution a scope belongs to.
type Iteration struct {
	// ID is unique in the run. Index counts the iterations of the scenario instance.
	ID, Index uint64
	// Seed is that of the run; Scenario the declared name. Together with ID they
	// decide every random value of the iteration.
	Seed     uint64
	Scenario string
	// VU is the lowest free place, from 0. It feeds no randomness.
	VU int
}

// Scope holds the values of one iteration. It belongs to one goroutine.
type Scope struct {
	globals   *Globals
	own       cty.Value // the scenario's each
	each      cty.Value
	self      cty.Value
	iteration cty.Value
	vu        cty.Value
	// shared holds the functions that need no iteration.
	shared *hcl.EvalContext
	// rng feeds the other functions, nil where their values are unknown. They are
	// made when an expression first calls one.
	rng       *rand.Rand
	random    map[string]function.Function
	locals    map[string]*Expr
	memo      map[string]memo
	steps     map[string]cty.Value
	instances map[string]map[string]cty.Value
}

type memo struct {
	value cty.Value
	diags diag.List
}

// NewScope makes the scope of an iteration. locals are the scenario's, evaluated
// when first needed and once. each is the scenario's each object, or NilVal.
func (g *Globals) NewScope(it Iteration, locals map[string]*Expr, each cty.Value) *Scope {
	rng := newRand(it)
	s := g.newScope(locals, each)
	s.iteration = cty.ObjectVal(map[string]cty.Value{
		"id":    cty.NumberUIntVal(it.ID),
		"index": cty.NumberUIntVal(it.Index),
		"uuid":  cty.StringVal(randomUUID(rng)),
	})
	s.vu = cty.ObjectVal(map[string]cty.Value{"id": cty.NumberIntVal(int64(it.VU))})
	s.rng = rng
	return s
}

// NewCheckScope makes a scope in which everything that belongs to an iteration is
// unknown, for checking a file before anything is sent.
func (g *Globals) NewCheckScope(locals map[string]*Expr, each cty.Value) *Scope {
	s := g.newScope(locals, each)
	s.iteration = cty.ObjectVal(map[string]cty.Value{
		"id": cty.UnknownVal(cty.Number).RefineNotNull(), "index": cty.UnknownVal(cty.Number).RefineNotNull(),
		"uuid": cty.UnknownVal(cty.String).RefineNotNull(),
	})
	s.vu = cty.ObjectVal(map[string]cty.Value{"id": cty.UnknownVal(cty.Number).RefineNotNull()})
	return s
}

func (g *Globals) newScope(locals map[string]*Expr, each cty.Value) *Scope {
	return &Scope{
		globals: g, shared: &hcl.EvalContext{Functions: g.Functions}, own: each, each: each, locals: locals,
		memo: make(map[string]memo, len(locals)), steps: map[string]cty.Value{},
	}
}

// impure gives the functions of the iteration.
func (s *Scope) impure() map[string]function.Function {
	if s.random == nil {
		s.random = impure(s.rng)
		for name, f := range s.random {
			if s.rng == nil {
				s.random[name] = function.Unpredictable(f)
			}
		}
	}
	return s.random
}

// SetStep publishes the result of a step. key is the for_each key, empty without.
func (s *Scope) SetStep(name, key string, forEach bool, result cty.Value) {
	if !forEach {
		s.steps[name] = result
		return
	}
	if s.instances == nil {
		s.instances = map[string]map[string]cty.Value{}
	}
	if s.instances[name] == nil {
		s.instances[name] = map[string]cty.Value{}
	}
	s.instances[name][key] = result
	s.steps[name] = cty.ObjectVal(s.instances[name])
}

// HasStep reports whether a result of the step, or of one of its instances, is there.
func (s *Scope) HasStep(name string) bool {
	_, ok := s.steps[name]
	return ok
}

// Local gives the value of a local, evaluated at its first use.
func (s *Scope) Local(name string) (cty.Value, diag.List) { return s.local(name) }

// SetSelf sets the root self; NilVal takes it away.
func (s *Scope) SetSelf(v cty.Value) { s.self = v }

// SetEach sets the root each and gives what it was, for a step with for_each.
func (s *Scope) SetEach(v cty.Value) (before cty.Value) {
	before, s.each = s.each, v
	return before
}

// Each makes the value of the root each.
func Each(key string, value cty.Value) cty.Value {
	return cty.ObjectVal(map[string]cty.Value{"key": cty.StringVal(key), "value": value})
}

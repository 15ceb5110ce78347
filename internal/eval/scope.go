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

// Scope holds the values of one iteration. It belongs to one goroutine at a time.
type Scope struct {
	globals *Globals
	layout  *Layout
	it      Iteration
	// own is the scenario's each; each that of an expression that was not compiled.
	own, each cty.Value
	self      Object
	steps     []stepSlot // by place in the layout
	locals    []localSlot
	rows      []named // root dataset
	fixtures  []named // root fixture
	metrics   cty.Value
	// random draws the numbers of the iteration; the first two are those of its uuid.
	random         rand.PCG
	rng            *rand.Rand // over random, made when it is first needed
	uuidHi, uuidLo uint64
	uuid           string
	// stack holds the arguments of compiled calls, loop what their for expressions bind.
	stack, loop []Value
	// check is what only a scope without an iteration has.
	check *check
	// shared holds the functions that need no iteration, impure the others. Both are
	// made when hcl first evaluates something.
	shared *hcl.EvalContext
	impure map[string]function.Function
}

// stepSlot is the result of a step, or those of its instances.
type stepSlot struct {
	state     uint8 // 0 when it did not run
	object    Object
	instances []keyed
}

const (
	published uint8 = 1 + iota
	skipped
)

type keyed struct {
	key    string
	object Object // nil for a null
}

type named struct {
	name  string
	value cty.Value
}

// localSlot keeps the value of a local.
type localSlot struct {
	done  bool
	value Value
	diags diag.List
}

// NewScope makes the scope of an iteration. Its locals are evaluated when they are
// first needed, once. each is the scenario's each object, or NilVal. l may be nil for
// expressions that refer to no step, local, dataset or fixture of a scenario.
func (g *Globals) NewScope(it Iteration, l *Layout, each cty.Value) *Scope {
	s := &Scope{globals: g, layout: l, own: each, each: each}
	if l != nil {
		s.steps, s.locals = make([]stepSlot, len(l.Steps)), make([]localSlot, len(l.Locals))
		s.rows, s.fixtures = places(l.Datasets), places(l.Fixtures)
	}
	s.begin(it)
	return s
}

// NewMetricsScope makes a scope for thresholds and outputs of a run: the root metrics
// and what holds for the run, no iteration.
func NewMetricsScope(g *Globals, metrics cty.Value) *Scope {
	s := g.NewScope(Iteration{}, nil, cty.NilVal)
	s.metrics = metrics
	return s
}

// Reset makes the scope that of another iteration of the same scenario instance.
// Nothing of the one before is left.
func (s *Scope) Reset(it Iteration) {
	for i := range s.steps {
		clear(s.steps[i].instances)
		s.steps[i] = stepSlot{instances: s.steps[i].instances[:0]}
	}
	clear(s.locals)
	for i := range s.rows {
		s.rows[i].value = cty.NilVal
	}
	for i := range s.fixtures {
		s.fixtures[i].value = cty.NilVal
	}
	s.self, s.each, s.uuid = nil, s.own, ""
	s.begin(it)
}

func (s *Scope) begin(it Iteration) {
	s.it = it
	seed(&s.random, it)
	s.uuidHi, s.uuidLo = s.random.Uint64(), s.random.Uint64()
}

func places(names []string) []named {
	if len(names) == 0 {
		return nil
	}
	out := make([]named, len(names))
	for i, n := range names {
		out[i].name = n
	}
	return out
}

// SetResult publishes the result of the step at a place of the layout, that of one
// instance when the step has for_each. A nil object is a null of the step's type.
func (s *Scope) SetResult(step int, key string, o Object) {
	slot := &s.steps[step]
	if s.layout.Steps[step].ForEach {
		slot.state = published
		for i := range slot.instances {
			if slot.instances[i].key == key {
				slot.instances[i].object = o
				return
			}
		}
		slot.instances = append(slot.instances, keyed{key, o})
		return
	}
	slot.state, slot.object = published, o
	if o == nil {
		slot.state = skipped
	}
}

// SetSelf sets the root self; nil takes it away.
func (s *Scope) SetSelf(o Object) { s.self = o }

// SetRow sets `dataset.NAME.row`.
func (s *Scope) SetRow(dataset string, row cty.Value) { s.rows = set(s.rows, dataset, row) }

// SetFixture sets the outputs that `fixture.NAME` offers, an object.
func (s *Scope) SetFixture(name string, outputs cty.Value) {
	s.fixtures = set(s.fixtures, name, outputs)
}

func set(to []named, name string, v cty.Value) []named {
	for i := range to {
		if to[i].name == name {
			to[i].value = v
			return to
		}
	}
	return append(to, named{name, v})
}

// HasStep reports whether a result of the step, or of one of its instances, is there.
func (s *Scope) HasStep(name string) bool {
	if i := s.layout.Step(name); i >= 0 {
		return s.steps[i].state != 0
	}
	return s.check.has(name)
}

// Local gives the value of a local, evaluated at its first use.
func (s *Scope) Local(name string) (cty.Value, diag.List) { return s.local(name) }

// SetEach sets the root each for expressions that are not compiled, and gives what it
// was. Compiled ones know theirs.
func (s *Scope) SetEach(v cty.Value) (before cty.Value) {
	before, s.each = s.each, v
	return before
}

// Each makes the value of the root each.
func Each(key string, value cty.Value) cty.Value {
	return cty.ObjectVal(map[string]cty.Value{"key": cty.StringVal(key), "value": value})
}

package eval

import (
	"slices"

	"github.com/zclconf/go-cty/cty"
)

// Layout gives the steps and locals of a scenario their places. It is read-only once
// the expressions are compiled.
type Layout struct {
	// Steps has one entry for each name: the instances of a for_each share it.
	Steps []StepLayout
	// Locals are those of the scenario.
	Locals []LocalLayout
	// Datasets and Fixtures are the names that expressions may refer to.
	Datasets, Fixtures []string
}

// StepLayout says what a result of a step is made of.
type StepLayout struct {
	Name string
	// ForEach tells that there is one result for each key.
	ForEach bool
	Attrs   []AttrLayout
}

// AttrLayout is an attribute of a result.
type AttrLayout struct {
	Name string
	Type cty.Type
	// Sensitive tells that the value is marked unless it is null.
	Sensitive bool
}

// LocalLayout is a local of a scenario.
type LocalLayout struct {
	Name string
	Expr *Expr
}

// Step gives the place of a step, -1 when there is none of this name.
func (l *Layout) Step(name string) int {
	if l == nil {
		return -1
	}
	return slices.IndexFunc(l.Steps, func(s StepLayout) bool { return s.Name == name })
}

// Local gives the place of a local, -1 when there is none of this name.
func (l *Layout) Local(name string) int {
	if l == nil {
		return -1
	}
	return slices.IndexFunc(l.Locals, func(d LocalLayout) bool { return d.Name == name })
}

// Type gives the type of a result.
func (s *StepLayout) Type() cty.Type {
	types := make(map[string]cty.Type, len(s.Attrs))
	for _, a := range s.Attrs {
		types[a.Name] = a.Type
	}
	return cty.Object(types)
}

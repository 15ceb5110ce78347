package runner

import (
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
)

// scalar is a type whose values need no conversion where they are of it already. It is
// asked for with every value, and comparing types takes longer.
type scalar uint8

const (
	otherType scalar = iota
	textType
	truthType
	numberType
)

func scalarOf(t cty.Type) scalar {
	switch t {
	case cty.String:
		return textType
	case cty.Bool:
		return truthType
	case cty.Number:
		return numberType
	}
	return otherType
}

// holds reports whether a value is of the type as it stands.
func (t scalar) holds(v eval.Value) (ok bool) {
	switch t {
	case textType:
		_, ok = v.AsText()
	case truthType:
		_, ok = v.AsBool()
	case numberType:
		_, ok = v.AsNumber()
	}
	return ok
}

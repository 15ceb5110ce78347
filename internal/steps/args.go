package steps

import (
	"maps"
	"slices"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
)

// Args are the values of a step's or a provider's arguments, converted to the types of
// the kind, each in the place of its [Arg]. An absent argument is absent or null. In
// Check, Requests and Sends values may be unknown; the accessors take unknown for absent.
//
// A copy shares the values. Args may be read concurrently while nobody sets one. The
// zero Args are those of a kind without arguments.
type Args struct {
	specs  []Arg
	values []eval.Value
}

// NewArgs makes the arguments of a kind, all absent. It keeps specs and does not
// change them.
func NewArgs(specs []Arg) Args {
	return Args{specs: specs, values: make([]eval.Value, len(specs))}
}

// ArgsOf makes arguments of whatever is given, in the order of the names.
func ArgsOf(values map[string]cty.Value) Args {
	var a Args
	for _, name := range slices.Sorted(maps.Keys(values)) {
		a.Set(name, eval.Of(values[name]))
	}
	return a
}

// Clone gives a copy with values of its own.
func (a Args) Clone() Args {
	a.values = slices.Clone(a.values)
	return a
}

// Set sets an argument. A name that has no place gets one.
func (a *Args) Set(name string, v eval.Value) {
	i := a.place(name)
	if i < 0 {
		i = len(a.specs)
		// Clipped: the specs belong to a kind.
		a.specs = append(slices.Clip(a.specs), Arg{Name: name, Type: cty.DynamicPseudoType})
		a.values = append(slices.Clip(a.values), eval.Value{})
	}
	a.values[i] = v
}

// SetAt sets the argument in this place.
func (a Args) SetAt(i int, v eval.Value) { a.values[i] = v }

// Reset makes all arguments absent.
func (a Args) Reset() { clear(a.values) }

// Len tells how many places there are.
func (a Args) Len() int { return len(a.values) }

// At gives the argument in this place, the zero Value when it is absent.
func (a Args) At(i int) eval.Value { return a.values[i] }

// Get gives the argument of this name, the zero Value when it is absent.
func (a Args) Get(name string) eval.Value {
	if i := a.place(name); i >= 0 {
		return a.values[i]
	}
	return eval.Value{}
}

func (a Args) place(name string) int {
	for i := range a.specs {
		if a.specs[i].Name == name {
			return i
		}
	}
	return -1
}

// Value gives the argument as cty has it, a null of no type when it is absent.
func (a Args) Value(name string) cty.Value {
	if v := a.Get(name); !v.IsAbsent() {
		return v.Cty()
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

// Has reports whether the argument is known and not null.
func (a Args) Has(name string) bool {
	v := a.Get(name)
	return !v.IsNull() && known(v)
}

func known(v eval.Value) bool {
	if _, ok := v.AsText(); ok {
		return true
	}
	return v.Cty().IsKnown()
}

// String gives the text, empty when absent.
func (a Args) String(name string) string {
	s, _ := a.Get(name).AsText()
	return s
}

// Bool gives the truth value, false when absent.
func (a Args) Bool(name string) bool {
	b, ok := a.Get(name).AsBool()
	return ok && b
}

// Int gives the number cut to an integer, 0 when absent.
func (a Args) Int(name string) int64 {
	if !a.Has(name) {
		return 0
	}
	v := a.Value(name)
	if v.Type() != cty.Number {
		return 0
	}
	n, _ := v.AsBigFloat().Int64()
	return n
}

// Duration gives a checked duration argument, 0 when absent.
func (a Args) Duration(name string) time.Duration {
	d, err := time.ParseDuration(a.String(name))
	if err != nil {
		return 0
	}
	return d
}

// Strings gives a map or an object of texts, nil when absent. Nulls are left out.
func (a Args) Strings(name string) map[string]string {
	if !a.Has(name) {
		return nil
	}
	return TextsOf(a.Value(name))
}

// TextsOf gives the texts of a known map or object by name, nil for another value.
// What is unknown, null or no text is left out.
func TextsOf(v cty.Value) map[string]string {
	if !v.CanIterateElements() {
		return nil
	}
	out := make(map[string]string, v.LengthInt())
	for it := v.ElementIterator(); it.Next(); {
		k, v := it.Element()
		if v.IsKnown() && !v.IsNull() && v.Type() == cty.String && k.Type() == cty.String {
			out[k.AsString()] = v.AsString()
		}
	}
	return out
}

package steps

import (
	"time"

	"github.com/zclconf/go-cty/cty"
)

// Args are the values of a step's arguments by name, converted to the types of the
// kind. An absent argument is null or has its default. In Check, Requests and Sends
// values may be unknown; the accessors take unknown for absent.
type Args map[string]cty.Value

// Value gives the argument, a null of no type when it is unset.
func (a Args) Value(name string) cty.Value {
	if v, ok := a[name]; ok {
		return v
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

// Has reports whether the argument is known and not null.
func (a Args) Has(name string) bool {
	v, ok := a[name]
	return ok && v.IsKnown() && !v.IsNull()
}

// String gives the text, empty when absent.
func (a Args) String(name string) string {
	if !a.Has(name) || a[name].Type() != cty.String {
		return ""
	}
	return a[name].AsString()
}

// Bool gives the truth value, false when absent.
func (a Args) Bool(name string) bool {
	return a.Has(name) && a[name].Type() == cty.Bool && a[name].True()
}

// Int gives the number cut to an integer, 0 when absent.
func (a Args) Int(name string) int64 {
	if !a.Has(name) || a[name].Type() != cty.Number {
		return 0
	}
	n, _ := a[name].AsBigFloat().Int64()
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
	if !a.Has(name) || !a[name].CanIterateElements() {
		return nil
	}
	out := make(map[string]string, a[name].LengthInt())
	for it := a[name].ElementIterator(); it.Next(); {
		k, v := it.Element()
		if v.IsKnown() && !v.IsNull() && v.Type() == cty.String && k.Type() == cty.String {
			out[k.AsString()] = v.AsString()
		}
	}
	return out
}

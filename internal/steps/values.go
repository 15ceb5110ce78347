package steps

import (
	"strconv"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
)

// Values are the results of a kind's own, read when something refers to them: most of
// an answer is never looked at. They carry no marks, do not change, and are for one
// goroutine at a time. They keep the answer that they are read from.
type Values interface {
	// Value gives the result of this name as cty has it, cty.NilVal when it is absent.
	Value(name string) cty.Value
	// At gives what stands at path below the result of this name, without making the
	// rest; an empty path is the result itself. The absent Value says that nothing
	// stands there: null on the way, or no result, attribute or key of this name. ok is
	// false when it is not to be had cheaply; the caller takes Value apart instead.
	At(name string, path []string) (v eval.Value, ok bool)
}

// Fixed are values that are there as a whole.
type Fixed map[string]cty.Value

// Value implements [Values].
func (f Fixed) Value(name string) cty.Value { return f[name] }

// At implements [Values].
func (f Fixed) At(name string, path []string) (eval.Value, bool) { return Below(f[name], path) }

// Place reads the index of a list where it stands among names, as [Values.At] is given it.
func Place(name string) (int, bool) {
	n, err := strconv.Atoi(name)
	return n, err == nil && n >= 0 && strconv.Itoa(n) == name
}

// Below gives what stands at path below a value, by the rules of [Values]. Attributes of
// objects and elements of maps have names; whatever else is on the way is not cheap.
func Below(v cty.Value, path []string) (eval.Value, bool) {
	for _, name := range path {
		switch {
		case v == cty.NilVal:
			return eval.Value{}, true
		case !v.IsKnown() || v.IsMarked():
			return eval.Value{}, false
		case v.IsNull():
			return eval.Value{}, true
		}
		switch t := v.Type(); {
		case t.IsObjectType():
			if !t.HasAttribute(name) {
				return eval.Value{}, true
			}
			v = v.GetAttr(name)
		case t.IsMapType():
			key := cty.StringVal(name)
			if v.HasIndex(key).False() {
				return eval.Value{}, true
			}
			v = v.Index(key)
		default:
			return eval.Value{}, false
		}
	}
	return eval.Of(v), true
}

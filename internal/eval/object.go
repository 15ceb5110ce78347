package eval

import "github.com/zclconf/go-cty/cty"

// Object is the result of a step: attributes by place, read when they are asked for.
// It belongs to the goroutine of its scope and does not change.
type Object interface {
	// Attr gives what stands at path below the attribute of this place in the step's
	// layout, marks included; an empty path is the attribute itself. The marks that
	// the layout tells are added by the caller. An absent value says that nothing
	// stands there: null on the way, or no attribute or key of this name. ok is false
	// when the value is not to be had cheaply; the caller takes Object apart instead.
	Attr(place int, path []string) (v Value, ok bool)
	// Object gives the whole result as cty has it, with marks. It is asked for often
	// and should be made once.
	Object() cty.Value
}

// Whole makes an object of a value that is there as a whole already.
func Whole(v cty.Value) Object { return finished{v} }

type finished struct{ value cty.Value }

func (finished) Attr(int, []string) (Value, bool) { return Value{}, false }
func (f finished) Object() cty.Value              { return f.value }

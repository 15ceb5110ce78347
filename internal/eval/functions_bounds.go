package eval

import (
	"regexp"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// maxWidth bounds what a width, a precision or an indentation may ask for.
const maxWidth = 9999

// wide finds a width or a precision beyond the bound in a format.
var wide = regexp.MustCompile(`%[^a-zA-Z%]*[0-9]{5}`)

// narrow refuses formats that ask for text without bound.
func narrow(f function.Function) function.Function {
	return guarded(f, func(args []cty.Value) error {
		if v, _ := args[0].Unmark(); v.Type() == cty.String && v.IsKnown() && !v.IsNull() && wide.MatchString(v.AsString()) {
			return function.NewArgErrorf(0, "a width or a precision must be at most %d", maxWidth)
		}
		return nil
	})
}

// shallow refuses an indentation without bound.
func shallow(f function.Function) function.Function {
	return guarded(f, func(args []cty.Value) error {
		v, _ := args[0].Unmark()
		if v.Type() != cty.Number || !v.IsKnown() || v.IsNull() {
			return nil
		}
		if n, err := wholeNumber(v, 0); err != nil || n < 0 || n > maxWidth {
			return function.NewArgErrorf(0, "must be a whole number from 0 to %d", maxWidth)
		}
		return nil
	})
}

// guarded asks before it calls. Everything else about f stays as it is.
func guarded(f function.Function, ask func(args []cty.Value) error) function.Function {
	return function.New(&function.Spec{
		Description: f.Description(),
		Params:      f.Params(),
		VarParam:    f.VarParam(),
		Type: func(args []cty.Value) (cty.Type, error) {
			if err := ask(args); err != nil {
				return cty.DynamicPseudoType, err
			}
			return f.ReturnTypeForValues(args)
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return f.Call(args) },
	})
}

package eval

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

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
		n, err := wholeNumber(v, 0)
		if err != nil || n < 0 || n > maxWidth {
			return function.NewArgErrorf(0, "must be a whole number from 0 to %d", maxWidth)
		}
		if text, ok := plainText(args[1]); ok && len(text)+int(n)*strings.Count(text, "\n") > MaxText {
			return errLongText
		}
		return nil
	})
}

// MaxDigits bounds the digits of a number, and its exponent: a few characters could
// otherwise ask for gigabytes of digits.
const MaxDigits = 400

// HugeNumber reports a text that stands for a number beyond the bound.
func HugeNumber(text string) bool {
	digits, exponent, ok := strings.Cut(strings.ToLower(text), "e")
	if len(digits) > MaxDigits {
		return true
	}
	n, err := strconv.Atoi(exponent)
	return ok && (err != nil || n > MaxDigits || n < -MaxDigits)
}

// countable refuses numbers without bound in what a function reads: a text that is a
// number, or that is JSON and holds some.
func countable(f function.Function, huge func(text string) bool) function.Function {
	return guarded(f, func(args []cty.Value) error {
		v, _ := args[0].Unmark()
		if v.Type() == cty.String && v.IsKnown() && !v.IsNull() && huge(v.AsString()) {
			return function.NewArgErrorf(0, "a number has %d digits and an exponent of %d at most", MaxDigits, MaxDigits)
		}
		return nil
	})
}

func hugeInJSON(text string) bool {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	for {
		token, err := d.Token()
		if err != nil {
			return false // the end, or a fault that the function itself reports
		}
		if n, ok := token.(json.Number); ok && HugeNumber(n.String()) {
			return true
		}
	}
}

// numeric is HugeNumber for what is a number at all.
func numeric(text string) bool {
	text = strings.TrimSpace(text)
	return text != "" && strings.Trim(text, "0123456789.eE+-") == "" && HugeNumber(strings.TrimLeft(text, "+-"))
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

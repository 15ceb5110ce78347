package emulator

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// sameValue tells whether two JSON values are the same. Numbers are compared by what they
// come to: 3, 3.0 and 30e-1 are one.
func sameValue(a, b any) bool {
	switch a := a.(type) {
	case json.Number:
		b, ok := b.(json.Number)
		return ok && decimalOf(a) == decimalOf(b)
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, b, sameValue)
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, sameValue)
	}
	switch b.(type) {
	case map[string]any, []any:
		return false // which == would panic on
	}
	return a == b
}

// decimal is a number without its zeros at either end, times a power of ten.
type decimal struct {
	negative bool
	digits   string // empty is zero
	exponent int
}

func decimalOf(n json.Number) (d decimal) {
	text, negative := strings.CutPrefix(strings.ToLower(n.String()), "-")
	mantissa, power, _ := strings.Cut(text, "e")
	exponent, err := strconv.Atoi(power)
	if err != nil && power != "" {
		return decimal{digits: n.String()} // beyond all bounds: it is the same as its own text
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	short := strings.TrimRight(digits, "0")
	if short == "" {
		return decimal{}
	}
	return decimal{negative, short, exponent - len(fraction) + len(digits) - len(short)}
}

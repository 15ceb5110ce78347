package steps

import (
	"bytes"
	"encoding/json"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/jsondoc"
)

// JSONAt gives what stands at path below a value of a document, as [Below] gives it of
// what [FromJSON] makes of the whole.
func JSONAt(v jsondoc.Value, path []string) (eval.Value, bool) {
	for _, name := range path {
		switch v.Kind() {
		case jsondoc.None, jsondoc.Null:
			return eval.Value{}, true
		case jsondoc.Object:
			// Names of attributes are normalized, so that another spelling may be meant.
			if !v.Plain() {
				return eval.Value{}, false
			}
			v = v.Get(name)
		case jsondoc.Array:
			place, ok := Place(name)
			if v = v.Index(place); !ok || v.Kind() == jsondoc.None {
				return eval.Value{}, false // an error, which the caller tells
			}
		default:
			return eval.Value{}, false
		}
	}
	switch v.Kind() {
	case jsondoc.None:
		return eval.Value{}, true
	case jsondoc.Null:
		return eval.Null(), true
	case jsondoc.Bool:
		return eval.Bool(v.True()), true
	case jsondoc.String:
		return eval.Text(v.Text()), true
	case jsondoc.Number:
		// More digits, fractions and -0 are no float64 that prints like them.
		if n, ok := v.Int(); ok && len(v.Raw()) <= maxDigits && (n != 0 || len(v.Raw()) == 1) {
			return eval.Int(n), true
		}
		return eval.Of(FromJSON(json.Number(v.Raw()))), true
	}
	d := json.NewDecoder(bytes.NewReader(v.Raw()))
	d.UseNumber()
	var whole any
	if d.Decode(&whole) != nil {
		return eval.Value{}, false
	}
	return eval.Of(FromJSON(whole)), true
}

// maxDigits is how many digits a whole number may have to be exact as a float64.
const maxDigits = 15

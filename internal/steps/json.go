package steps

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
)

// FromJSON gives what encoding/json decoded into an any, or into a map, as a value.
// Arrays become tuples. Numbers keep their digits if the decoder used json.Number.
// A number beyond the bound of [eval.HugeNumber] becomes its text: a few bytes of an
// answer could otherwise ask for gigabytes of digits. A type that JSON does
// not have becomes null.
func FromJSON(v any) cty.Value {
	switch v := v.(type) {
	case string:
		return cty.StringVal(v)
	case bool:
		return cty.BoolVal(v)
	case float64:
		return cty.NumberFloatVal(v)
	case json.Number:
		if eval.HugeNumber(v.String()) {
			return cty.StringVal(v.String())
		}
		if n, err := cty.ParseNumberVal(v.String()); err == nil {
			return n
		}
	case []any:
		list := make([]cty.Value, len(v))
		for i, e := range v {
			list[i] = FromJSON(e)
		}
		return cty.TupleVal(list)
	case map[string]any:
		attrs := make(map[string]cty.Value, len(v))
		// Sorted: names that are the same once they are normalized must not take turns.
		for _, k := range slices.Sorted(maps.Keys(v)) {
			attrs[cty.NormalizeString(k)] = FromJSON(v[k])
		}
		return cty.ObjectVal(attrs)
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

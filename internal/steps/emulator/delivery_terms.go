package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/steps"
)

// terms are the arguments that say how messages travel, beside the carriers.
var terms = []string{"latency", "loss", "duplicate", "reorder", "reorder_within", "reject_at"}

// changed is the document of the terms that a step has, a [policy.DeliveryChange].
// Values that are not known as a whole are left out.
func changed(a steps.Args) map[string]any {
	out := map[string]any{}
	for _, name := range terms {
		if text, ok := written(a.Value(name)); ok {
			out[name] = text
		}
	}
	var carriers []map[string]any
	for prefix, of := range parts(a.Value("carrier")) {
		one := map[string]any{"prefix": prefix}
		for name, v := range parts(of) {
			if text, ok := written(v); ok {
				one[name] = text
			}
		}
		carriers = append(carriers, one)
	}
	if carriers != nil {
		out["carrier"] = carriers
	}
	return out
}

// written is a value as JSON, unless it is null or not known.
func written(v cty.Value) (json.RawMessage, bool) {
	if v.IsNull() || !v.IsWhollyKnown() {
		return nil, false
	}
	text, err := ctyjson.Marshal(v, v.Type())
	return text, err == nil
}

// parts gives the elements of an object or map in the order of their names.
func parts(v cty.Value) func(yield func(string, cty.Value) bool) {
	return func(yield func(string, cty.Value) bool) {
		if !v.IsKnown() || v.IsNull() || !v.Type().IsObjectType() && !v.Type().IsMapType() {
			return
		}
		for it := v.ElementIterator(); it.Next(); {
			name, part := it.Element()
			if !yield(name.AsString(), part) {
				return
			}
		}
	}
}

// checkDelivery finds what the emulator would refuse.
func checkDelivery(a steps.Args) []steps.Problem {
	var problems []steps.Problem
	tell := func(arg, format string, args ...any) {
		problems = append(problems, steps.Problem{Arg: arg, Detail: fmt.Sprintf(format, args...)})
	}
	if v := a.Value("carrier"); v.IsKnown() && !v.IsNull() {
		if !v.Type().IsObjectType() && !v.Type().IsMapType() {
			tell("carrier", `Carriers stand by their prefix: carrier = { "+213" = { reject = "no_geo" } }.`)
			return problems
		}
		for prefix, of := range parts(v) {
			if of.IsKnown() && (of.IsNull() || !of.Type().IsObjectType() && !of.Type().IsMapType()) {
				tell("carrier", `What holds for %q must be an object, such as { reject = "no_geo" }.`, prefix)
				return problems
			}
		}
	}
	var change policy.DeliveryChange
	document := changed(a)
	for _, name := range append([]string{"carrier"}, terms...) {
		v, there := document[name]
		if !there {
			continue
		}
		text, err := json.Marshal(map[string]any{name: v})
		if err == nil {
			err = strictly(text, &change)
		}
		if err != nil {
			tell(name, "%s.", sentence(err))
		}
	}
	if len(problems) > 0 {
		return problems
	}
	for _, p := range change.Apply(policy.DefaultDelivery()).Validate() {
		setting := strings.TrimPrefix(p.Setting, "delivery.")
		for i, c := range change.Carriers {
			setting = strings.Replace(setting, fmt.Sprintf("carrier[%d]", i), fmt.Sprintf("carrier[%q]", c.Prefix), 1)
		}
		arg, _, _ := strings.Cut(setting, "[")
		arg, _, _ = strings.Cut(arg, ".")
		tell(arg, "%s: %s.", setting, p.Detail)
	}
	return problems
}

// sentence speaks of the argument, not of the Go types that it is read into.
func sentence(err error) string {
	if mistyped, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return mistyped.Field + " has the wrong type, a " + mistyped.Value
	}
	text := strings.TrimPrefix(err.Error(), "json: ")
	return strings.ToUpper(text[:1]) + text[1:]
}

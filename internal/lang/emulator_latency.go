package lang

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/policy"
)

// latencyArg takes a duration, or an object with the parts of a distribution.
func latencyArg[T any](name, doc string, at func(*T) *policy.Latency) argument[T] {
	return argument[T]{
		name: name, kind: "duration or object", doc: doc,
		read: func(l *loader, c *content, into *T) {
			v, ok := l.static(c, name, cty.DynamicPseudoType, cty.NilVal)
			if !ok {
				return
			}
			latency, problem := latencyOf(v)
			if problem != "" {
				l.error(c.expr(name).Site().Range, "Invalid value", fmt.Sprintf(
					`%s: %s. Write a duration, such as "250ms", or an object, such as { distribution = "lognormal", median = "800ms", sigma = 0.5 }.`, name, problem))
				return
			}
			*at(into) = latency
		},
		show: func(from *T) string {
			if d := at(from).Value; at(from).Distribution == policy.Fixed && d != 0 {
				return strconv.Quote(d.String())
			}
			return ""
		},
	}
}

// latencyOf reads a value, or tells what is wrong with it. Whether the parts fit each
// other is for the policy to tell.
func latencyOf(v cty.Value) (out policy.Latency, problem string) {
	out.Distribution = policy.Fixed
	if v.Type() == cty.String {
		problem = durationOf(v, &out.Value)
		return out, problem
	}
	if !v.Type().IsObjectType() && !v.Type().IsMapType() {
		return out, eval.Show(v) + " is no duration and no object"
	}
	durations := map[string]*policy.Duration{
		"value": &out.Value, "mean": &out.Mean, "stddev": &out.Stddev, "median": &out.Median, "min": &out.Min, "max": &out.Max,
	}
	parts := v.AsValueMap()
	names := make([]string, 0, len(parts))
	for name := range parts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		part, known := parts[name], durations[name]
		switch {
		case part.IsNull():
			problem = name + " is null"
		case known != nil:
			problem = durationOf(part, known)
		case name == "distribution" && part.Type() == cty.String:
			out.Distribution = part.AsString()
		case name == "sigma" && part.Type() == cty.Number:
			out.Sigma, _ = part.AsBigFloat().Float64()
		case name == "distribution" || name == "sigma":
			problem = name + " has the wrong type"
		default:
			problem = fmt.Sprintf("%q is none of its parts", name)
		}
		if problem != "" {
			return out, problem
		}
	}
	return out, ""
}

func durationOf(v cty.Value, into *policy.Duration) (problem string) {
	if v.Type() != cty.String {
		return eval.Show(v) + " is no duration"
	}
	d, err := time.ParseDuration(v.AsString())
	if err != nil || d < 0 {
		return eval.Show(v) + " is no duration of 0 or more"
	}
	*into = policy.Duration(d)
	return ""
}

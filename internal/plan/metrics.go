package plan

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/result"
)

// MetricsType is the type of the root metrics for the profile. Whoever makes the value
// makes exactly this: a number that has no samples yet is null.
//
//	metrics.iterations          counts and times of all iterations of the measured part
//	metrics.step.NAME           of a step, where one scenario of the mix alone has it
//	metrics.scenario.NAME       iterations and step of a scenario alone; lateness is not its own
//	metrics.deliveries          messages that were waited for: results and delay
//	metrics.error_codes         how often each code of the target came, by code
//
// Counts are numbers and ratios go from 0 to 1. Times are in milliseconds; the words
// are those of [MetricsIterations], [MetricsSteps], [MetricsDeliveries] and
// [MetricsTimes]. Scenarios and steps are named without the keys of for_each.
func (l *Load) MetricsType() cty.Type {
	scenarios := map[string]cty.Type{}
	for i := range l.Mix {
		share := &l.Mix[i]
		steps := map[string]cty.Type{}
		for _, name := range share.Steps() {
			steps[name] = group(MetricsSteps())
		}
		scenarios[share.Name] = cty.Object(map[string]cty.Type{
			"iterations": group(ofScenario(MetricsIterations())), "step": cty.Object(steps),
		})
	}
	own := map[string]cty.Type{}
	for name, in := range l.StepScenarios() {
		if len(in) == 1 {
			own[name] = group(MetricsSteps())
		}
	}
	return cty.Object(map[string]cty.Type{
		"iterations": group(MetricsIterations()), "step": cty.Object(own), "scenario": cty.Object(scenarios),
		"deliveries": group(MetricsDeliveries()), "error_codes": cty.Map(cty.Number),
	})
}

// MetricGroup is the words of one object of metrics. Times are objects of [MetricsTimes],
// the others numbers.
type MetricGroup struct {
	Numbers, Times []string
}

// MetricsIterations are the words of metrics.iterations. failure_ratio is the part that did
// not succeed, whether it was a failure or an error; error_ratio the part that could not
// be judged. rate is how many ended in a second; response_ms counts from the intended
// start, duration_ms from the actual one, lateness_ms between the two, and wait_ms is the
// part of duration_ms that was spent on limits, pauses and deliveries.
func MetricsIterations() MetricGroup {
	return MetricGroup{
		Numbers: []string{
			"scheduled", "success", "failure", "error", "aborted", "dropped", "skipped", "success_ratio", "failure_ratio", "error_ratio", "rate",
		},
		Times: []string{"duration_ms", "wait_ms", "response_ms", "lateness_ms"},
	}
}

// ofScenario leaves out what belongs to the generator and to no scenario.
func ofScenario(g MetricGroup) MetricGroup {
	g.Times = slices.DeleteFunc(g.Times, func(word string) bool { return word == "lateness_ms" })
	return g
}

// MetricsSteps are the words of metrics.step.NAME. count is how often it ran; skipped
// executions are no samples.
func MetricsSteps() MetricGroup {
	return MetricGroup{
		Numbers: []string{"count", "success", "failure", "error", "success_ratio", "failure_ratio", "error_ratio", "rate"},
		Times:   []string{"duration_ms", "wait_ms"},
	}
}

// MetricsDeliveries are the words of metrics.deliveries: how many messages had each
// result, and the time that the delivered ones took.
func MetricsDeliveries() MetricGroup {
	g := MetricGroup{Numbers: []string{"count", "lost_ratio"}, Times: []string{"duration_ms"}}
	for _, r := range []result.DeliveryResult{
		result.Delivered, result.DeliveryLate, result.DeliveryLost, result.DeliveryMalformed, result.DeliveryError,
	} {
		g.Numbers = append(g.Numbers, string(r))
	}
	return g
}

// MetricsTimes are the words of everything that ends in _ms.
func MetricsTimes() []string {
	return []string{"p50", "p90", "p95", "p99", "p999", "max", "mean", "count"}
}

func group(g MetricGroup) cty.Type {
	times := map[string]cty.Type{}
	for _, word := range MetricsTimes() {
		times[word] = cty.Number
	}
	attrs := map[string]cty.Type{}
	for _, word := range g.Numbers {
		attrs[word] = cty.Number
	}
	for _, word := range g.Times {
		attrs[word] = cty.Object(times)
	}
	return cty.Object(attrs)
}

// Steps are the names of the steps that are measured, in order. Assert blocks of a
// scenario are none.
func (s *Share) Steps() []string {
	var out []string
	for _, sc := range s.Scenarios {
		for st := range sc.Steps() {
			if st.Kind != nil && !slices.Contains(out, st.Name) {
				out = append(out, st.Name)
			}
		}
	}
	return out
}

// StepScenarios gives, for each step of the mix, the scenarios that have it, by name and
// in the order of the mix.
func (l *Load) StepScenarios() map[string][]string {
	out := map[string][]string{}
	for i := range l.Mix {
		share := &l.Mix[i]
		for _, name := range share.Steps() {
			if !slices.Contains(out[name], share.Name) {
				out[name] = append(out[name], share.Name)
			}
		}
	}
	return out
}

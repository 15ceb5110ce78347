package stats

import "github.com/authbench/authbench/internal/hist"

// metricGroup is an object below metrics whose numbers are of the same executions.
type metricGroup struct {
	kind           groupKind
	scenario, step string // empty: of all
}

type groupKind uint8

const (
	noGroup groupKind = iota
	iterationGroup
	stepGroup
	deliveryGroup
	codeGroup
)

// groupOf takes the words that name a group off a path.
func groupOf(path []string) (g metricGroup, rest []string) {
	switch {
	case len(path) == 0:
	case path[0] == "iterations":
		return metricGroup{kind: iterationGroup}, path[1:]
	case path[0] == "step" && len(path) > 1:
		return metricGroup{kind: stepGroup, step: path[1]}, path[2:]
	case path[0] == "deliveries":
		return metricGroup{kind: deliveryGroup}, path[1:]
	case path[0] == "error_codes":
		return metricGroup{kind: codeGroup}, path[1:]
	case path[0] == "scenario" && len(path) > 2:
		g, rest = groupOf(path[2:])
		g.scenario = path[1]
		return g, rest
	}
	return metricGroup{}, nil
}

// has reports whether a series is of the executions of the group.
func (g metricGroup) has(key SeriesKey) bool {
	switch g.kind {
	case iterationGroup:
		return key.Step == "" && key.Channel == "" && key.Endpoint == "" && key.Limit == "" &&
			(g.scenario == "" || g.scenario == key.Scenario)
	case stepGroup:
		return key.Step == g.step && (g.scenario == "" || g.scenario == key.Scenario)
	case deliveryGroup:
		return key.Measure == MeasureDelivery
	}
	return false
}

// measureOf is what the times of a word are of.
func measureOf(kind groupKind, word string) Measure {
	words := map[string]Measure{}
	switch kind {
	case iterationGroup:
		words = map[string]Measure{
			"duration_ms": MeasureIteration, "wait_ms": MeasureWait, "response_ms": MeasureResponse, "lateness_ms": MeasureLateness,
		}
	case stepGroup:
		words = map[string]Measure{"duration_ms": MeasureStep, "wait_ms": MeasureStepWait}
	case deliveryGroup:
		words = map[string]Measure{"duration_ms": MeasureDelivery}
	}
	return words[word]
}

// times are the samples of a word of the group.
func (v *view) times(g metricGroup, word string) *hist.Histogram {
	out := new(hist.Histogram)
	measure := measureOf(g.kind, word)
	for i, key := range v.series {
		if key.Measure == measure && g.has(key) && v.histograms[i] != nil {
			out.Merge(v.histograms[i])
		}
	}
	return out
}

// executions are the outcomes of the group.
func (v *view) executions(g metricGroup) (out Counts) {
	if g.kind == iterationGroup && g.scenario == "" {
		return v.iterations
	}
	for i, key := range v.series {
		counted := g.kind == iterationGroup && key.Measure == MeasureIteration || g.kind == stepGroup && key.Measure == MeasureStep
		if counted && g.has(key) {
			out.merge(v.counts[i])
		}
	}
	return out
}

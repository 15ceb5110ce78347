package stats

import (
	"slices"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/hist"
)

// metricsValue makes the root metrics, exactly of the type, out of what is known. A
// number without samples is null, and so is one that was not asked for.
func metricsValue(kind cty.Type, v *view) cty.Value { return v.object(kind, nil) }

// object fills a type that stands at path.
func (v *view) object(kind cty.Type, path []string) cty.Value {
	switch {
	case kind.IsObjectType():
		attrs := make(map[string]cty.Value, len(kind.AttributeTypes()))
		for word, t := range kind.AttributeTypes() {
			attrs[word] = v.object(t, append(slices.Clip(path), word))
		}
		return cty.ObjectVal(attrs)
	case kind == cty.Number:
		g, rest := groupOf(path)
		if n, samples := v.number(g, rest); samples > 0 || isCount(rest) {
			return cty.NumberFloatVal(n)
		}
	case kind.Equals(cty.Map(cty.Number)):
		return v.codeMap()
	}
	return cty.NullVal(kind)
}

func (v *view) codeMap() cty.Value {
	codes := make(map[string]cty.Value)
	for _, t := range v.codes.list() {
		codes[t.Name] = cty.NumberUIntVal(t.Count)
	}
	if len(codes) == 0 {
		return cty.MapValEmpty(cty.Number)
	}
	return cty.MapVal(codes)
}

// number gives a number of a group, and how many samples it comes from: 0 means that
// only a count is one.
func (v *view) number(g metricGroup, rest []string) (n float64, samples uint64) {
	switch {
	case g.kind == noGroup:
		return 0, v.iterations.Scheduled()
	case len(rest) == 0 && g.kind == deliveryGroup:
		return 0, v.waited()
	case len(rest) == 0:
		c := v.executions(g)
		return 0, c.Started() - c.Skipped
	case len(rest) > 1 || measureOf(g.kind, rest[0]) != "":
		return timeNumber(v.times(g, rest[0]), rest[len(rest)-1])
	case g.kind == deliveryGroup:
		return v.deliveryNumber(rest[0])
	}
	return countNumber(v.executions(g), rest[0], v.span)
}

// timeNumber is a word of a set of durations, in milliseconds.
func timeNumber(h *hist.Histogram, word string) (n float64, samples uint64) {
	quantiles := map[string]float64{"p50": .5, "p90": .9, "p95": .95, "p99": .99, "p999": .999, "max": 1}
	var d time.Duration
	switch q, known := quantiles[word]; {
	case word == "count":
		return float64(h.Count()), h.Count()
	case word == "mean":
		d = h.Mean()
	case known:
		d = h.Quantile(q)
	}
	return round(float64(d) / float64(time.Millisecond)), h.Count()
}

// countNumber is a word of outcomes. Executions that were skipped or dropped are none, so
// their outcomes are no samples of success, failure and error, nor of ratios. Those that
// were aborted are: success_ratio is the share that succeeded, failure_ratio the rest, so
// that nothing that went wrong looks like a success.
func countNumber(c Counts, word string, span time.Duration) (n float64, samples uint64) {
	ended := c.Started() - c.Skipped
	share := func(n uint64) float64 { return float64(n) / float64(max(ended, 1)) }
	switch word {
	case "success_ratio":
		return share(c.Success), ended
	case "failure_ratio":
		return share(ended - c.Success), ended
	case "error_ratio":
		return share(c.Error), ended
	case "rate":
		answered := ended - c.Aborted
		return round(float64(answered) / max(span.Seconds(), 1e-9)), answered
	case "count":
		return float64(ended), ended
	case "scheduled":
		return float64(c.Scheduled()), c.Scheduled()
	}
	if outcome, known := map[string]uint64{"success": c.Success, "failure": c.Failure, "error": c.Error}[word]; known {
		return float64(outcome), ended
	}
	outcomes := map[string]uint64{"skipped": c.Skipped, "aborted": c.Aborted, "dropped": c.Dropped}
	return float64(outcomes[word]), c.Scheduled()
}

// deliveryNumber is a word of messages that were waited for.
func (v *view) deliveryNumber(word string) (n float64, samples uint64) {
	waited := v.waited()
	for i, kind := range deliveryKinds() {
		switch word {
		case string(kind):
			return float64(v.deliveries[i]), waited
		case string(kind) + "_ratio":
			return float64(v.deliveries[i]) / float64(max(waited, 1)), waited
		}
	}
	return float64(waited), waited
}

func (v *view) waited() (sum uint64) {
	for _, n := range v.deliveries {
		sum += n
	}
	return sum
}

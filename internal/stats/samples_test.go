package stats_test

import (
	"testing"
	"time"

	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

// TestLatencyIsOfAnswers counts how long it took to be refused a connection, or to be
// aborted, as what it is: no latency.
func TestLatencyIsOfAnswers(t *testing.T) {
	t.Parallel()
	r := newRecorder(nil)
	for i, s := range []result.Step{
		{Outcome: result.Success, Duration: ms},
		{Outcome: result.Failure, Duration: ms, Reason: result.ReasonTimeout, Exchanges: []result.Exchange{{}}},
		{Outcome: result.Error, Duration: ms, Exchanges: []result.Exchange{{}, {Status: 200}}},
		{Outcome: result.Error, Duration: ms, Exchanges: []result.Exchange{{}}},
		{Outcome: result.Aborted, Duration: ms, Exchanges: []result.Exchange{{Status: 200}}},
	} {
		s.Name, s.Place = "send", 1
		r.Add(&result.Iteration{Scenario: "signin", ID: uint64(i), Outcome: s.Outcome, Steps: []result.Step{s}})
	}
	l := r.Load(stats.End{})
	for i := range l.Series {
		if s := &l.Series[i]; s.Measure == stats.MeasureStep && s.Scenario == "signin" && s.Step == "send" {
			if got := s.Histogram.Count(); got != 3 {
				t.Errorf("got %d samples, want those that were answered or judged", got)
			}
		}
	}
}

// TestSkippedExecutionsAreNoSamples has a step and a scenario that never ran.
func TestSkippedExecutionsAreNoSamples(t *testing.T) {
	t.Parallel()
	want := map[string]stats.Verdict{
		"metrics.step.code.failure == 0":                    stats.NoData,
		"metrics.step.code.error == 0":                      stats.NoData,
		"metrics.step.code.failure_ratio <= 0":              stats.NoData,
		"metrics.step.code.duration_ms.p95 < 9 || true":     stats.NoData,
		"metrics.step.code.count == 0":                      stats.Passed,
		"metrics.scenario.change.iterations.failure == 0":   stats.NoData,
		"metrics.scenario.change.iterations.scheduled == 2": stats.Passed,
		"metrics.scenario.change.iterations.skipped == 2":   stats.Passed,
		"metrics.scenario.change.iterations.dropped == 0":   stats.Passed,
		"metrics.deliveries.lost == 0":                      stats.NoData,
		"metrics.iterations.failure == 0":                   stats.Passed,
	}
	for _, least := range []uint64{0, 1} {
		var all []stats.Threshold
		for text := range want {
			all = append(all, stats.Threshold{Text: text, MinSamples: least})
		}
		r := newTrial(t, "", all...)
		for i := range uint64(2) {
			r.Add(&result.Iteration{Scenario: "signin", ID: i, Outcome: result.Success, Duration: ms, Steps: []result.Step{
				{Name: "send", Outcome: result.Success, Duration: ms}, {Name: "code", Outcome: result.Skipped},
			}})
			r.Add(&result.Iteration{Scenario: "change", ID: i, Outcome: result.Skipped})
		}
		r.at = time.Second
		for _, got := range r.end().Thresholds {
			if least == 1 && got.Condition == "metrics.step.code.count == 0" {
				continue // fewer than asked for
			}
			if got.Verdict != want[got.Condition] {
				t.Errorf("%s, min_samples %d: got %s, want %s", got.Condition, least, got.Verdict, want[got.Condition])
			}
		}
	}
}

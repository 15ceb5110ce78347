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
		{Outcome: result.Failure, Duration: ms, Reason: result.ReasonHTTP5xx, Exchanges: []result.Exchange{{Status: 500}}},
		{Outcome: result.Failure, Duration: ms, Reason: result.ReasonAssertion},
		{Outcome: result.Failure, Duration: ms, Reason: result.ReasonConnect, Exchanges: []result.Exchange{{}}},
		{Outcome: result.Failure, Duration: ms, Reason: result.ReasonConnect, Exchanges: []result.Exchange{{Status: 500, Attempt: 1}, {Attempt: 2}}},
	} {
		s.Name, s.Place = "send", 1
		away := result.Step{Section: result.Teardown, Name: "code", Place: 2, Outcome: result.Failure, Duration: ms, Exchanges: []result.Exchange{{}}}
		r.Add(&result.Iteration{Scenario: "signin", ID: uint64(i), Outcome: s.Outcome, Duration: ms, Steps: []result.Step{s, away}})
	}
	want := map[stats.SeriesKey]uint64{
		{Measure: stats.MeasureStep, Scenario: "signin", Step: "send"}: 5,
		// An iteration that is an error was never judged.
		{Measure: stats.MeasureIteration, Scenario: "signin"}: 4,
		{Measure: stats.MeasureResponse, Scenario: "signin"}:  4,
		{Measure: stats.MeasureWait, Scenario: "signin"}:      4,
	}
	l := r.Load(stats.End{})
	for i := range l.Series {
		s := &l.Series[i]
		if n, asked := want[s.SeriesKey]; asked && s.Histogram.Count() != n {
			t.Errorf("%s: got %d samples, want the %d that were answered or judged", s.Measure, s.Histogram.Count(), n)
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

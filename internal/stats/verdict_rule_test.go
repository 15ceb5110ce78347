package stats_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

// TestWhatWentWrongIsSpokenOf has runs whose thresholds hold. They pass when a threshold
// is on what went wrong.
func TestWhatWentWrongIsSpokenOf(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		threshold string // empty: none
		outcomes  []result.Outcome
		want      stats.Verdict
		note      string
	}{
		"aborted, no threshold":     {"", []result.Outcome{result.Aborted}, stats.Failed, "1 of 11 iterations were aborted when graceful_stop was over"},
		"aborted, another number":   {"metrics.iterations.failure == 0", []result.Outcome{result.Aborted}, stats.Failed, "1 of 11 iterations were aborted"},
		"aborted, by name":          {"metrics.iterations.aborted < 5", []result.Outcome{result.Aborted}, stats.Passed, ""},
		"aborted, by ratio":         {"metrics.iterations.failure_ratio < 0.2", []result.Outcome{result.Aborted}, stats.Passed, ""},
		"aborted, ratio broken":     {"metrics.iterations.success_ratio > 0.95", []result.Outcome{result.Aborted}, stats.Failed, ""},
		"aborted, error ratio":      {"metrics.iterations.error_ratio < 0.2", []result.Outcome{result.Aborted}, stats.Failed, "1 of 11 iterations were aborted"},
		"failed, of a step":         {"metrics.step.verify.failure < 5", []result.Outcome{result.Failure}, stats.Failed, "1 of 11 iterations failed"},
		"failed, successes":         {"metrics.iterations.success > 5", []result.Outcome{result.Failure}, stats.Failed, "1 of 11 iterations failed"},
		"failed, as a whole":        {"metrics.iterations != null", []result.Outcome{result.Failure}, stats.Failed, "1 of 11 iterations failed"},
		"failed, by name":           {"metrics.iterations.failure < 5", []result.Outcome{result.Failure}, stats.Passed, ""},
		"failed, of its scenario":   {"metrics.scenario.signin.iterations.failure < 5", []result.Outcome{result.Failure}, stats.Passed, ""},
		"failed and unjudged":       {"metrics.iterations.failure < 5", []result.Outcome{result.Failure, result.Error}, stats.Failed, "1 of 12 iterations could not be judged"},
		"unjudged, by ratio":        {"metrics.iterations.error_ratio < 0.2", []result.Outcome{result.Error}, stats.Passed, ""},
		"skipped ones are no fault": {"metrics.iterations.success > 5", []result.Outcome{result.Skipped}, stats.Passed, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var all []stats.Threshold
			if test.threshold != "" {
				all = append(all, stats.Threshold{Name: "only", Text: test.threshold})
			}
			r := newTrial(t, "", all...)
			r.second(10, ms, result.Success)
			for _, o := range test.outcomes {
				r.second(1, ms, o)
			}
			l := r.end()
			if l.Verdict != test.want {
				t.Errorf("got %s, want %s: %q, %+v", l.Verdict, test.want, l.Notes, l.Thresholds)
			}
			if got := strings.Join(l.Notes, " "); (test.note == "") != (got == "") || !strings.Contains(got, test.note) {
				t.Errorf("got %q, want %q", got, test.note)
			}
		})
	}
}

// TestDropsOfAnotherScenario has a threshold on the drops of one scenario, and drops of the
// other.
func TestDropsOfAnotherScenario(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]stats.Verdict{
		"metrics.scenario.signin.iterations.dropped == 0": stats.Inconclusive,
		"metrics.scenario.change.iterations.dropped < 5":  stats.Passed,
		"metrics.iterations.dropped < 5":                  stats.Passed,
	} {
		r := newTrial(t, "", stats.Threshold{Name: "drops", Text: text})
		r.second(10, ms, result.Success)
		r.Drop(&result.Drop{Scenario: "change", ID: 1, Reason: result.DropDataset})
		r.Drop(&result.Drop{Scenario: "change", ID: 2, Reason: result.DropDataset})
		l := r.end()
		if l.Verdict != want || want == stats.Inconclusive && !slices.ContainsFunc(l.Notes, func(n string) bool { return strings.HasPrefix(n, "2 of 12 arrivals") }) {
			t.Errorf("%s: got %s, want %s: %q", text, l.Verdict, want, l.Notes)
		}
	}
}

// TestOverflowThatEndsARunFailsIt holds whatever else is known of the run.
func TestOverflowThatEndsARunFailsIt(t *testing.T) {
	t.Parallel()
	r := newRecorder(nil)
	r.Add(&result.Iteration{Scenario: "signin", Outcome: result.Aborted, Steps: []result.Step{{
		Name: "send", Outcome: result.Aborted, Exchanges: []result.Exchange{{Endpoint: "/v"}},
	}}})
	if l := r.Load(stats.End{Aborted: "max_in_flight (1) was reached, and overflow is abort."}); l.Verdict != stats.Failed {
		t.Errorf("got %s", l.Verdict)
	}
}

package stats_test

import (
	"testing"
	"time"

	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

// untidy is a fixture that stood and was not taken down.
func untidy() *result.Iteration {
	return &result.Iteration{
		Suite: "flow.hcl", Scenario: "session", Address: "fixture.session", Outcome: result.Error, Reason: result.ReasonCleanup, Step: "down", TeardownFailed: true,
		Steps: []result.Step{{Section: result.Teardown, Name: "down", Kind: "fake", Outcome: result.Failure, Reason: result.ReasonHTTP4xx, Exchanges: []result.Exchange{{Status: 404, Attempt: 1}}}},
	}
}

func visit() *result.Iteration {
	return &result.Iteration{Suite: "flow.hcl", Scenario: "visit", Address: "scenario.visit", Outcome: result.Success, Duration: time.Millisecond}
}

func TestFixtureThatFailsFailsATest(t *testing.T) {
	t.Parallel()
	for want, fixture := range map[stats.Verdict]*result.Iteration{
		stats.Failed: untidy(),
		stats.Passed: {Suite: "flow.hcl", Scenario: "session", Address: "fixture.session", Outcome: result.Success},
	} {
		a := stats.New(result.Run{}, []stats.Case{{Suite: "flow.hcl", Scenario: "visit", Address: "scenario.visit"}})
		a.Add(visit())
		a.Fixture(fixture)
		a.Fixture(&result.Iteration{Suite: "flow.hcl", Scenario: "other", Address: "fixture.other", Outcome: result.Aborted})
		s := a.Summary(stats.End{})
		cases, failures := 1, 0
		if want == stats.Failed {
			cases, failures = 2, 1
		}
		if s.Verdict != want || s.Iterations != (stats.Counts{Success: 1}) || len(s.Cases) != cases || len(s.Failures) != failures {
			t.Errorf("got %s, %+v, %d cases, failures %+v", s.Verdict, s.Iterations, len(s.Cases), s.Failures)
		}
		if failures == 1 && (!s.Failures[0].Fixture() || s.Cases[1].Scenario != "fixture.session" || s.Requests.Sent != 1) {
			t.Errorf("got %+v, %+v", s.Failures[0], s.Cases[1])
		}
	}
}

func TestFixtureThatFailsFailsALoad(t *testing.T) {
	t.Parallel()
	r := stats.NewRecorder(stats.RecorderOptions{Run: result.Run{Start: time.Now()}, Scenarios: []stats.LoadScenario{{Name: "visit"}}})
	r.Add(visit())
	r.Fixture(&result.Iteration{Scenario: "session", Address: "fixture.session", Outcome: result.Success})
	if l := r.Load(stats.End{Wall: time.Second}); l.Verdict != stats.Passed {
		t.Errorf("one that stood: got %s", l.Verdict)
	}
	r.Fixture(untidy())
	l := r.Load(stats.End{Wall: time.Second})
	if l.Verdict != stats.Failed || len(l.Failures) != 1 || !l.Failures[0].Fixture() || l.Iterations != (stats.Counts{Success: 1}) {
		t.Errorf("got %s, %+v, %+v", l.Verdict, l.Iterations, l.Failures)
	}
	if err := l.Check(1); err != nil {
		t.Error(err)
	}
}

package report

import (
	"testing"

	"github.com/authbench/authbench/internal/stats"
)

func TestLoadReasonTellsTheEnd(t *testing.T) {
	t.Parallel()
	ended := []stats.ThresholdResult{{Name: "few", Verdict: stats.Failed, Aborted: true}}
	session := stats.Failure{Address: "fixture.session", Scenario: "session", Samples: []stats.Sample{{}}}
	for want, l := range map[string]*stats.Load{
		"No iteration went wrong.":      {Verdict: stats.Passed},
		"2 iterations of 3 went wrong.": {Verdict: stats.Failed, Iterations: stats.Counts{Success: 1, Aborted: 2}},
		"No iteration went wrong. The schedule was not carried out to its end: no rows.": {Verdict: stats.Passed, End: stats.End{Early: "no rows."}},
		"The run ended itself: no room.":                                                 {Verdict: stats.Failed, End: stats.End{Aborted: "no room."}},
		"The run was stopped; the numbers are of what ran.":                              {Verdict: stats.Interrupted},
		"1 threshold broke: few. The schedule was not carried out to its end: threshold few ended it.": {
			Verdict: stats.Failed, Thresholds: ended, End: stats.End{Early: "it was asked to stop."},
		},
		"1 fixture failed: session.": {Verdict: stats.Failed, Failures: []stats.Failure{session, session}},
	} {
		if got := loadReason(l); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// TestAgainNamesOneScenario: a number is not enough, because arrivals are not numbered
// round by round.
func TestAgainNamesOneScenario(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"scenario.a":                     `authbench test f.hcl --run '^a$' --seed 3 --iteration 8`,
		`scenario.a["o'k|$(x)"]`:         `authbench test f.hcl --run '^a\["o'\''k\|\$\(x\)"\]$' --seed 3 --iteration 8`,
		"scenario.a[\"\u202e\x1b[31m\"]": `authbench test f.hcl --run '^a\["..\[31m"\]$' --seed 3 --iteration 8`,
		"fixture.a":                      "",
	} {
		l := &stats.Load{}
		l.Run.Seed = 3
		if got := loadAgain(l, stats.Failure{Suite: "f.hcl", Address: address, Samples: []stats.Sample{{Iteration: 8}}}); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

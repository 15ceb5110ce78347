package report_test

import (
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/report"
	"github.com/authbench/authbench/internal/stats"
)

// TestLoadIsGreenOnlyWhenItPassed has runs of every verdict, with and without something
// that has a test case of its own: who reads JUnit or annotations learns what the exit
// code tells.
func TestLoadIsGreenOnlyWhenItPassed(t *testing.T) {
	t.Parallel()
	held := []stats.ThresholdResult{{Name: "held", Condition: "true", Verdict: stats.Passed}}
	for name, change := range map[string]func(*stats.Load){
		"plain":         func(*stats.Load) {},
		"no thresholds": func(l *stats.Load) { l.Thresholds = nil },
		"unspoken": func(l *stats.Load) {
			l.Notes = []string{"3 of 100 iterations failed and no threshold mentions that."}
			l.Iterations.Failure = 3
		},
		"aborted iterations": func(l *stats.Load) { l.Thresholds = nil; l.Iterations = stats.Counts{Aborted: 7} },
		"no data":            func(l *stats.Load) { l.Thresholds = nil; l.Iterations = stats.Counts{} },
		"nothing ran":        func(l *stats.Load) { l.Series, l.Iterations = nil, stats.Counts{} },
		"ended early":        func(l *stats.Load) { l.Early = "it was asked to stop." },
		"ended itself":       func(l *stats.Load) { l.Aborted = "max_in_flight (3) was reached, and overflow is abort." },
		"cut short":          func(l *stats.Load) { l.Truncated = true },
	} {
		for _, verdict := range []stats.Verdict{
			stats.Passed, stats.Failed, stats.NoData, stats.Inconclusive, stats.Interrupted, stats.Unanswered, stats.Refused,
		} {
			l := calm()
			l.Verdict, l.Thresholds, l.Failures, l.Wall = verdict, held, nil, time.Minute
			change(l)
			if verdict == stats.Passed {
				l.Aborted = ""
				for i := range l.Series {
					l.Series[i].Counts.Failure, l.Series[i].Counts.Error = 0, 0
				}
			}
			green(t, name+", "+string(verdict), l)
		}
	}
}

// green compares the verdict of l with what its JUnit and its annotations tell.
func green(t *testing.T, name string, l *stats.Load) {
	t.Helper()
	var junit, github strings.Builder
	if err := report.LoadJUnit(&junit, l); err != nil {
		t.Fatal(err)
	}
	if err := report.LoadGitHub(&github, l); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
	}
	if err := xml.Unmarshal([]byte(junit.String()), &doc); err != nil {
		t.Fatal(err)
	}
	passed := l.Verdict == stats.Passed
	if got := doc.Failures+doc.Errors == 0; got != passed {
		t.Errorf("%s: JUnit has %d failures and %d errors:\n%s", name, doc.Failures, doc.Errors, junit.String())
	}
	if got := !strings.Contains(github.String(), "::error "); got != passed {
		t.Errorf("%s: the annotations are %q", name, github.String())
	}
	for _, note := range l.Notes {
		if !passed && !strings.Contains(junit.String(), note) {
			t.Errorf("%s: JUnit does not tell %q", name, note)
		}
	}
}

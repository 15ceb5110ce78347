package report

import (
	"encoding/xml"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/stats"
)

// LoadJUnit writes a load run as JUnit XML: one test case for each threshold, one for
// each scenario, and one for the run itself, which is an error when the numbers are
// not to be trusted, and fails when the run did and no other case tells why. A scenario
// fails only where no threshold says what may fail.
func LoadJUnit(w io.Writer, l *stats.Load) error {
	s := junitSuite{
		Name: diag.CleanLine(l.Profile.Name), Timestamp: l.Run.Start.UTC().Format("2006-01-02T15:04:05"),
		Properties: []junitProperty{property("seed", strconv.FormatUint(l.Run.Seed, 10)), property("verdict", string(l.Verdict))},
	}
	for _, f := range facts(l) {
		s.Properties = append(s.Properties, property(f[0], f[1]))
	}
	for _, t := range l.Thresholds {
		s.Cases = append(s.Cases, thresholdCase(t))
	}
	for i := range l.Series {
		if x := &l.Series[i]; x.Measure == stats.MeasureResponse {
			s.Cases = append(s.Cases, scenarioCase(l, x))
		}
	}
	s.Cases = append(s.Cases, fixtureCases(l)...)
	s.Cases = slices.Insert(s.Cases, 0, runCase(l, slices.ContainsFunc(s.Cases, bad)))
	s.Sums = loadSums(s.Cases, l)
	return writeJUnit(w, junitRun{Name: "authbench load", Sums: s.Sums, Suites: []junitSuite{s}})
}

// runCase is the case of the run itself; told says that another case failed.
func runCase(l *stats.Load, told bool) junitCase {
	out := junitCase{Name: "run", Class: diag.CleanLine(l.Profile.Name), Time: seconds(l.Wall)}
	failed := l.Verdict == stats.Failed || l.Verdict == stats.NoData
	if l.Aborted == "" && (l.Verdict == stats.Passed || failed && told) {
		return out
	}
	fault := &junitFault{
		Message: loadReason(l), Type: string(l.Verdict), Text: diag.CleanText(strings.Join(append(accounts(l), advice(l)...), "\n")),
	}
	if failed && l.Aborted == "" {
		out.Failure = fault
	} else {
		out.Error = fault
	}
	return out
}

// bad reports whether a case did not hold.
func bad(c junitCase) bool { return c.Failure != nil || c.Error != nil }

func thresholdCase(t stats.ThresholdResult) junitCase {
	out := junitCase{Name: diag.CleanLine(t.Name), Class: "threshold", Time: seconds(0)}
	for _, o := range t.Observed {
		out.Properties = append(out.Properties, property(o.Name, o.Value))
	}
	word, good := holds(t)
	if good {
		return out
	}
	text := diag.CleanLine(t.Condition) + "\n" + observedText(t)
	if t.BrokenAt > 0 {
		text += "\nfirst broke at " + elapsed(t.BrokenAt)
	}
	out.Failure = &junitFault{Message: diag.CleanLine(t.Message), Type: word, Text: text}
	return out
}

func scenarioCase(l *stats.Load, s *stats.Series) junitCase {
	out := junitCase{Name: diag.CleanLine(s.Scenario), Class: "scenario", Time: seconds(s.Histogram.Sum())}
	row := newRow(l, s)
	out.Properties = []junitProperty{
		property("iterations", strconv.FormatUint(outcomes(l, s).Started(), 10)), property("bad", strconv.FormatUint(row.Bad, 10)),
		property("p50", span(row.P50)), property("p95", span(row.P95)), property("p99", span(row.P99)),
	}
	switch {
	case outcomes(l, s).Started() == 0:
		out.Skipped = &junitFault{Message: "did not run"}
	case row.Bad > 0 && len(l.Thresholds) == 0:
		out.Failure = &junitFault{Message: count(row.Bad) + " of " + count(row.Judged) + " iterations went wrong", Type: string(stats.Failed), Text: failuresOf(l, s.Scenario)}
	}
	return out
}

// fixtureCases has one case for each fixture that failed.
func fixtureCases(l *stats.Load) []junitCase {
	var out []junitCase
	for _, f := range l.Failures {
		name := diag.CleanLine(f.Scenario)
		if !f.Fixture() || slices.ContainsFunc(out, func(c junitCase) bool { return c.Name == name }) {
			continue
		}
		var b strings.Builder
		_ = diagnostics(f, "", 1).WriteText(&b, diag.TextOptions{}) // a strings.Builder takes everything
		out = append(out, junitCase{
			Name: name, Class: "fixture", Time: seconds(0),
			Error: &junitFault{Message: failureName(f) + ": " + failureReason(f), Type: string(f.Reason), Text: b.String()},
		})
	}
	return out
}

func failuresOf(l *stats.Load, scenario string) string {
	var b strings.Builder
	for _, f := range l.Failures {
		if f.Scenario == scenario && !f.Fixture() {
			b.WriteByte('\n')
			_ = diagnostics(f, loadCommand(l, f), 1).WriteText(&b, diag.TextOptions{}) // a strings.Builder takes everything
		}
	}
	return b.String()
}

func loadSums(cases []junitCase, l *stats.Load) junitSums {
	var failures, errors, skipped int
	for _, c := range cases {
		switch {
		case c.Failure != nil:
			failures++
		case c.Error != nil:
			errors++
		case c.Skipped != nil:
			skipped++
		}
	}
	attr := func(name, value string) xml.Attr { return xml.Attr{Name: xml.Name{Local: name}, Value: value} }
	return junitSums{
		attr("tests", strconv.Itoa(len(cases))), attr("failures", strconv.Itoa(failures)), attr("errors", strconv.Itoa(errors)),
		attr("skipped", strconv.Itoa(skipped)), attr("time", seconds(l.Wall)),
	}
}

// LoadGitHub writes a workflow command for each threshold that did not hold, and for
// each sort of failure when the run failed. A run that did not pass has one at least.
func LoadGitHub(w io.Writer, l *stats.Load) error {
	var out diag.List
	for _, t := range l.Thresholds {
		word, good := holds(t)
		if good {
			continue
		}
		detail := t.Message
		if detail == "" {
			detail = t.Condition
		}
		out = append(out, diag.Diagnostic{Severity: diag.Error, Summary: "Threshold " + t.Name + ": " + word, Detail: detail, Address: t.Condition})
	}
	switch l.Verdict {
	case stats.Passed:
	case stats.Failed, stats.NoData:
		if line := ending(l); line != "" {
			out = append(out, diag.Diagnostic{Severity: diag.Error, Summary: "Load run ended early", Detail: line})
		}
		for _, f := range l.Failures {
			out = append(out, diagnostics(f, loadCommand(l, f), 1)...)
		}
		if !out.HasErrors() {
			out = append(out, diag.Diagnostic{Severity: diag.Error, Summary: "Load run failed", Detail: strings.Join(append([]string{loadReason(l)}, advice(l)...), "\n")})
		}
	default:
		out = append(out, diag.Diagnostic{Severity: diag.Error, Summary: "Load run " + string(l.Verdict), Detail: loadReason(l)})
	}
	return Annotations(w, out)
}

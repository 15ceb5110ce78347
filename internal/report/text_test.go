package report_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/report"
	"github.com/authbench/authbench/internal/stats"
)

func text(t *testing.T, s *stats.Summary, o report.TextOptions) string {
	t.Helper()
	var b strings.Builder
	if err := report.Header(&b, s.Run, o); err != nil {
		t.Fatal(err)
	}
	b.WriteString("\n")
	if err := report.Text(&b, s, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestText(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		file    string
		summary *stats.Summary
		options report.TextOptions
	}{
		{"mixed.txt", mixed(), report.TextOptions{Width: 100}},
		{"mixed-all.txt", mixed(), report.TextOptions{Detail: report.DetailAll}},
		{"mixed-color.txt", mixed(), report.TextOptions{Width: 100, Color: true}},
		{"passing.txt", passing(), report.TextOptions{Width: 80}},
		{"unanswered.txt", unanswered(), report.TextOptions{Width: 80}},
		{"many.txt", many(), report.TextOptions{Width: 100}},
	} {
		t.Run(test.file, func(t *testing.T) {
			t.Parallel()
			golden(t, test.file, text(t, test.summary, test.options))
		})
	}
}

func TestTextDrivesNoTerminal(t *testing.T) {
	t.Parallel()
	for _, r := range text(t, mixed(), report.TextOptions{Width: 100}) {
		if r < 0x20 && r != '\n' {
			t.Fatalf("%U reaches the terminal", r)
		}
	}
}

func TestColorOnlyAddsSequences(t *testing.T) {
	t.Parallel()
	want := text(t, mixed(), report.TextOptions{Width: 100})
	got := text(t, mixed(), report.TextOptions{Width: 100, Color: true})
	got = regexp.MustCompile(`\x1b\[[0-9]m|\x1b\[3[0-9]m`).ReplaceAllString(got, "")
	if got != want {
		t.Errorf("coloured text differs from plain text:\n%s", got)
	}
}

func TestRowsFitTheTerminal(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	s := mixed()
	s.Failures = nil // a frame keeps source lines whole
	if err := report.Text(&b, s, report.TextOptions{Width: 72}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(b.String(), "\n") {
		row := strings.HasPrefix(line, "✓") || strings.HasPrefix(line, "✗") || strings.HasPrefix(line, " ")
		if n := diag.Columns(line); row && n > 72 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func TestVerdictLine(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		verdict stats.Verdict
		want    string
	}{
		{stats.Passed, "Success! 1 passed, 0 failed in 66 ms (seed 42)"},
		{stats.Failed, "Failure! 1 passed, 0 failed in 66 ms (seed 42)"},
		{stats.Interrupted, "Interrupted! 1 passed, 0 failed in 66 ms (seed 42)"},
		{stats.Unanswered, "No answer! 1 passed, 0 failed in 66 ms (seed 42). No request was answered: check the target's address and the network."},
		{stats.NoData, "No verdict! 1 passed, 0 failed in 66 ms (seed 42). Nothing is known of what did not run."},
		{stats.Inconclusive, "Inconclusive! 1 passed, 0 failed in 66 ms (seed 42). 0 iterations were due and did not start."},
	} {
		s := passing()
		s.Verdict = test.verdict
		lines := strings.Split(strings.TrimSpace(text(t, s, report.TextOptions{})), "\n")
		if got := lines[len(lines)-1]; got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}

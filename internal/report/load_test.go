package report_test

import (
	"encoding/json"
	"encoding/xml"
	"regexp"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/report"
	"github.com/authbench/authbench/internal/stats"
)

func loadText(t *testing.T, l *stats.Load, o report.TextOptions) string {
	t.Helper()
	var b strings.Builder
	if err := report.LoadHeader(&b, l, o); err != nil {
		t.Fatal(err)
	}
	if err := report.LoadText(&b, l, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// stalled is a run whose generator did not keep up.
func stalled() *stats.Load {
	l := calm()
	l.Verdict, l.Thresholds = stats.Inconclusive, nil
	l.Notes = []string{"Arrivals started up to 412 ms late: give the generator more CPU, or lower the rate."}
	l.Iterations.Dropped, l.Drops = 12, []stats.Tally{{Name: "concurrency", Count: 12}}
	return l
}

func unansweredLoad() *stats.Load {
	l := new(stats.Load)
	l.Verdict, l.Requests.Sent, l.Profile.Name = stats.Unanswered, 40, "smoke"
	return l
}

func TestLoadText(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		file    string
		load    *stats.Load
		options report.TextOptions
	}{
		{"load-evening.txt", evening(), report.TextOptions{Width: 120}},
		{"load-evening-all.txt", evening(), report.TextOptions{Detail: report.DetailAll}},
		{"load-calm.txt", calm(), report.TextOptions{Width: 100}},
		{"load-stalled.txt", stalled(), report.TextOptions{Width: 100}},
		{"load-unanswered.txt", unansweredLoad(), report.TextOptions{Width: 80}},
	} {
		t.Run(test.file, func(t *testing.T) {
			t.Parallel()
			golden(t, test.file, loadText(t, test.load, test.options))
		})
	}
}

func TestLoadColorOnlyAddsSequences(t *testing.T) {
	t.Parallel()
	got := loadText(t, evening(), report.TextOptions{Width: 120, Color: true})
	got = regexp.MustCompile(`\x1b\[[0-9]+m`).ReplaceAllString(got, "")
	if want := loadText(t, evening(), report.TextOptions{Width: 120}); got != want {
		t.Error("without its sequences the text is another")
	}
}

// TestLoadTextIsHarmless has texts of a hostile file.
func TestLoadTextIsHarmless(t *testing.T) {
	t.Parallel()
	const bad = "a\x1b[2Jb\rc\nd"
	l := evening()
	l.Profile.Name, l.Profile.Schedule, l.Notes = bad, bad, []string{bad}
	l.Series[0].Scenario, l.Series[2].Step, l.Series[11].Channel = bad, bad, bad
	l.Thresholds[0].Name, l.Thresholds[0].Condition, l.Thresholds[0].Message, l.Thresholds[0].Observed[0].Value = bad, bad, bad, bad
	l.Failures[0].Step, l.Failures[0].Suite, l.Failures[0].ErrorCode, l.Failures[0].Samples[0].Message = bad, bad, bad, bad
	l.Drops[0].Name, l.Messages[0].Name, l.Run.Version = bad, bad, bad
	for _, r := range loadText(t, l, report.TextOptions{Width: 120}) {
		if r < 0x20 && r != '\n' {
			t.Fatalf("%U reaches the terminal", r)
		}
	}
}

func TestLoadJSON(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := report.LoadJSON(&b, evening()); err != nil {
		t.Fatal(err)
	}
	golden(t, "load-evening.json", b.String())
	b.Reset()
	if err := report.LoadJSON(&b, new(stats.Load)); err != nil {
		t.Fatal(err)
	}
	var anything any
	if err := json.Unmarshal([]byte(b.String()), &anything); err != nil || strings.Contains(b.String(), "null") {
		t.Errorf("an empty load has nulls, %v:\n%s", err, b.String())
	}
	line, err := report.LoadDocument(evening())
	if err != nil || strings.Contains(string(line), "\n") {
		t.Errorf("the document is no line, %v", err)
	}
}

func TestLoadJUnit(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]*stats.Load{"load-evening.xml": evening(), "load-stalled.xml": stalled()} {
		var b strings.Builder
		if err := report.LoadJUnit(&b, l); err != nil {
			t.Fatal(err)
		}
		golden(t, name, b.String())
		var anything struct{}
		if err := xml.Unmarshal([]byte(b.String()), &anything); err != nil {
			t.Error(err)
		}
	}
}

func TestLoadGitHub(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, l := range []*stats.Load{evening(), stalled(), calm()} {
		if err := report.LoadGitHub(&b, l); err != nil {
			t.Fatal(err)
		}
		b.WriteString("--\n")
	}
	golden(t, "load-github.txt", b.String())
}

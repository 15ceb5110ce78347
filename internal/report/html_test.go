package report_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/report"
	"github.com/authbench/authbench/internal/stats"
	"github.com/authbench/authbench/internal/stats/statstest"
)

// evening is a run with an incident in it; calm one without.
func evening() *stats.Load {
	l := statstest.Make(statstest.Shape{Seed: 42, Seconds: 120, Rate: 40, Incident: true})
	return l
}

func calm() *stats.Load { return statstest.Make(statstest.Shape{Seed: 7, Seconds: 60, Rate: 20}) }

func page(t *testing.T, l *stats.Load) string {
	t.Helper()
	var b strings.Builder
	if err := report.HTML(&b, l); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestHTML(t *testing.T) {
	t.Parallel()
	golden(t, "load-evening.html", page(t, evening()))
}

func TestHTMLOfNothing(t *testing.T) {
	t.Parallel()
	golden(t, "load-nothing.html", page(t, &stats.Load{Verdict: stats.Unanswered}))
}

// TestHTMLLoadsNothing looks for whatever could make a browser ask for more.
func TestHTMLLoadsNothing(t *testing.T) {
	t.Parallel()
	got := page(t, evening())
	for _, bad := range []string{`src=`, `href=`, `@import`, `url(`, `style="`, `onclick`} {
		if strings.Contains(got, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
	if !strings.Contains(got, `default-src &#39;none&#39;; style-src &#39;sha256-`) {
		t.Error("the page has no policy")
	}
}

func TestHTMLEscapes(t *testing.T) {
	t.Parallel()
	const bad = `"><script>alert(1)</script>`
	l := evening()
	l.Profile.Name, l.Profile.Description, l.Profile.Schedule, l.Run.Version = bad, bad, bad, bad
	l.Notes = []string{bad}
	l.Series[0].Scenario, l.Series[2].Step, l.Series[11].Channel = bad, bad, bad
	l.Thresholds[0].Name, l.Thresholds[0].Condition, l.Thresholds[0].Message = bad, bad, bad
	l.Failures[0].Step, l.Failures[0].Samples[0].Message, l.Failures[0].Suite = bad, bad, bad
	l.Seconds[80].Reasons[0].Name = bad
	l.Endpoints[0].Name, l.Run.Targets[0].BaseURL = bad, bad
	if got := page(t, l); strings.Count(got, "<script") != 1 {
		t.Error("a text of the run is markup")
	}
}

// TestLongRun has as many points as a screen has pixels, and the same numbers.
func TestLongRun(t *testing.T) {
	t.Parallel()
	l := statstest.Make(statstest.Shape{Seed: 1, Seconds: 1800, Rate: 2})
	got := page(t, l)
	for _, m := range regexp.MustCompile(`data-times="([^"]*)"`).FindAllStringSubmatch(got, -1) {
		if n := strings.Count(m[1], "|") + 1; n > 600 || n < 300 {
			t.Errorf("got %d points", n)
		}
	}
	if len(got) > 1<<20 {
		t.Errorf("the page has %d bytes", len(got))
	}
}

func TestLive(t *testing.T) {
	t.Parallel()
	l := calm()
	l.Wall = 31 * time.Second
	var b strings.Builder
	if err := report.Live(&b, l); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<html lang="en" data-live>`, "connect-src &#39;self&#39;", "Running</strong><span>0:31 of 1:00"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s is missing", want)
		}
	}
	state, err := report.LiveState(l, true)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(state), "Success</strong>") || strings.Contains(string(state), "<html") {
		t.Errorf("the last state is\n%.400s", state)
	}
	if policy, err := report.LivePolicy(); err != nil || !strings.Contains(policy, "frame-ancestors 'none'") {
		t.Errorf("policy %q, %v", policy, err)
	}
}

func BenchmarkHTML(b *testing.B) {
	l := statstest.Make(statstest.Shape{Seed: 1, Seconds: 1800, Rate: 20})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := report.LiveState(l, false); err != nil {
			b.Fatal(err)
		}
	}
}

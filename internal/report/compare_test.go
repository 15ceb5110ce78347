package report_test

import (
	"strings"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/compare"
	"github.com/authbench/authbench/internal/report"
	"github.com/authbench/authbench/internal/stats"
	"github.com/authbench/authbench/internal/stats/statstest"
)

// releases are runs of one plan, the last two of a slower target.
func releases() []*stats.Load {
	var out []*stats.Load
	for i, slower := range []float64{1, 1.02, 1.15, 1.3} {
		out = append(out, statstest.Make(statstest.Shape{
			Seed: uint64(i + 1), Seconds: 100, Rate: 50, Slower: slower, Later: time.Duration(i) * 24 * time.Hour,
		}))
	}
	return out
}

func trend() *report.Trend {
	loads := releases()
	return &report.Trend{
		Names: []string{"v1.abrun", "v2.abrun", "v3.abrun", "v4\x1b[2J.abrun"}, Loads: loads, Rows: compare.Trend(loads, compare.Options{}),
	}
}

func TestTrend(t *testing.T) {
	t.Parallel()
	var text, document, page strings.Builder
	if err := report.TrendText(&text, trend(), report.TextOptions{}); err != nil {
		t.Fatal(err)
	}
	golden(t, "trend.txt", text.String())
	if err := report.TrendJSON(&document, trend()); err != nil {
		t.Fatal(err)
	}
	golden(t, "trend.json", document.String())
	if err := report.TrendHTML(&page, trend()); err != nil {
		t.Fatal(err)
	}
	golden(t, "trend.html", page.String())
}

func TestDiff(t *testing.T) {
	t.Parallel()
	loads := releases()
	for name, c := range map[string]*compare.Comparison{
		"diff-slower": compare.Diff(loads[0], loads[3], compare.Options{}),
		"diff-same":   compare.Diff(loads[0], loads[1], compare.Options{}),
		"diff-other":  compare.Diff(loads[0], new(stats.Load), compare.Options{}),
	} {
		var text, document strings.Builder
		if err := report.DiffText(&text, c, report.TextOptions{}); err != nil {
			t.Fatal(err)
		}
		golden(t, name+".txt", text.String())
		if err := report.DiffJSON(&document, c); err != nil {
			t.Fatal(err)
		}
		golden(t, name+".json", document.String())
	}
}

// TestTrendWithGaps has a channel without messages, and a last run without anything.
func TestTrendWithGaps(t *testing.T) {
	t.Parallel()
	loads := []*stats.Load{releases()[0], new(stats.Load)}
	for i := range loads[0].Series {
		if s := &loads[0].Series[i]; s.Measure == stats.MeasureDelivery {
			s.Histogram.Reset()
		}
	}
	trend := &report.Trend{Names: []string{"a", "b"}, Loads: loads, Rows: compare.Trend(loads, compare.Options{})}
	var text, page strings.Builder
	if err := report.TrendText(&text, trend, report.TextOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := report.TrendHTML(&page, trend); err != nil {
		t.Fatal(err)
	}
	for _, change := range []string{"+0.0 %", "+0.00 pp", "-100.0 %"} {
		if strings.Contains(text.String(), change) || strings.Contains(page.String(), change) {
			t.Errorf("%q is told of a run that has no value", change)
		}
	}
	if strings.Contains(page.String(), "<h3>sms delivery</h3>") || !strings.Contains(page.String(), "<h3>sign_in verify</h3>") {
		t.Error("got a chart of nothing, or none of what is there")
	}
}

package report

import (
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/chart"
	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/hist"
	"github.com/authbench/authbench/internal/stats"
)

// maxStepCharts bounds the page: further steps are in the table.
const maxStepCharts = 24

// charts draws a load run.
type charts struct {
	l      *stats.Load
	points []point
	end    float64
	x      []float64
	times  []string
	ticks  []chart.Tick
	marks  []chart.Mark
	spans  []chart.Span
	drawn  int
}

func sections(l *stats.Load, live bool) []sectionView {
	c := newCharts(l, live)
	if len(c.points) == 0 {
		return nil
	}
	out := []sectionView{{ID: "h-load", Title: "Load", Charts: []template.HTML{c.rate(), c.inFlight()}}}
	if names, _ := reasonRows(c.points); len(names) > 0 {
		out[0].Charts = append(out[0].Charts, c.errors())
	}
	if l.Iterations.Dropped+l.Warmup.Dropped > 0 {
		out[0].Charts = append(out[0].Charts, c.drops())
	}
	out = append(out,
		sectionView{"h-response", "Response time", "What a user who came on time waited: from the intended start of an iteration to its end.",
			c.of(stats.MeasureResponse)},
		sectionView{"h-steps", "Steps", "Service time of each step, waiting left out.", c.of(stats.MeasureStep)},
		sectionView{"h-deliveries", "Deliveries", "From the answer to a sending request to the arrival of its message.", c.of(stats.MeasureDelivery)})
	kept := out[:0]
	for _, s := range out {
		if len(s.Charts) > 0 {
			kept = append(kept, s)
		}
	}
	return kept
}

func newCharts(l *stats.Load, live bool) *charts {
	seconds := l.Seconds
	if live {
		seconds = closedSeconds(l)
	}
	c := &charts{l: l, points: points(l, seconds)}
	if len(c.points) == 0 {
		return c
	}
	c.end = c.points[len(c.points)-1].to
	for _, p := range c.points {
		c.x = append(c.x, (float64(p.from)+p.to)/2/c.end)
		c.times = append(c.times, elapsed(time.Duration(p.from)*time.Second))
	}
	c.ticks = timeTicks(c.end)
	for _, t := range l.Thresholds {
		if at := t.BrokenAt.Seconds() / c.end; t.BrokenAt > 0 && at <= 1 {
			c.marks = append(c.marks, chart.Mark{At: at, Label: diag.CleanLine(t.Name) + " broke at " + elapsed(t.BrokenAt)})
		}
	}
	if to := l.Profile.Warmup.Seconds() / c.end; to > 0 {
		c.spans = []chart.Span{{To: min(to, 1), Label: "warm-up"}}
	}
	return c
}

// timeTicks are three to six round moments.
func timeTicks(end float64) []chart.Tick {
	step := 1.0
	for _, s := range []float64{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400, 604800} {
		step = s
		if end/s <= 6 {
			break
		}
	}
	var out []chart.Tick
	for at := 0.0; at <= end; at += step {
		out = append(out, chart.Tick{At: at / end, Label: elapsed(time.Duration(at) * time.Second)})
	}
	return out
}

func (c *charts) draw(v chart.Chart) template.HTML {
	c.drawn++
	v.ID, v.X, v.Times, v.Ticks = "chart-"+strconv.Itoa(c.drawn), c.x, c.times, c.ticks
	v.Spans = slices.Clone(c.spans)
	if c.drawn > 1 && len(v.Spans) > 0 { // told once is enough
		v.Spans[0].Label = ""
	}
	return v.HTML()
}

func (c *charts) values(of func(*point) float64) []float64 {
	out := make([]float64, len(c.points))
	for i := range c.points {
		out[i] = of(&c.points[i])
	}
	return out
}

func (c *charts) rate() template.HTML {
	started := chart.Line{Name: "started", Class: "main", Area: true, Values: c.values(func(p *point) float64 { return float64(p.started) / p.length() })}
	lines := []chart.Line{started}
	if c.l.Profile.Open {
		lines = append(lines, chart.Line{Name: "wanted", Class: "plan", Values: c.values(func(p *point) float64 { return p.wanted })})
	}
	return c.draw(chart.Chart{Title: "Rate", Note: "iterations a second", Format: chartRate, Lines: lines, Marks: c.marks})
}

func (c *charts) inFlight() template.HTML {
	lines := []chart.Line{
		{Name: "in flight", Class: "main", Area: true, Values: c.values(func(p *point) float64 { return float64(p.inFlight) })},
		{Name: "of them waiting", Class: "side", Values: c.values(func(p *point) float64 { return float64(p.parked) })},
	}
	var levels []chart.Level
	if n := c.l.Profile.MaxInFlight; n > 0 {
		levels = []chart.Level{{Value: float64(n), Label: "max_in_flight " + count(uint64(n))}}
	}
	return c.draw(chart.Chart{Title: "In flight", Note: "iterations, the most at any moment", Format: whole, Lines: lines, Levels: levels})
}

// chartRate and milliseconds leave out zeros that say nothing: they label axes.
func chartRate(v float64) string { return trimmed(rate(v), "/s") }

func trimmed(text, unit string) string {
	digits, ours := strings.CutSuffix(text, unit)
	if !ours || !strings.Contains(digits, ".") {
		return text
	}
	return strings.TrimRight(strings.TrimRight(digits, "0"), ".") + unit
}

func whole(v float64) string {
	if v < 10 && v != math.Trunc(v) {
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return count(uint64(max(v, 0) + 0.5))
}

func (c *charts) errors() template.HTML {
	names, rows := reasonRows(c.points)
	var lines []chart.Line
	for i, row := range rows {
		lines = append(lines, chart.Line{Name: diag.CleanLine(names[i]), Class: "e" + strconv.Itoa(i+1), Values: row})
	}
	return c.draw(chart.Chart{Title: "Failures and errors", Note: "iterations a second, by reason", Format: chartRate, Lines: lines, Stacked: true})
}

func (c *charts) drops() template.HTML {
	lines := []chart.Line{{Name: "dropped", Class: "e1", Values: c.values(func(p *point) float64 { return float64(p.ended.Dropped) / p.length() })}}
	return c.draw(chart.Chart{Title: "Dropped arrivals", Note: tallyText(c.l.Drops), Format: chartRate, Lines: lines, Stacked: true})
}

// of draws the percentiles of every series of a measure.
func (c *charts) of(m stats.Measure) []template.HTML {
	var out []template.HTML
	for i := range c.l.Series {
		s := &c.l.Series[i]
		if s.Measure != m || len(out) == maxStepCharts {
			continue
		}
		rows := quantiles(c.points, i, 0.5, 0.95, 0.99)
		if !drawable(rows[0]) {
			continue
		}
		t := stats.NewTimes(&s.Histogram)
		level, marks := c.limits(s)
		out = append(out, c.draw(chart.Chart{
			Title: seriesTitle(s), Format: milliseconds, Levels: level, Marks: marks,
			Lines: []chart.Line{
				{Name: "p50", Class: "q1", Values: rows[0], Summary: span(t.P50)}, {Name: "p95", Class: "q2", Values: rows[1], Summary: span(t.P95)},
				{Name: "p99", Class: "q3", Values: rows[2], Summary: span(t.P99)},
			},
		}))
	}
	return out
}

func drawable(values []float64) bool {
	for _, v := range values {
		if !math.IsNaN(v) {
			return true
		}
	}
	return false
}

func seriesTitle(s *stats.Series) string {
	switch {
	case s.Channel != "":
		return diag.CleanLine(s.Channel)
	case s.Step != "":
		return diag.CleanLine(s.Scenario) + " " + diag.CleanLine(s.Step)
	}
	return diag.CleanLine(s.Scenario)
}

func milliseconds(v float64) string {
	if v == 0 {
		return "0"
	}
	if v > math.MaxInt64/float64(time.Millisecond) {
		return span(math.MaxInt64)
	}
	return trimmed(trimmed(span(time.Duration(v*float64(time.Millisecond))), " ms"), " s")
}

// responses are the response times of all scenarios together.
func responses(l *stats.Load) stats.Times {
	var all hist.Histogram
	for i := range l.Series {
		if l.Series[i].Measure == stats.MeasureResponse {
			all.Merge(&l.Series[i].Histogram)
		}
	}
	return stats.NewTimes(&all)
}

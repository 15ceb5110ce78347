package report

import (
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/authbench/authbench/internal/chart"
	"github.com/authbench/authbench/internal/compare"
	"github.com/authbench/authbench/internal/stats"
)

// trendView is what the template of a trend shows.
type trendView struct {
	Title, Lead string
	Runs        []trendRunView
	Charts      []template.HTML
	Rows        []trendRowView
}

type trendRunView struct{ Number, Name, Started, Word, Tone, Account string }

type trendRowView struct {
	Name, Quantity string
	Values         []string
	Change, Word   string
	Tone           string
}

// TrendHTML writes a trend as one page that loads nothing.
func TrendHTML(w io.Writer, t *Trend) error {
	v := trendView{Title: "Trend", Lead: fmt.Sprintf("%s, from the first to the last.", plural(len(t.Loads), "run", "runs"))}
	for i, l := range t.Loads {
		word, tone := loadWord(l.Verdict)
		v.Runs = append(v.Runs, trendRunView{
			strconv.Itoa(i + 1), runName(t, i), l.Run.Start.UTC().Format("2006-01-02 15:04"), word, tone, accountOf(l.Iterations),
		})
	}
	for i := 0; i < len(t.Rows); {
		j := i
		for j < len(t.Rows) && t.Rows[j].Subject == t.Rows[i].Subject {
			v.Rows = append(v.Rows, newTrendRow(t.Rows[j], i == j))
			j++
		}
		if len(v.Charts) < maxStepCharts && slices.ContainsFunc(t.Rows[i:j], drawn) {
			v.Charts = append(v.Charts, trendChart(t, t.Rows[i:j], len(v.Charts)))
		}
		i = j
	}
	main, err := fragment("trend", v)
	if err != nil {
		return err
	}
	return writePage(w, "authbench: trend", main, false)
}

func newTrendRow(r compare.Row, first bool) trendRowView {
	word, tone := verdictText(r.Quantity, r.Verdict)
	out := trendRowView{Quantity: quantityWord(r.Quantity), Change: rowChange(r), Word: word}
	if first {
		out.Name = subjectName(r.Subject)
	}
	switch tone {
	case red:
		out.Tone = "bad-text"
	case green:
		out.Tone = "good-text"
	}
	for _, v := range r.Values {
		out.Values = append(out.Values, estimateText(r.Quantity, v))
	}
	return out
}

// drawn reports whether a row has a value in any run.
func drawn(r compare.Row) bool {
	return slices.ContainsFunc(r.Values, func(e compare.Estimate) bool { return e.Samples > 0 })
}

// trendChart draws the percentiles of one subject over the runs, or the error ratio of
// all.
func trendChart(t *Trend, rows []compare.Row, place int) template.HTML {
	c := chart.Chart{ID: "trend-" + strconv.Itoa(place), Title: subjectName(rows[0].Subject), Format: milliseconds}
	for i := range t.Loads {
		at := (float64(i) + 0.5) / float64(len(t.Loads))
		c.X = append(c.X, at)
		c.Times = append(c.Times, runName(t, i))
		c.Ticks = append(c.Ticks, chart.Tick{At: at, Label: strconv.Itoa(i + 1)})
	}
	whole := rows[0].Measure == stats.MeasureIteration
	if whole {
		c.Title, c.Note = "Errors", "failures and errors of all iterations that were judged"
		c.Format = func(v float64) string { return trimmed(fmt.Sprintf("%.3f %%", 100*v), " %") }
	}
	classes := map[compare.Quantity]string{compare.P50: "q1", compare.P95: "q2", compare.P99: "q3"}
	for _, r := range rows {
		class := classes[r.Quantity]
		switch {
		case whole && r.Quantity == compare.ErrorRatio:
			class = "main"
		case class == "" || whole:
			continue
		}
		line := chart.Line{Name: quantityWord(r.Quantity), Class: class}
		for _, v := range r.Values {
			value := v.Value
			if v.Samples == 0 {
				value = math.NaN()
			}
			line.Values = append(line.Values, value)
		}
		line.Summary = rowChange(r)
		c.Lines = append(c.Lines, line)
	}
	return c.HTML()
}

package report

import (
	"encoding/json"
	"io"
	"strconv"
	"time"

	"github.com/authbench/authbench/internal/compare"
	"github.com/authbench/authbench/internal/stats"
)

// CompareFormatVersion is the version of the documents of comparisons and trends.
const CompareFormatVersion = "1.0"

type subjectJSON struct {
	Measure  stats.Measure    `json:"measure"`
	Scenario string           `json:"scenario"`
	Step     string           `json:"step"`
	Channel  string           `json:"channel"`
	Quantity compare.Quantity `json:"quantity"`
}

type estimateJSON struct {
	Value   float64 `json:"value"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
	Samples uint64  `json:"samples"`
}

type diffJSON struct {
	FormatVersion string         `json:"format_version"`
	Regressed     bool           `json:"regressed"`
	Missing       bool           `json:"missing"`
	Confidence    float64        `json:"confidence"`
	Tolerance     float64        `json:"tolerance"`
	Notes         []string       `json:"notes"`
	Lines         []diffLineJSON `json:"lines"`
}

type diffLineJSON struct {
	subjectJSON
	A       estimateJSON    `json:"a"`
	B       estimateJSON    `json:"b"`
	Change  float64         `json:"change"`
	Low     float64         `json:"change_low"`
	High    float64         `json:"change_high"`
	Verdict compare.Verdict `json:"verdict"`
}

type trendJSON struct {
	FormatVersion string         `json:"format_version"`
	Runs          []trendRunJSON `json:"runs"`
	Rows          []trendRowJSON `json:"rows"`
}

type trendRunJSON struct {
	Name       string        `json:"name"`
	Seed       string        `json:"seed"`
	PlanHash   string        `json:"plan_hash"`
	StartedAt  time.Time     `json:"started_at"`
	Verdict    stats.Verdict `json:"verdict"`
	Iterations countsJSON    `json:"iterations"`
}

type trendRowJSON struct {
	subjectJSON
	Values  []estimateJSON  `json:"values"`
	Change  float64         `json:"change"`
	Verdict compare.Verdict `json:"verdict"`
}

// DiffJSON writes a comparison as a document. Times are in milliseconds.
func DiffJSON(w io.Writer, c *compare.Comparison) error {
	out := diffJSON{CompareFormatVersion, c.Regressed(), c.Missing(), c.Confidence, c.Tolerance, list(c.Notes), []diffLineJSON{}}
	for _, l := range c.Lines {
		out.Lines = append(out.Lines, diffLineJSON{
			subjectDocument(l.Subject, l.Quantity), estimateJSON(l.A), estimateJSON(l.B), l.Change, l.Low, l.High, l.Verdict,
		})
	}
	return indented(w, out)
}

// TrendJSON writes a trend as a document. Times are in milliseconds.
func TrendJSON(w io.Writer, t *Trend) error {
	out := trendJSON{CompareFormatVersion, []trendRunJSON{}, []trendRowJSON{}}
	for i, l := range t.Loads {
		out.Runs = append(out.Runs, trendRunJSON{
			runName(t, i), strconv.FormatUint(l.Run.Seed, 10), l.Profile.PlanHash, l.Run.Start.UTC(), l.Verdict, counts(l.Iterations),
		})
	}
	for _, r := range t.Rows {
		row := trendRowJSON{subjectDocument(r.Subject, r.Quantity), []estimateJSON{}, r.Change, r.Verdict}
		for _, v := range r.Values {
			row.Values = append(row.Values, estimateJSON(v))
		}
		out.Rows = append(out.Rows, row)
	}
	return indented(w, out)
}

func subjectDocument(s compare.Subject, q compare.Quantity) subjectJSON {
	return subjectJSON{s.Measure, s.Scenario, s.Step, s.Channel, q}
}

func indented(w io.Writer, document any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(document)
}

package report

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/compare"
	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/stats"
)

// Trend is several runs, in the order in which they are to be read.
type Trend struct {
	// Names are those of the runs, one for each: of their files, say.
	Names []string
	Loads []*stats.Load
	Rows  []compare.Row
}

// TrendText writes one line for each number, with one column for each run.
func TrendText(w io.Writer, t *Trend, o TextOptions) error {
	var b strings.Builder
	runs := new(table)
	for i, l := range t.Loads {
		word, tone := verdictWord(l.Verdict)
		runs.row(0, cell{text: strconv.Itoa(i + 1), right: true, style: bold}, cell{text: runName(t, i)}, cell{text: l.Run.Start.UTC().Format("2006-01-02 15:04")},
			cell{text: strings.TrimSuffix(word, "!"), style: tone}, cell{text: accountOf(l.Iterations), style: dim})
	}
	write(&b, runs.lines(o.Width, o.Color))
	b.WriteByte('\n')
	rows := new(table)
	head := []cell{{}, {}}
	for i := range t.Loads {
		head = append(head, cell{text: strconv.Itoa(i + 1), right: true, style: dim})
	}
	rows.row(0, append(head, cell{text: "change", right: true, style: dim}, cell{text: "last beside first", style: dim})...)
	before := ""
	for _, r := range t.Rows {
		name := subjectName(r.Subject)
		shown := name
		if name == before {
			shown = ""
		}
		before = name
		cells := []cell{{text: shown, style: bold}, {text: quantityWord(r.Quantity), style: dim}}
		for _, v := range r.Values {
			cells = append(cells, cell{text: estimateText(r.Quantity, v), right: true})
		}
		word, tone := verdictText(r.Quantity, r.Verdict)
		rows.row(0, append(cells, cell{text: rowChange(r), right: true}, cell{text: word, style: tone})...)
	}
	write(&b, rows.lines(o.Width, o.Color))
	_, err := io.WriteString(w, b.String())
	return err
}

func runName(t *Trend, i int) string {
	if i < len(t.Names) {
		return diag.CleanLine(t.Names[i])
	}
	return ""
}

// subjectName is how what was compared is called.
func subjectName(s compare.Subject) string {
	switch {
	case s.Measure == stats.MeasureIteration:
		return "all iterations"
	case s.Measure == stats.MeasureDelivery:
		return diag.CleanLine(s.Channel) + " delivery"
	case s.Step != "":
		return diag.CleanLine(s.Scenario) + " " + diag.CleanLine(s.Step)
	}
	return diag.CleanLine(s.Scenario) + " response"
}

func quantityWord(q compare.Quantity) string {
	if q == compare.ErrorRatio {
		return "errors"
	}
	return string(q)
}

// estimateText is the number alone.
func estimateText(q compare.Quantity, e compare.Estimate) string {
	if e.Samples == 0 {
		return "–"
	}
	return valueText(q, e.Value)
}

func valueText(q compare.Quantity, v float64) string {
	switch q {
	case compare.ErrorRatio:
		return fmt.Sprintf("%.2f %%", 100*v)
	case compare.Rate:
		return rate(v)
	}
	if v > math.MaxInt64/float64(time.Millisecond) {
		return span(math.MaxInt64)
	}
	return span(time.Duration(v * float64(time.Millisecond)))
}

// rowChange is empty where the first run or the last has no value.
func rowChange(r compare.Row) string {
	if n := len(r.Values); n == 0 || r.Values[0].Samples == 0 || r.Values[n-1].Samples == 0 {
		return ""
	}
	return changeText(r.Quantity, r.Change)
}

// changeText has a sign always, so that a column of them reads at a glance.
func changeText(q compare.Quantity, change float64) string {
	switch {
	case q == compare.ErrorRatio:
		return fmt.Sprintf("%+.2f pp", 100*change)
	case change > 99:
		return ">+9900 %"
	}
	return fmt.Sprintf("%+.1f %%", 100*change)
}

// verdictText says what a change is, in the words of what changed.
func verdictText(q compare.Quantity, v compare.Verdict) (string, style) {
	switch v {
	case compare.Same:
		return "= same", plain
	case compare.NotEnough:
		return "? not enough data", dim
	case compare.Faster:
		return "▼ faster", green
	case compare.Slower:
		return "▲ slower", red
	case compare.OnlyA:
		return "! only in A", yellow
	case compare.OnlyB:
		return "+ only in B", dim
	}
	word, tone := "better", green
	if v == compare.Worse {
		word, tone = "worse", red
	}
	if (q == compare.ErrorRatio) == (v == compare.Worse) {
		return "▲ " + word, tone
	}
	return "▼ " + word, tone
}

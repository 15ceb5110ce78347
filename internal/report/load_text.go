package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/stats"
)

// LoadHeader writes what a load run does, to what, before it does it.
func LoadHeader(w io.Writer, l *stats.Load, o TextOptions) error {
	var b strings.Builder
	if err := headerOf(&b, l.Run, seedText(l), o); err != nil {
		return err
	}
	p := l.Profile
	b.WriteString(dress(diag.CleanLine("profile "+p.Name), o.Color, bold))
	if p.Schedule != "" {
		b.WriteString(": " + diag.CleanLine(p.Schedule))
	}
	if p.Warmup > 0 {
		b.WriteString(", the first " + span(p.Warmup) + " are warm-up")
	}
	b.WriteByte('\n')
	_, err := io.WriteString(w, b.String())
	return err
}

// LoadText writes a load run for people: the account that adds up, the times of
// scenarios and steps, thresholds, failures, the generator, and the verdict with what
// to do in the last lines.
func LoadText(w io.Writer, l *stats.Load, o TextOptions) error {
	var b strings.Builder
	b.WriteByte('\n')
	for _, line := range accounts(l) {
		b.WriteString(line + "\n")
	}
	b.WriteByte('\n')
	if rows := loadRows(l); len(rows) > 0 {
		write(&b, loadTable(rows).lines(o.Width, o.Color))
		for _, line := range clocks() {
			b.WriteString(dress(line, o.Color, dim) + "\n")
		}
		b.WriteByte('\n')
	}
	if len(l.Thresholds) > 0 {
		b.WriteString(dress("thresholds", o.Color, bold) + "\n")
		write(&b, thresholdTable(l).lines(o.Width, o.Color))
		b.WriteByte('\n')
	}
	if err := loadFailures(&b, l, o); err != nil {
		return err
	}
	if line := loadTraffic(l); line != "" {
		b.WriteString(dress(line, o.Color, dim) + "\n")
	}
	if l.Health != (stats.Health{}) {
		b.WriteString(dress("generator: "+healthLine(l.Health), o.Color, dim) + "\n")
	}
	b.WriteString(loadVerdict(l, o.Color))
	_, err := io.WriteString(w, b.String())
	return err
}

// clocks tells what the times run from.
func clocks() []string {
	return []string{
		"Without the warm-up. A scenario's time runs from the intended start of an iteration to its end, a",
		"step's is its service without waiting, a delivery's runs from the sending answer to arrival.",
	}
}

func loadTable(rows []loadRow) *table {
	t := new(table)
	head := []string{"", "count", "rate", "p50", "p90", "p95", "p99", "max", "errors"}
	cells := make([]cell, 0, len(head)+1)
	for i, h := range head {
		cells = append(cells, cell{text: h, style: dim, right: i > 0})
	}
	t.row(0, append(cells, cell{})...)
	for _, r := range rows {
		indent, tone := 0, bold
		if r.Step {
			indent, tone = 2, plain
		}
		cells := []cell{{text: r.Name, style: tone}, {text: count(max(r.Count, r.Judged)), right: true}, {text: rate(r.Rate), right: true}}
		for _, d := range []time.Duration{r.P50, r.P90, r.P95, r.P99, r.Max} {
			c := cell{right: true}
			if r.Count > 0 {
				c.text = span(d)
			}
			cells = append(cells, c)
		}
		bad := cell{text: r.errors(), right: true}
		if r.Bad > 0 {
			bad.style = red
		}
		t.row(indent, append(cells, bad, cell{})...)
	}
	return t
}

func thresholdTable(l *stats.Load) *table {
	t := new(table)
	for _, x := range l.Thresholds {
		word, good := holds(x)
		mark, tone := "✓", green
		if !good {
			mark, tone = "✗", red
		}
		if x.BrokenAt > 0 && !good {
			word += " at " + elapsed(x.BrokenAt)
		}
		if x.Aborted {
			word += " and ended the run"
		}
		saw, more := observedText(x), []stats.Observed(nil)
		if len(x.Observed) > 1 { // on lines of their own
			saw, more = "", x.Observed
		}
		t.row(2, cell{text: mark + " " + x.Name, style: tone}, cell{text: word, style: tone}, cell{text: saw}, cell{text: x.Condition, style: dim})
		for _, o := range more {
			t.row(6, cell{text: o.Name + " = " + o.Value + " of " + counted(o.Samples, "sample", "samples"), style: dim})
		}
		if !good && x.Message != "" {
			t.row(6, cell{text: x.Message})
		}
	}
	return t
}

// loadFailures lists the sorts of failure with how often each occurred, and shows the
// first of the most frequent in full.
func loadFailures(b *strings.Builder, l *stats.Load, o TextOptions) error {
	if len(l.Failures) == 0 {
		return nil
	}
	b.WriteString(dress("failures and errors", o.Color, bold) + "\n")
	t, all := new(table), mostFirst(l.Failures)
	for i, f := range all {
		if i >= maxFrames && o.Detail != DetailAll {
			continue
		}
		note := ""
		if len(f.Samples) > 0 {
			note = f.Samples[0].Message
		}
		t.row(2, cell{text: count(f.Count), right: true}, cell{text: failureName(f), style: red}, cell{text: failureReason(f)}, cell{text: note, style: dim})
	}
	write(b, t.lines(o.Width, o.Color))
	if left := len(all) - maxFrames; left > 0 && o.Detail != DetailAll {
		b.WriteString("  " + plural(left, "more sort is", "more sorts are") + " in the JSON document.\n")
	}
	b.WriteByte('\n')
	frame := diag.TextOptions{Color: o.Color, Width: o.Width, Frame: true}
	for i, f := range all {
		if i > 0 && o.Detail != DetailAll {
			continue
		}
		if err := diagnostics(f, loadCommand(l, f), 1).WriteText(b, frame); err != nil {
			return err
		}
		b.WriteByte('\n')
	}
	return nil
}

func loadTraffic(l *stats.Load) string {
	return traffic(&stats.Summary{Requests: l.Requests, Messages: l.Messages, Deliveries: l.Deliveries})
}

func healthLine(h stats.Health) string {
	var parts []string
	for _, row := range healthRows(h) {
		parts = append(parts, row[0]+" "+row[1])
	}
	return strings.Join(parts, "; ")
}

// loadVerdict is the last lines: the word, why, and what to do.
func loadVerdict(l *stats.Load, color bool) string {
	word, tone := verdictWord(l.Verdict)
	n := l.Iterations
	out := dress(word, color, bold, tone) + " " + counted(n.Started(), "iteration", "iterations")
	if seconds := measured(l).Seconds(); seconds > 0 {
		out += " at " + rate(float64(n.Started())/seconds)
	}
	out += fmt.Sprintf(" in %s (%s). %s\n", span(l.Wall), seedText(l), loadReason(l))
	for _, line := range advice(l) {
		out += line + "\n"
	}
	return out
}

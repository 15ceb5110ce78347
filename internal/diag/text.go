package diag

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// TextOptions says how [List.WriteText] looks.
type TextOptions struct {
	// Color allows ANSI sequences. Everything is told without colour too.
	Color bool
	// Width is where lines are broken, in columns; 0 leaves them whole.
	Width int
	// Frame draws the box round each message. Without it the text is ASCII apart
	// from what it quotes, for logs and files.
	Frame bool
}

// WriteText writes the list for people, in its order, a blank line between two
// messages. Warnings that share a summary are shown once, with a count. Text that
// came from elsewhere can not drive the terminal.
func (l List) WriteText(w io.Writer, o TextOptions) error {
	var b strings.Builder
	for i, d := range consolidate(l) {
		if i > 0 {
			b.WriteByte('\n')
		}
		writeOne(&b, d, o)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeOne(b *strings.Builder, d Diagnostic, o TextOptions) {
	p := newPalette(d.Severity, o.Color)
	lines := []string{title(d, p)}
	if place := placeLines(d, p, o); len(place) > 0 {
		lines = append(append(lines, ""), place...)
	}
	if detail := detailLines(d.Detail, inside(o, 0)); len(detail) > 0 {
		lines = append(append(lines, ""), detail...)
	}
	if !o.Frame {
		for _, line := range lines {
			b.WriteString(line + "\n")
		}
		return
	}
	b.WriteString(p.severity("╷") + "\n")
	for _, line := range lines {
		b.WriteString(strings.TrimRight(p.severity("│")+" "+line, " ") + "\n")
	}
	b.WriteString(p.severity("╵") + "\n")
}

func title(d Diagnostic, p palette) string {
	word := "Warning"
	if d.Severity == Error {
		word = "Error"
	}
	return p.severity(p.strong(word+":")) + " " + p.strong(CleanLine(d.Summary))
}

// placeLines says where: the address, the file, its source and the evidence.
func placeLines(d Diagnostic, p palette, o TextOptions) []string {
	var out []string
	if d.Address != "" {
		line := "  with " + CleanLine(d.Address)
		if d.Range != nil {
			line += ","
		}
		out = append(out, line)
	}
	if d.Range != nil {
		out = append(out, onLine(d))
	}
	if d.Snippet != nil {
		out = append(out, sourceLines(d.Snippet, p)...)
	}
	rule, bar := "    ├────────────────", "    │ "
	if !o.Frame {
		rule, bar = "    |----------------", "    | "
	}
	limit := inside(o, len("    | "))
	if values := valueLines(d.Values); len(values) > 0 {
		out = append(append(out, rule), barred(bar, values, limit)...)
	}
	for _, s := range d.Sections {
		lines := make([]string, 0, len(s.Lines))
		for _, line := range s.Lines {
			lines = append(lines, strings.Split(CleanText(line), "\n")...)
		}
		head := strings.TrimRight(rule+" "+p.strong(CleanLine(s.Title)), " ")
		out = append(append(out, head), barred(bar, lines, limit)...)
	}
	return out
}

func onLine(d Diagnostic) string {
	line := fmt.Sprintf("  on %s line %d", CleanLine(d.Range.Filename), d.Range.Start.Line)
	if d.Snippet == nil {
		return line
	}
	if d.Snippet.Context != "" {
		line += ", in " + CleanLine(d.Snippet.Context)
	}
	return line + ":"
}

// valueLines are sorted and free of repetitions, whatever the order of evaluation.
func valueLines(values []Value) []string {
	out := make([]string, 0, len(values))
	for _, v := range values {
		text := CleanText(v.Statement)
		out = append(out, CleanLine(v.Traversal)+" "+strings.ReplaceAll(text, "\n", "\n  "))
	}
	slices.Sort(out)
	var lines []string
	for _, text := range slices.Compact(out) {
		lines = append(lines, strings.Split(text, "\n")...)
	}
	return lines
}

func barred(bar string, lines []string, limit int) []string {
	var out []string
	for _, line := range lines {
		for _, piece := range fold(line, limit) {
			out = append(out, strings.TrimRight(bar+piece, " "))
		}
	}
	return out
}

// detailLines wraps the detail. A line that starts with a space keeps its shape.
func detailLines(detail string, limit int) []string {
	if detail == "" {
		return nil
	}
	var out []string
	for line := range strings.SplitSeq(CleanText(detail), "\n") {
		if strings.HasPrefix(line, " ") {
			out = append(out, line)
			continue
		}
		out = append(out, wrap(line, limit)...)
	}
	return out
}

// inside tells the columns that are left for text after indent columns, 0 for any.
func inside(o TextOptions, indent int) int {
	if o.Width <= 0 {
		return 0
	}
	if o.Frame {
		indent += len("| ")
	}
	return max(20, o.Width-indent)
}

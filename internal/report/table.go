package report

import (
	"strings"

	"github.com/authbench/authbench/internal/diag"
)

// style is an ANSI sequence, or empty.
type style string

const (
	plain  style = ""
	bold   style = "\x1b[1m"
	dim    style = "\x1b[2m"
	red    style = "\x1b[31m"
	green  style = "\x1b[32m"
	yellow style = "\x1b[33m"
)

// dress puts styles round s.
func dress(s string, color bool, styles ...style) string {
	if !color || s == "" {
		return s
	}
	before := ""
	for _, st := range styles {
		before += string(st)
	}
	if before == "" {
		return s
	}
	return before + s + "\x1b[0m"
}

// cell is a part of a row.
type cell struct {
	text  string
	style style
	right bool // numbers stand to the right
}

// table is rows whose columns line up. The last cell of a row may be longer than
// its column: it takes part in no width and is cut where the line ends.
type table struct {
	rows   [][]cell
	indent []int
}

func (t *table) row(indent int, cells ...cell) {
	for i := range cells {
		cells[i].text = diag.CleanLine(cells[i].text)
	}
	t.rows = append(t.rows, cells)
	t.indent = append(t.indent, indent)
}

const gap = 2

// The room that names keep, however narrow the table, and the room that they leave for
// the last cell where there is some.
const (
	leastName = 6
	goodName  = 16
	mostLast  = 12
)

// narrow shortens the names in a column so far that the cells beside it stay in sight:
// the figures first, and the last cell if names stay readable. A width of 0 has no bound.
func (t *table) narrow(column, width int) {
	if width <= 0 {
		return
	}
	last := 0
	for _, row := range t.rows {
		last = max(last, diag.Columns(row[len(row)-1].text))
	}
	room := width
	for i, n := range t.widths() {
		if i != column && n > 0 {
			room -= n + gap
		}
	}
	if with := room - gap - min(last, mostLast); last > 0 && with >= goodName {
		room = with
	}
	for i, row := range t.rows {
		limit := room
		if column == 0 {
			limit -= t.indent[i]
		}
		row[column].text = cut(row[column].text, max(leastName, limit))
	}
}

// widths are those of the columns, but for the last cell of each row.
func (t *table) widths() []int {
	var widths []int
	for i, row := range t.rows {
		for j, c := range row[:len(row)-1] {
			n := diag.Columns(c.text)
			if j == 0 {
				n += t.indent[i]
			}
			if j == len(widths) {
				widths = append(widths, 0)
			}
			widths[j] = max(widths[j], n)
		}
	}
	return widths
}

// lines lays the table out. Rows that are indented use up columns of the first
// cell, so that all further cells line up.
func (t *table) lines(width int, color bool) []string {
	widths := t.widths()
	out := make([]string, 0, len(t.rows))
	for i, row := range t.rows {
		var b strings.Builder
		used := t.indent[i]
		b.WriteString(strings.Repeat(" ", used))
		for j, c := range row[:len(row)-1] {
			room := widths[j]
			if j == 0 {
				room -= t.indent[i]
			}
			if width > 0 && c.right && used+room > width {
				break // half of a figure is another figure: 47 m is not 47 ms
			}
			pad := strings.Repeat(" ", room-diag.Columns(c.text))
			if c.right {
				b.WriteString(pad + dress(c.text, color, c.style))
			} else {
				b.WriteString(dress(c.text, color, c.style) + pad)
			}
			if room > 0 { // a column that is empty throughout takes no gap
				b.WriteString(strings.Repeat(" ", gap))
				room += gap
			}
			used += room
		}
		last := row[len(row)-1]
		if width > 0 {
			last.text = cut(last.text, max(12, width-used))
		}
		b.WriteString(dress(last.text, color, last.style))
		out = append(out, strings.TrimRight(b.String(), " "))
	}
	return out
}

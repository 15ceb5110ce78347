package chart

import (
	"math"
	"strconv"
	"strings"
)

// plot draws what is stretched: a grid, spans, lines, levels, marks and the cursor.
func (c *Chart) plot(b *strings.Builder, top float64, ticks []float64) {
	b.WriteString(`<svg class="plot" role="img" aria-labelledby="` + attr(c.ID) + `-title" viewBox="0 -8 ` + strconv.Itoa(width) + ` ` +
		strconv.Itoa(height+8) + `" preserveAspectRatio="none" height="` + strconv.Itoa(height+8) + `"><title id="` + attr(c.ID) + `-title">` +
		text(c.spoken()) + `</title>`)
	for _, s := range c.Spans {
		b.WriteString(`<rect class="span" x="` + number(s.From*width) + `" y="-8" width="` + number((s.To-s.From)*width) +
			`" height="` + strconv.Itoa(height+8) + `"/>`)
	}
	for _, v := range ticks {
		across(b, "grid", y(v, top))
	}
	rows := c.rows()
	for i := len(rows) - 1; i >= 0 && c.Stacked; i-- { // the lowest is drawn over those that hold it
		b.WriteString(`<path class="stack ` + attr(c.Lines[i].Class) + `" d="` + c.area(rows[i], top) + `"/>`)
	}
	for i := range rows {
		if c.Stacked {
			continue
		}
		if c.Lines[i].Area {
			b.WriteString(`<path class="area ` + attr(c.Lines[i].Class) + `" d="` + c.area(rows[i], top) + `"/>`)
		}
		b.WriteString(`<path class="line ` + attr(c.Lines[i].Class) + `" d="` + c.line(rows[i], top) + `"/>`)
	}
	for _, l := range c.Levels {
		if usable(l.Value) && l.Value <= top {
			across(b, "level", y(l.Value, top))
		}
	}
	for _, m := range c.Marks {
		x := number(m.At * width)
		b.WriteString(`<line class="mark" x1="` + x + `" x2="` + x + `" y1="-8" y2="` + strconv.Itoa(height) + `"/>`)
	}
	b.WriteString(`<line class="cursor" x1="-9" x2="-9" y1="-8" y2="` + strconv.Itoa(height) + `"/></svg>`)
}

func across(b *strings.Builder, class string, at float64) {
	b.WriteString(`<line class="` + class + `" x1="0" x2="` + strconv.Itoa(width) + `" y1="` + number(at) + `" y2="` + number(at) + `"/>`)
}

// spoken is the chart in words, for those who do not see it.
func (c *Chart) spoken() string {
	out := c.Title + "."
	for _, l := range c.Lines {
		out += " " + l.Name
		if l.Summary != "" {
			out += " " + l.Summary
		}
		highest, at := math.Inf(-1), 0
		for i, v := range l.Values {
			if usable(v) && v > highest {
				highest, at = v, i
			}
		}
		if at < len(c.Times) && usable(highest) {
			out += ", at most " + c.Format(highest) + " at " + c.Times[at]
		}
		out += "."
	}
	return out
}

// line is a path through the values, broken where there are none.
func (c *Chart) line(values []float64, top float64) string {
	var b strings.Builder
	for _, run := range c.runs(values) {
		for i := run[0]; i < run[1]; i++ {
			letter := "L"
			if i == run[0] {
				letter = "M"
			}
			b.WriteString(letter + c.point(values, i, top))
		}
		if run[1] == run[0]+1 { // a lone point has no line to be seen by
			b.WriteString("h2")
		}
	}
	return b.String()
}

func (c *Chart) area(values []float64, top float64) string {
	var b strings.Builder
	for _, run := range c.runs(values) {
		b.WriteString("M" + number(c.X[run[0]]*width) + " " + strconv.Itoa(height))
		for i := run[0]; i < run[1]; i++ {
			b.WriteString("L" + c.point(values, i, top))
		}
		b.WriteString("L" + number(c.X[run[1]-1]*width) + " " + strconv.Itoa(height) + "Z")
	}
	return b.String()
}

func (c *Chart) point(values []float64, i int, top float64) string {
	return number(c.X[i]*width) + " " + number(y(values[i], top))
}

// runs are the stretches of values without a gap, from and without.
func (c *Chart) runs(values []float64) [][2]int {
	var out [][2]int
	open := false
	for i := range min(len(values), len(c.X)) {
		switch {
		case !usable(values[i]):
			open = false
		case open:
			out[len(out)-1][1] = i + 1
		default:
			open = true
			out = append(out, [2]int{i, i + 1})
		}
	}
	return out
}

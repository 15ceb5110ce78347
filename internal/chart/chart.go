// Package chart draws lines over time as HTML with inline SVG, for pages that load
// nothing and run without script.
//
// A [Chart] is data. Its text keeps its size however wide the page is: the plot is
// stretched, the labels beside it are not. Looks are left to the style sheet of the
// page, by class; a script may read the values from the attributes to show them under
// the pointer. The package knows nothing of what is drawn.
package chart

import (
	"html"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// Chart is lines over one span of time. The zero value draws an empty frame.
type Chart struct {
	// ID is unique on the page: letters, digits and dashes.
	ID string
	// Title says what is drawn, Note what it means.
	Title, Note string
	// X are the places of the points, from 0 to 1; Times what to call each of them.
	X     []float64
	Times []string
	// Ticks are the labels below.
	Ticks []Tick
	// Format writes a value down, with its unit. It must not be nil.
	Format func(float64) string
	Lines  []Line
	// Stacked lays the lines upon each other, as areas.
	Stacked bool
	// Levels are drawn across, Marks from top to bottom, Spans behind the lines.
	Levels []Level
	Marks  []Mark
	Spans  []Span
}

// Tick is a label of the time axis.
type Tick struct {
	At    float64
	Label string
}

// Line is one row of values, a NaN where there is none.
type Line struct {
	Name string
	// Class is that of the style sheet.
	Class  string
	Values []float64
	// Area fills what is below the line.
	Area bool
	// Summary is the value for the whole, shown when no point is picked.
	Summary string
}

// Level is a value that matters.
type Level struct {
	Value float64
	Label string
}

// Mark is a moment that matters.
type Mark struct {
	At    float64
	Label string
}

// Span is a stretch of time that matters. Without a label it is drawn and not told.
type Span struct {
	From, To float64
	Label    string
}

// Sizes of the plot in its own units: the height is in pixels, the width is stretched.
const (
	width  = 1000
	height = 150
)

// HTML draws the chart as a figure.
func (c *Chart) HTML() template.HTML {
	top, ticks := scale(c.highest())
	var b strings.Builder
	b.WriteString(`<figure class="chart" id="` + attr(c.ID) + `" tabindex="0" data-times="` + attr(strings.Join(c.Times, "|")) +
		`" data-x="` + attr(places(c.X)) + `">`)
	b.WriteString(`<figcaption><h3>` + text(c.Title) + `</h3><p class="note">` + text(c.Note) + `</p><p class="at" aria-live="off"></p></figcaption>`)
	c.legend(&b)
	b.WriteString(`<div class="frame">`)
	c.axis(&b, top, ticks)
	c.plot(&b, top, ticks)
	c.times(&b)
	b.WriteString(`</div>`)
	c.captions(&b)
	b.WriteString(`</figure>`)
	return template.HTML(b.String()) //nolint:gosec // every text went through html.EscapeString
}

func (c *Chart) legend(b *strings.Builder) {
	b.WriteString(`<ul class="legend">`)
	for _, l := range c.Lines {
		values := make([]string, len(l.Values))
		for i, v := range l.Values {
			values[i] = "–"
			if usable(v) {
				values[i] = c.Format(v)
			}
		}
		b.WriteString(`<li data-values="` + attr(strings.Join(values, "|")) + `"><i class="key ` + attr(l.Class) + `"></i>` +
			text(l.Name) + ` <b>` + text(l.Summary) + `</b></li>`)
	}
	b.WriteString(`</ul>`)
}

// axis writes the labels of values.
func (c *Chart) axis(b *strings.Builder, top float64, ticks []float64) {
	b.WriteString(`<svg class="axis" aria-hidden="true" width="56" height="` + strconv.Itoa(height+8) + `">`)
	for _, v := range ticks {
		b.WriteString(`<text x="50" y="` + number(y(v, top)+12) + `" text-anchor="end">` + text(c.Format(v)) + `</text>`)
	}
	b.WriteString(`</svg>`)
}

// times writes the labels of time, the first and the last inside of the frame.
func (c *Chart) times(b *strings.Builder) {
	b.WriteString(`<svg class="times" aria-hidden="true" width="100%" height="18">`)
	for _, t := range c.Ticks {
		anchor := "middle"
		switch {
		case t.At < 0.04:
			anchor = "start"
		case t.At > 0.96:
			anchor = "end"
		}
		b.WriteString(`<text x="` + number(t.At*100) + `%" y="14" text-anchor="` + anchor + `">` + text(t.Label) + `</text>`)
	}
	b.WriteString(`</svg>`)
}

// captions tells what the levels and marks are.
func (c *Chart) captions(b *strings.Builder) {
	b.WriteString(`<ul class="marks">`)
	for _, s := range c.Spans {
		if s.Label == "" {
			continue
		}
		b.WriteString(`<li><i class="key span"></i>` + text(s.Label) + `</li>`)
	}
	for _, l := range c.Levels {
		b.WriteString(`<li><i class="key level"></i>` + text(l.Label) + `</li>`)
	}
	for _, m := range c.Marks {
		b.WriteString(`<li><i class="key mark"></i>` + text(m.Label) + `</li>`)
	}
	b.WriteString(`</ul>`)
}

func text(s string) string { return html.EscapeString(s) }
func attr(s string) string { return html.EscapeString(s) }

func usable(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// number is short: a tenth of a pixel is not seen.
func number(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }

func places(x []float64) string {
	out := make([]string, len(x))
	for i, v := range x {
		out[i] = strconv.FormatFloat(v, 'f', 4, 64)
	}
	return strings.Join(out, "|")
}

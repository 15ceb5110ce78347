// Package diag holds messages to the author of a file: what is wrong, where, and
// what to do about it.
//
// A [Diagnostic] is data. It is made by the language, by the evaluator and by the
// runner, and shown by [List.WriteText] and [List.WriteJSON]. The package reads no file and
// knows no grammar. Mistakes of the operator and of the program are errors and
// panics, not diagnostics.
package diag

import (
	"cmp"
	"slices"
	"strings"
)

// Severity tells whether work can go on.
type Severity uint8

// The severities, in order of weight.
const (
	Warning Severity = iota + 1
	Error
)

// String gives the word that reports use.
func (s Severity) String() string {
	if s == Error {
		return "error"
	}
	return "warning"
}

// Pos is a place in a file. Line and Column start at 1, Byte at 0. Columns count
// grapheme clusters.
type Pos struct {
	Line   int `json:"line"`
	Column int `json:"column"`
	Byte   int `json:"byte"`
}

// Range is a part of a file; End is exclusive.
type Range struct {
	Filename string `json:"filename"`
	Start    Pos    `json:"start"`
	End      Pos    `json:"end"`
}

// Value says of one reference what stood behind it: `var.phone` `is "+1202…"`.
type Value struct {
	Traversal string `json:"traversal"`
	Statement string `json:"statement"`
}

// Snippet is the source that a diagnostic talks about.
type Snippet struct {
	// Context names the blocks round the place, outermost first:
	// `scenario "x", step "descope_me" "me", assert`. Empty at top level.
	Context string
	// Code is whole lines of the source, without the last line break.
	Code string
	// StartLine is the number of Code's first line, from 1.
	StartLine int
	// HighlightStart and HighlightEnd are byte offsets into Code; end exclusive.
	HighlightStart, HighlightEnd int
}

// Section is evidence below the source: a title, and lines under it. A line that
// starts with a space belongs to the one before.
type Section struct {
	Title string   `json:"title"`
	Lines []string `json:"lines"`
}

// Diagnostic is one message.
type Diagnostic struct {
	Severity Severity
	// Summary is a fixed phrase without names. It is never wrapped.
	Summary string
	// Detail is full sentences that end in what to do. Lines that start with a
	// space keep their shape.
	Detail string
	// Address names the thing at fault for people: `scenario.x["k"].step.change
	// (descope_me), iteration 3`. It may be empty.
	Address string
	// Range is nil when no place in a file is meant.
	Range *Range
	// Snippet is nil when the source is not at hand.
	Snippet *Snippet
	// Values are what the references in the snippet stood for.
	Values []Value
	// Sections are further evidence, shown in order.
	Sections []Section
}

// List is diagnostics in the order in which they are shown.
type List []Diagnostic

// HasErrors reports whether one of them is an error.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d Diagnostic) bool { return d.Severity == Error })
}

// Sort puts the list in order of place, errors and warnings mixed, and drops
// exact repetitions. Diagnostics without a place come first.
func (l *List) Sort() {
	slices.SortStableFunc(*l, compare)
	*l = slices.CompactFunc(*l, func(a, b Diagnostic) bool { return compare(a, b) == 0 && a.Address == b.Address })
}

func compare(a, b Diagnostic) int {
	if (a.Range == nil) != (b.Range == nil) {
		if a.Range == nil {
			return -1
		}
		return 1
	}
	if a.Range != nil {
		if c := cmp.Or(
			strings.Compare(a.Range.Filename, b.Range.Filename),
			cmp.Compare(a.Range.Start.Byte, b.Range.Start.Byte),
			cmp.Compare(a.Range.End.Byte, b.Range.End.Byte),
		); c != 0 {
			return c
		}
	}
	return cmp.Or(
		cmp.Compare(b.Severity, a.Severity),
		strings.Compare(a.Summary, b.Summary),
		strings.Compare(a.Detail, b.Detail),
	)
}

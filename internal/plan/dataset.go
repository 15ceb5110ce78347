package plan

import (
	"slices"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
)

// Dataset is a table of which each iteration gets a row.
type Dataset struct {
	Name string
	// Rows is never empty.
	Rows Table
	Mode DatasetMode
	// Cooldown is how long a leased row rests when it is given back.
	Cooldown time.Duration
	// OnExhausted is what happens when a unique dataset has no row left.
	OnExhausted Exhausted
	Source      eval.Site
}

// DatasetMode says which row an iteration gets.
type DatasetMode string

// The modes.
const (
	DatasetSequential DatasetMode = "sequential"
	DatasetRandom     DatasetMode = "random"
	// DatasetUnique gives no row twice.
	DatasetUnique DatasetMode = "unique"
	// DatasetLease gives a row to one iteration at a time.
	DatasetLease DatasetMode = "lease"
)

// Exhausted is what happens when no row is left.
type Exhausted string

// The ways to end.
const (
	// ExhaustedStop ends the schedule.
	ExhaustedStop Exhausted = "stop"
	// ExhaustedDrop drops the arrival.
	ExhaustedDrop Exhausted = "drop"
	// ExhaustedError makes the iteration an error.
	ExhaustedError Exhausted = "error"
)

// Column is one of a table. Type is dynamic where rows differ in it. Sensitive tells that
// a cell of it is marked.
type Column struct {
	Name      string
	Type      cty.Type
	Sensitive bool
}

// Table is rows of the same columns. It is immutable and safe for concurrent use. Texts
// take a fraction of the room of values, and tables may have millions of rows.
type Table struct {
	columns []Column
	texts   []string // every cell, row by row; nil when there are values
	values  []eval.Value
}

// TextTable makes a table of texts, as a CSV file holds them: row after row, each with a
// cell for every column. It keeps both slices.
func TextTable(columns, cells []string) Table {
	t := Table{texts: cells, columns: make([]Column, len(columns))}
	for i, name := range columns {
		t.columns[i] = Column{Name: name, Type: cty.String}
	}
	return t
}

// ValueTable is [TextTable] for cells of any type.
func ValueTable(columns []Column, cells []eval.Value) Table {
	return Table{columns: columns, values: cells}
}

// Columns lists the columns in order. Do not change it.
func (t Table) Columns() []Column { return t.columns }

// Len counts the rows.
func (t Table) Len() int {
	if len(t.columns) == 0 {
		return 0
	}
	return (len(t.texts) + len(t.values)) / len(t.columns)
}

// Cell gives what stands in a column of a row, both counted from 0, marked if it is
// sensitive. It makes nothing.
func (t Table) Cell(row, column int) eval.Value {
	at := row*len(t.columns) + column
	switch {
	case t.texts == nil:
		return t.values[at]
	case t.columns[column].Sensitive:
		return eval.Text(t.texts[at]).Secret()
	}
	return eval.Text(t.texts[at])
}

// Conceal gives the table with every cell of these columns marked as sensitive.
func (t Table) Conceal(columns ...string) Table {
	t.columns, t.values = slices.Clone(t.columns), slices.Clone(t.values)
	for i := range t.columns {
		if !slices.Contains(columns, t.columns[i].Name) {
			continue
		}
		t.columns[i].Sensitive = true
		for at := i; at < len(t.values); at += len(t.columns) {
			t.values[at] = t.values[at].Secret()
		}
	}
	return t
}

// Row gives a row as an object.
func (t Table) Row(row int) cty.Value {
	attrs := make(map[string]cty.Value, len(t.columns))
	for i, c := range t.columns {
		v := t.Cell(row, i).Cty()
		if v.IsNull() && c.Type != cty.DynamicPseudoType {
			_, marks := v.Unmark()
			v = cty.NullVal(c.Type).WithMarks(marks)
		}
		attrs[c.Name] = v
	}
	return cty.ObjectVal(attrs)
}

// Type is that of a row.
func (t Table) Type() cty.Type {
	attrs := make(map[string]cty.Type, len(t.columns))
	for _, c := range t.columns {
		attrs[c.Name] = c.Type
	}
	return cty.Object(attrs)
}

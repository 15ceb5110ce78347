package lang

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
)

// tableMaker gathers the rows of a dataset. Its errors end a sentence and never quote a
// cell, which may be secret.
type tableMaker struct {
	// columns are those that are asked for; nil takes those of the first row.
	columns []string
	// all tells that every column is taken, so that no row may have another one.
	all    bool
	count  int
	texts  []string
	values []eval.Value
	types  []cty.Type // NilType while all cells are null
	secret []bool
}

var errTooManyRows = fmt.Errorf("there are more than %d rows", MaxDatasetRows)

// header settles the columns when it is known what there is.
func (t *tableMaker) header(names []string) error {
	if t.columns != nil {
		for _, name := range t.columns {
			if !slices.Contains(names, name) {
				return fmt.Errorf("there is no column %q.%s", name, headerHint(name, names))
			}
		}
		return nil
	}
	for i, name := range names {
		if !hclsyntax.ValidIdentifier(name) {
			return fmt.Errorf("the name of column %d is not an identifier, so nothing could refer to it. List the columns to use in columns", i+1)
		}
	}
	if len(names) == 0 {
		return errors.New("there is no column")
	}
	t.columns, t.all = names, true
	return nil
}

func headerHint(name string, names []string) string {
	if hint := suggest(name, identifiers(names)); hint != "" {
		return hint
	}
	return " The first row of a CSV file, or each object, must name the columns"
}

// identifiers leaves out what may be data: a file without a header begins with some.
func identifiers(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !hclsyntax.ValidIdentifier(n) })
}

// rows takes the value of the argument rows.
func (t *tableMaker) rows(v cty.Value) error {
	list, outer := v.Unmark()
	if !list.Type().IsListType() && !list.Type().IsTupleType() && !list.Type().IsSetType() {
		return fmt.Errorf("there must be a list of objects, not %s", article(list.Type()))
	}
	for it := list.ElementIterator(); it.Next(); {
		_, row := it.Element()
		row, marks := row.Unmark()
		if row.IsNull() || !row.Type().IsObjectType() && !row.Type().IsMapType() {
			return fmt.Errorf("row %d is not an object", t.count+1)
		}
		cells := row.AsValueMap()
		err := t.object(slices.Sorted(maps.Keys(cells)), func(name string) (eval.Value, cty.Type, error) {
			cell := cells[name].WithMarks(marks, outer)
			return eval.Of(cell), cell.Type(), nil
		})
		if err != nil {
			return fmt.Errorf("row %d: %w", t.count+1, err)
		}
	}
	return nil
}

// object adds a row of named cells; names are sorted.
func (t *tableMaker) object(names []string, cell func(name string) (eval.Value, cty.Type, error)) error {
	switch {
	case t.count == MaxDatasetRows:
		return errTooManyRows
	case t.count == 0:
		if err := t.header(names); err != nil {
			return err
		}
		t.types, t.secret = make([]cty.Type, len(t.columns)), make([]bool, len(t.columns))
	case t.all && len(names) > len(t.columns):
		return errors.New("it has a column that the first row does not have")
	}
	for i, name := range t.columns {
		if _, ok := slices.BinarySearch(names, name); !ok {
			return fmt.Errorf("the column %q is missing", name)
		}
		v, typ, err := cell(name)
		if err != nil {
			return fmt.Errorf("the value of %q can not be used: %w", name, err)
		}
		t.values = append(t.values, v)
		t.secret[i] = t.secret[i] || eval.IsSensitive(v.Cty())
		switch {
		case v.IsNull() && typ == cty.DynamicPseudoType:
		case t.types[i] == cty.NilType:
			t.types[i] = typ
		case !t.types[i].Equals(typ):
			t.types[i] = cty.DynamicPseudoType
		}
	}
	t.count++
	return nil
}

func (t *tableMaker) table() plan.Table {
	if t.values == nil {
		return plan.TextTable(t.columns, t.texts)
	}
	columns := make([]plan.Column, len(t.columns))
	for i, name := range t.columns {
		columns[i] = plan.Column{Name: name, Type: t.types[i], Sensitive: t.secret[i]}
		if t.types[i] == cty.NilType {
			columns[i].Type = cty.DynamicPseudoType
		}
	}
	return plan.ValueTable(columns, t.values)
}

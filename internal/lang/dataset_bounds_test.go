package lang

import (
	"errors"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

// Whatever the rows come from, there is no room for one more than the bound.
func TestDatasetRowsAreBounded(t *testing.T) {
	t.Parallel()
	full := func(count int) *tableMaker {
		return &tableMaker{columns: []string{"a"}, count: count, types: make([]cty.Type, 1), secret: make([]bool, 1)}
	}
	for count, want := range map[int]error{MaxDatasetRows: errTooManyRows, MaxDatasetRows - 1: nil} {
		for source, err := range map[string]error{
			"csv": full(count).csv([]byte("a\n1\n")), "json": full(count).json([]byte(`[{"a":1}]`)),
			"rows": full(count).rows(cty.TupleVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{"a": cty.True})})),
		} {
			if !errors.Is(err, want) {
				t.Errorf("%s with %d rows before: %v, want %v", source, count, err, want)
			}
		}
	}
}

// Whatever a file holds, it is a table of whole rows or a mistake.
func FuzzDataset(f *testing.F) {
	for _, seed := range []string{
		"a,b\n1,2\n", "\ufeffa,\"b\"\r\n\"1\n\",\"\"\"\"\r\n", "a,a\n", "a\n\"x", "", "\n\n", "a b,c\n1,2\n",
		`[{"a":1,"b":null},{"b":"x","a":{"c":[true,1.5]}}]`, `[{"a":1e999999}]`, `[{}]`, `[null]`, `[{"a":1}`, `{"a":1}`, `[{"a":1,"a":2}] 5`,
	} {
		f.Add([]byte(seed), "a")
	}
	f.Fuzz(func(t *testing.T, text []byte, column string) {
		var columns []string
		if column != "" {
			columns = []string{column}
		}
		for _, read := range []func(*tableMaker, []byte) error{(*tableMaker).csv, (*tableMaker).json} {
			for _, wanted := range [][]string{nil, columns} {
				made := &tableMaker{columns: wanted}
				if err := read(made, text); err != nil || made.count == 0 {
					continue
				}
				table := made.table()
				if table.Len() != made.count {
					t.Fatalf("%d rows were read, and the table has %d", made.count, table.Len())
				}
				for row := range table.Len() {
					value := table.Row(row)
					for i, c := range table.Columns() {
						cell := value.GetAttr(c.Name)
						if c.Type != cty.DynamicPseudoType && !cell.Type().Equals(c.Type) {
							t.Fatalf("row %d, column %s is %#v and should be %#v", row, c.Name, cell.Type(), c.Type)
						}
						if direct := table.Cell(row, i).Cty(); !cell.IsNull() && !direct.RawEquals(cell) {
							t.Fatalf("row %d, column %s is %#v and %#v", row, c.Name, cell, direct)
						}
					}
				}
			}
		}
	})
}

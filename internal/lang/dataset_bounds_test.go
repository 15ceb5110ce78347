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

package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
)

func TestTextTable(t *testing.T) {
	t.Parallel()
	table := plan.TextTable([]string{"phone", "name"}, []string{"+1", "a", "+2", "b"})
	want := cty.ObjectVal(map[string]cty.Value{"phone": cty.StringVal("+2"), "name": cty.StringVal("b")})
	if got := table.Row(1); table.Len() != 2 || !got.RawEquals(want) || !got.Type().Equals(table.Type()) {
		t.Errorf("%d rows, the second is %#v", table.Len(), got)
	}
	if text, ok := table.Cell(0, 1).AsText(); !ok || text != "a" {
		t.Errorf("the second cell of the first row is %q", text)
	}
	if n := (plan.Table{}).Len(); n != 0 {
		t.Errorf("no table has %d rows", n)
	}
}

func TestValueTable(t *testing.T) {
	t.Parallel()
	columns := []plan.Column{{Name: "n", Type: cty.Number}, {Name: "key", Type: cty.String}, {Name: "any", Type: cty.DynamicPseudoType}}
	table := plan.ValueTable(columns, []eval.Value{
		eval.Int(1), eval.Text("k").Secret(), eval.Bool(true),
		eval.Null(), eval.Null().Secret(), eval.Null(),
	})
	got := []cty.Value{table.Row(0), table.Row(1)}
	want := []cty.Value{
		cty.ObjectVal(map[string]cty.Value{"n": cty.NumberIntVal(1), "key": cty.StringVal("k").Mark(eval.Sensitive), "any": cty.True}),
		cty.ObjectVal(map[string]cty.Value{"n": cty.NullVal(cty.Number), "key": cty.NullVal(cty.String).Mark(eval.Sensitive), "any": cty.NullVal(cty.DynamicPseudoType)}),
	}
	if diff := cmp.Diff(got, want, cmp.Comparer(cty.Value.RawEquals)); diff != "" {
		t.Errorf("rows (-got +want):\n%s", diff)
	}
}

func TestConceal(t *testing.T) {
	t.Parallel()
	texts := plan.TextTable([]string{"a", "b"}, []string{"1", "2", "3", "4"})
	values := plan.ValueTable([]plan.Column{{Name: "a", Type: cty.String}, {Name: "b", Type: cty.String}}, []eval.Value{
		eval.Text("1"), eval.Text("2"), eval.Text("3"), eval.Null(),
	})
	for _, table := range []plan.Table{texts, values} {
		hidden := table.Conceal("b", "c")
		for row := range 2 {
			if hidden.Cell(row, 0).IsSecret() || !hidden.Cell(row, 1).IsSecret() || table.Cell(row, 1).IsSecret() {
				t.Errorf("row %d is %#v", row, hidden.Row(row))
			}
		}
		if c := hidden.Columns(); c[0].Sensitive || !c[1].Sensitive || table.Columns()[1].Sensitive {
			t.Errorf("the columns are %v", c)
		}
	}
}

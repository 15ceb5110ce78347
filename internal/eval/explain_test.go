package eval_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
)

func explain(t *testing.T, text string, vars map[string]cty.Value) string {
	t.Helper()
	s := globals(vars).NewScope(iteration(0), nil, cty.NilVal)
	var out []string
	for _, section := range parse(t, text).Explain(s) {
		out = append(out, section.Title)
		out = append(out, section.Lines...)
	}
	return strings.Join(out, "\n")
}

func TestExplain(t *testing.T) {
	t.Parallel()
	vars := map[string]cty.Value{
		"a": cty.NumberIntVal(1), "s": cty.StringVal("200"), "t": cty.True, "f": cty.False, "nil": cty.NullVal(cty.Object(map[string]cty.Type{"code": cty.String})),
		"k": secretValue("canary"), "o": cty.ObjectVal(map[string]cty.Value{"x": cty.NumberIntVal(1)}),
	}
	for _, c := range []struct{ text, want string }{
		{"var.a == 2", "the condition is false\nvar.a == 2\n  left  is 1\n  right is 2"},
		{"var.a > 2 && var.t", "1 of 2 conditions failed\nvar.a > 2\n  left  is 1\n  right is 2"},
		{
			"var.t && (var.a != 1 && var.f) && (var.f || var.a == 3)",
			"3 of 4 conditions failed\nvar.a != 1\n  left  is 1\n  right is 1\nvar.f\n  var.f is false\n(var.f || var.a == 3)\n  var.a is 1\n  var.f is false",
		},
		{"var.s == 200", "the condition is false\nvar.s == 200\n  left  is \"200\"\n  right is 200\n  the types differ: string is never equal to number"},
		{"var.nil != null && var.nil.code == \"E\"", "1 of 2 conditions failed\nvar.nil != null\n  left  is null\n  right is null"},
		{"var.k == \"x\"", "the condition is false\nvar.k == \"x\"\n  left  is (sensitive)\n  right is \"x\""},
		{"startswith(var.k, \"x\")", "the condition is false\nstartswith(var.k, \"x\")\n  var.k has a sensitive value"},
		{"!var.t", "the condition is false\n!var.t\n  var.t is true"},
		{"var.o == { x = 2 }", "the condition is false\nvar.o == { x = 2 }\n  left  is {\"x\":1}\n  right is {\"x\":2}"},
		{"(\n  var.a\n  == 2\n)", "the condition is false\n( var.a == 2 )\n  left  is 1\n  right is 2"},
		{"alltrue([for x in [var.a] : x == 2])", "the condition is false\nalltrue([for x in [var.a] : x == 2])\n  var.a is 1"},
		{"var.f ? true : false", "the condition is false\nvar.f ? true : false\n  var.f is false"},
	} {
		if diff := cmp.Diff(explain(t, c.text, vars), c.want); diff != "" {
			t.Errorf("%s (-got +want):\n%s", c.text, diff)
		}
	}
	if got := explain(t, "tonumber(var.k) == 1", vars); strings.Contains(got, "canary") || !strings.Contains(got, "could not be evaluated") {
		t.Errorf("a part that fails is explained as %s", got)
	}
	if got := eval.Constant(cty.False).Explain(nil); got != nil {
		t.Errorf("a constant is explained: %v", got)
	}
}

func TestIncomparable(t *testing.T) {
	t.Parallel()
	vars := map[string]cty.Value{"n": cty.UnknownVal(cty.Number), "s": cty.UnknownVal(cty.String), "k": cty.NumberIntVal(1).Mark(eval.Sensitive)}
	for text, want := range map[string]int{
		`var.n == "200"`: 1, `var.n != "200" || var.s == 1`: 2, `var.n == 200`: 0, `var.n == null`: 0, `var.s == null`: 0,
		`var.s == tostring(var.n)`: 0, `true == "true"`: 1, `[for x in [1] : x == "1"] == []`: 0, `var.k == "1"`: 1,
	} {
		notes := parse(t, text).Incomparable(globals(vars).NewCheckScope(nil, cty.NilVal))
		if got := len(notes); got != want {
			t.Errorf("%s: %d notes, want %d: %v", text, got, want, notes)
		}
	}
	if got := eval.Constant(cty.True).Incomparable(nil); got != nil {
		t.Errorf("notes on a constant: %v", got)
	}
}

func TestSite(t *testing.T) {
	t.Parallel()
	e := parse(t, `tonumber("x")`)
	if got := e.Site().Text(); got != `tonumber("x")` {
		t.Errorf("text is %s", got)
	}
	if got := e.Site().Position(); got != "x.hcl:1" {
		t.Errorf("position is %s", got)
	}
	_, diags := value(t, `tonumber("x")`, nil)
	if len(diags) != 1 || diags[0].Snippet == nil || diags[0].Snippet.Code != `x = tonumber("x")` {
		t.Errorf("diagnostics are %+v", diags)
	}
	if got := fmt.Sprint((eval.Site{}).Error("Summary", "Detail.")[0].Range); got != "<nil>" {
		t.Errorf("a site nowhere has the range %s", got)
	}
}

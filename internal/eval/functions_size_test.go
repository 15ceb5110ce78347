//go:build !race

package eval_test

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
)

// A file of a few lines must not ask for gigabytes, whichever way it is evaluated. One
// goroutine makes texts of many megabytes here: the race detector would see nothing in them.
func TestTextsAreBounded(t *testing.T) {
	t.Parallel()
	g := globals(map[string]cty.Value{
		"big": cty.StringVal(strings.Repeat("a", eval.MaxText/2+1)), "lines": cty.StringVal(strings.Repeat("\n", 1<<16)), "a": cty.StringVal("aaaa"),
		"kilo": cty.StringVal(strings.Repeat("$0", 512)),
	})
	for _, text := range []string{
		`"${var.big}${var.big}"`, `format("%s%s", var.big, var.big)`,
		`replace(var.lines, "\n", var.kilo)`, `replace(var.lines, "/\\n/", var.kilo)`,
		`join("-", [var.big, var.big])`, `join(var.big, var.a == "aaaa" ? ["x", "y", "z"] : [])`, `indent(9999, var.lines)`,
	} {
		e := parse(t, text)
		for range 2 {
			s := g.NewScope(iteration(0), nil, cty.NilVal)
			if _, diags := e.Eval(s); !diags.HasErrors() {
				t.Errorf("%s makes a text beyond the bound", text)
			}
			e.Compile(nil, g, -1, cty.NilVal)
		}
	}
	for _, text := range []string{`"${var.big}"`, `replace(var.lines, "\n", "b")`, `replace(var.lines, "/b/", "$0$0")`, `join("-", [var.big, "b"])`} {
		if _, diags := parse(t, text).Eval(g.NewScope(iteration(0), nil, cty.NilVal)); diags.HasErrors() {
			t.Errorf("%s: %v", text, diags)
		}
	}
}

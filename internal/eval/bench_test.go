package eval_test

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
)

func BenchmarkValue(b *testing.B) {
	g := globals(map[string]cty.Value{"a": cty.StringVal("a"), "b": cty.StringVal("b")})
	for _, c := range []struct{ name, text string }{
		{"traversal", "step.signin.masked_phone"},
		{"template", `"${var.a}-${local.c}-${var.b}"`},
		{"comparison", "self.status == 200 && self.duration_ms < 800"},
		{"function", `format("%s-%05d", var.a, 7)`},
		{"random", "uuid()"},
	} {
		b.Run(c.name, func(b *testing.B) {
			e := parse(b, c.text)
			s := g.NewScope(iteration(1), layout(map[string]*eval.Expr{"c": parse(b, `"c"`)}, "signin"), cty.NilVal)
			s.SetResult(0, "", eval.Whole(cty.ObjectVal(map[string]cty.Value{"masked_phone": cty.StringVal("+1***01")})))
			s.SetSelf(eval.Whole(cty.ObjectVal(map[string]cty.Value{"status": cty.NumberIntVal(200), "duration_ms": cty.NumberIntVal(12)})))
			b.ReportAllocs()
			for b.Loop() {
				if _, diags := e.Value(s); diags.HasErrors() {
					b.Fatal(diags)
				}
			}
		})
	}
	b.Run("scope", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			g.NewScope(iteration(1), nil, cty.NilVal)
		}
	})
}

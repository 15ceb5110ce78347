package eval

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

func TestWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		`metrics`:                          nil,
		`metrics.step.a.duration_ms.p95`:   {"step", "a", "duration_ms", "p95"},
		`metrics["step"]["a"].count`:       {"step", "a", "count"},
		`metrics.step[0].count`:            {"step"},
		`metrics.step[var.name].count > 0`: {"step"},
	} {
		node, diags := hclsyntax.ParseExpression([]byte(text), "x.hcl", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		if d := cmp.Diff(New(node, Site{}).Refs()[0].Words(), want); d != "" {
			t.Errorf("%s (-got +want):\n%s", text, d)
		}
	}
}

package eval_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/eval"
)

// parse makes an expression of a text, as the language would.
func parse(t testing.TB, text string) *eval.Expr {
	t.Helper()
	file, diags := hclsyntax.ParseConfig([]byte("x = "+text+"\n"), "x.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("parse %s: %s", text, diags.Error())
	}
	node := file.Body.(*hclsyntax.Body).Attributes["x"].Expr
	return eval.New(node, eval.Site{Files: eval.Files{"x.hcl": file}, Range: node.Range()})
}

// globals make a run with these variables.
func globals(vars map[string]cty.Value) *eval.Globals {
	return &eval.Globals{Vars: cty.ObjectVal(vars), Functions: eval.Functions("testdata/files")}
}

func iteration(id uint64) eval.Iteration {
	return eval.Iteration{ID: id, Seed: 42, Scenario: "s"}
}

// value evaluates a text in an iteration of its own.
func value(t testing.TB, text string, vars map[string]cty.Value) (cty.Value, diag.List) {
	t.Helper()
	return parse(t, text).Value(globals(vars).NewScope(iteration(0), nil, cty.NilVal))
}

func mustValue(t testing.TB, text string) cty.Value {
	t.Helper()
	v, diags := value(t, text, nil)
	if diags.HasErrors() {
		t.Fatalf("%s: %v", text, diags)
	}
	return v
}

func secretValue(text string) cty.Value { return cty.StringVal(text).Mark(eval.Sensitive) }

// layout makes one of locals, and of steps without attributes.
func layout(locals map[string]*eval.Expr, steps ...string) *eval.Layout {
	l := &eval.Layout{}
	for _, name := range slices.Sorted(maps.Keys(locals)) {
		l.Locals = append(l.Locals, eval.LocalLayout{Name: name, Expr: locals[name]})
	}
	for _, name := range steps {
		l.Steps = append(l.Steps, eval.StepLayout{Name: name})
	}
	return l
}

package eval_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
)

func TestShowAndStatement(t *testing.T) {
	t.Parallel()
	object := cty.ObjectVal(map[string]cty.Value{"a": cty.True, "b": cty.StringVal("x")})
	for _, c := range []struct {
		v               cty.Value
		show, statement string
	}{
		{cty.NilVal, "nothing", "is a value, known only when it runs"},
		{cty.StringVal("a\"\n"), `"a\"\n"`, `is "a\"\n"`},
		{cty.NumberFloatVal(1.5), "1.5", "is 1.5"},
		{cty.MustParseNumberVal("12345678901234567890"), "12345678901234567890", "is 12345678901234567890"},
		{cty.False, "false", "is false"},
		{cty.NullVal(cty.String), "null", "is null"},
		{cty.UnknownVal(cty.Number), "(not known yet)", "is number, known only when it runs"},
		{cty.DynamicVal, "(not known yet)", "is a value, known only when it runs"},
		{cty.ListVal([]cty.Value{cty.StringVal("a")}), `["a"]`, "is list of string with 1 elements"},
		{cty.EmptyTupleVal, "[]", "is tuple with 0 elements"},
		{object, `{"a":true,"b":"x"}`, "is object with 2 attributes"},
		{cty.MapVal(map[string]cty.Value{"k": cty.True}), `{"k":true}`, "is map of bool with 1 attributes"},
		{cty.ObjectVal(map[string]cty.Value{"a": cty.UnknownVal(cty.String)}), "object (not known yet)", "is object with 1 attributes"},
		{secretValue("canary"), "(sensitive)", "has a sensitive value"},
		{cty.ObjectVal(map[string]cty.Value{"a": secretValue("canary")}), "(sensitive)", "has a sensitive value"},
		{cty.UnknownVal(cty.String).Mark(eval.Sensitive), "(sensitive)", "has a sensitive value"},
		{cty.NullVal(cty.String).Mark(eval.Sensitive), "(sensitive)", "has a sensitive value"},
	} {
		if got := eval.Show(c.v); got != c.show {
			t.Errorf("Show(%#v) = %s, want %s", c.v, got, c.show)
		}
		if got := eval.Statement(c.v); got != c.statement {
			t.Errorf("Statement(%#v) = %s, want %s", c.v, got, c.statement)
		}
	}
	if got, want := eval.Show(cty.MapVal(map[string]cty.Value{"b": cty.StringVal("1"), "a": cty.StringVal("[?&]<x>")})), `{"a":"[?&]<x>","b":"1"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	// Whoever shows a text takes secrets out of it before it is cut.
	if got := eval.Show(cty.StringVal(strings.Repeat("é", 5000))); len(got) < 10_000 {
		t.Errorf("a long text was cut to %d bytes", len(got))
	}
}

func TestRevealCollectsNestedSecrets(t *testing.T) {
	t.Parallel()
	v := cty.ObjectVal(map[string]cty.Value{
		"open": cty.StringVal("open"),
		"a":    secretValue("one"),
		"list": cty.ListVal([]cty.Value{cty.StringVal("open2"), secretValue("two")}),
		"deep": cty.ObjectVal(map[string]cty.Value{"x": cty.StringVal("three"), "n": cty.NumberIntVal(44), "z": cty.NullVal(cty.String)}).Mark(eval.Sensitive),
		"set":  cty.SetVal([]cty.Value{secretValue("five")}),
		"none": cty.UnknownVal(cty.String).Mark(eval.Sensitive),
	})
	plain, secrets := eval.Reveal(v)
	slices.Sort(secrets)
	if diff := cmp.Diff(secrets, []string{"44", "five", "one", "three", "two"}); diff != "" {
		t.Errorf("secrets (-got +want):\n%s", diff)
	}
	if plain.ContainsMarked() {
		t.Error("marks are left")
	}
	if _, secrets := eval.Reveal(cty.StringVal("open")); secrets != nil {
		t.Errorf("secrets of an open value: %v", secrets)
	}
	if eval.IsSensitive(cty.NilVal) || eval.IsSensitive(cty.True) || !eval.IsSensitive(v) {
		t.Error("IsSensitive is wrong")
	}
}

// Whatever fails, and however deep, a message never holds the secret.
func TestDiagnosticsHoldNoSecret(t *testing.T) {
	t.Parallel()
	vars := map[string]cty.Value{
		"s": secretValue("canary-1234"), "n": cty.NumberIntVal(1), "m": cty.MapVal(map[string]cty.Value{"k": secretValue("canary-1234")}),
		"o": cty.ObjectVal(map[string]cty.Value{"s": secretValue("canary-1234")}),
	}
	for _, text := range []string{
		"var.m[var.s]", "var.o[var.s]", "[1][var.s]", "var.s + 1", "var.s.nope", `{ (var.s) = 1, (var.s) = 2 }[var.n]`, "[for x in var.s : x]",
		"{ for x in [var.s, var.s] : x => 1 }", "tonumber(var.s)", "try(tonumber(var.s), tobool(var.s))", "timeadd(sensitive(\"2026-canary-1234\"), var.n)",
		"var.s ? 1 : 2", "!var.s", `"${var.m}"`, "var.s < 3", "jsondecode(var.o.s)", "[for x in [var.s] : tonumber(x)]", "keys(var.s)...", "var.n[var.s]",
	} {
		if strings.HasSuffix(text, "...") {
			text = "merge(" + text + ")"
		}
		_, diags := value(t, text, vars)
		for _, d := range diags {
			d.Snippet = nil
			if said := fmt.Sprintf("%+v", d); strings.Contains(said, "canary") || strings.Contains(said, "1234") {
				t.Errorf("%s says %s", text, said)
			}
		}
	}
}

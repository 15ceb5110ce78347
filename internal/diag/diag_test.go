package diag_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/diag"
)

func TestSort(t *testing.T) {
	t.Parallel()
	mistake := func(file string, from int, summary string) diag.Diagnostic {
		return diag.Diagnostic{Severity: diag.Error, Summary: summary, Range: at(file, 1, 1, from, from+1)}
	}
	nowhere := diag.Diagnostic{Severity: diag.Warning, Summary: "nowhere"}
	late, early, other := mistake("a.hcl", 9, "late"), mistake("a.hcl", 2, "early"), mistake("b.hcl", 0, "other")
	warning := early
	warning.Severity, warning.Summary = diag.Warning, "aside"
	elsewhere := early
	elsewhere.Address = "scenario.x"

	l := diag.List{other, late, warning, early, nowhere, early, elsewhere}
	l.Sort()
	want := diag.List{nowhere, early, elsewhere, warning, late, other}
	if d := cmp.Diff(l, want); d != "" {
		t.Errorf("(-got +want):\n%s", d)
	}
	if !l.HasErrors() {
		t.Error("errors are not seen")
	}
	if (diag.List{nowhere}).HasErrors() {
		t.Error("a warning counts as an error")
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ in, line, text string }{
		{"plain", "plain", "plain"},
		{"a\nb\tc", "a␊b␉c", "a\nb    c"},
		{"a\r\nb\rc", "a␍␊b␍c", "a\nb␍c"},
		{"\x1b[31m\x7f\u009b", "␛[31m␡�", "␛[31m␡�"},
		{"x\u202ey\u2066z\u2028", "x�y�z�", "x�y�z�"},
		{"\xff日本", "�日本", "�日本"},
		{"\ufffe\U0001ffff", "��", "��"},
	} {
		if got := diag.CleanLine(test.in); got != test.line {
			t.Errorf("CleanLine(%q): got %q, want %q", test.in, got, test.line)
		}
		if got := diag.CleanText(test.in); got != test.text {
			t.Errorf("CleanText(%q): got %q, want %q", test.in, got, test.text)
		}
	}
}

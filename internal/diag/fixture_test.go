package diag_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/diag"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(got, string(want)); d != "" {
		t.Errorf("%s (-got +want):\n%s", name, d)
	}
}

func at(file string, line, column, from, to int) *diag.Range {
	return &diag.Range{
		Filename: file,
		Start:    diag.Pos{Line: line, Column: column, Byte: from},
		End:      diag.Pos{Line: line, Column: column + to - from, Byte: to},
	}
}

func snippet(context string, line int, code, part string) *diag.Snippet {
	i := strings.Index(code, part)
	return &diag.Snippet{Context: context, Code: code, StartLine: line, HighlightStart: i, HighlightEnd: i + len(part)}
}

// failedAssertion has every part that a diagnostic can have.
func failedAssertion() diag.Diagnostic {
	condition := `self.user.phone == var.phone && self.user.verified_phone`
	return diag.Diagnostic{
		Severity: diag.Error,
		Summary:  "Assertion failed",
		Detail:   "The new phone number must be stored and verified before anything else happens, because the next sign-in goes to it.",
		Address:  `scenario.update_phone["sms"].step.after (descope_user_load), iteration 0`,
		Range:    at("prerelease.hcl", 6, 23, 120, 176),
		Snippet: snippet(`scenario "update_phone", step "descope_user_load" "after", assert`, 6,
			"      condition     = "+condition, condition),
		Values: []diag.Value{
			{Traversal: "var.phone", Statement: `is "+15555550101"`},
			{Traversal: "self.user", Statement: "is object with 2 attributes\nphone          = \"+15555550100\"\nverified_phone = true"},
			{Traversal: "var.phone", Statement: `is "+15555550101"`},
		},
		Sections: []diag.Section{
			{Title: "1 of 2 conditions failed", Lines: []string{
				"self.user.phone == var.phone", `  left  is "+15555550100"`, `  right is "+15555550101"`,
			}},
			{Title: "response", Lines: []string{"GET /v1/mgmt/user: 200 in 112 ms, attempt 1, request id 3fK9a"}},
		},
	}
}

func everyShape() diag.List {
	hostile := "evil\x1b[2Jname\u202e.hcl"
	return diag.List{
		{Severity: diag.Error, Summary: "Nothing selected", Detail: "No scenario matches --run \"phoen\". Did you mean \"phone\"?"},
		failedAssertion(),
		{
			Severity: diag.Error, Summary: "Unknown block type", Range: at("a.hcl", 3, 3, 30, 36),
			Detail:  "Blocks of type \"shaps\" are not expected here. Did you mean \"step\"?\n\n  step \"descope_me\" \"me\" {\n  }\n\nSee the language reference.",
			Snippet: snippet(`scenario "日本語"`, 3, "\tshaps \"日本\" \"x\" {\r", `"日本"`),
		},
		{
			Severity: diag.Error, Summary: "Block without end", Range: at("b.hcl", 1, 1, 0, 40),
			Snippet: snippet("", 1, "scenario \"x\" {\n  step \"pause\" \"p\" {\n"+strings.Repeat("    a = 1\n", 20), "scenario \"x\" {\n  step"),
		},
		{Severity: diag.Error, Summary: "File too large", Range: at("big.hcl", 1, 1, 0, 0), Detail: "Split it."},
		{
			Severity: diag.Error, Summary: "Long line", Range: at(hostile, 1, 1, 0, 4),
			Snippet: snippet("", 1, strings.Repeat("x", 5000)+"HERE"+strings.Repeat("y", 5000), "HERE"),
			Address: "with\x1b]0;title\a line\nbreak",
		},
		{Severity: diag.Warning, Summary: "Unused variable", Detail: "Variable \"a\" is declared and never used.", Range: at("c.hcl", 1, 1, 0, 1)},
		{Severity: diag.Warning, Summary: "Unused variable", Detail: "Variable \"b\" is declared and never used.", Range: at("c.hcl", 2, 1, 9, 9)},
		{Severity: diag.Warning, Summary: "Unused variable", Detail: "Variable \"c\" is declared and never used.", Range: at("c.hcl", 3, 1, 19, 19)},
	}
}

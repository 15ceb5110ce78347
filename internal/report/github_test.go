package report_test

import (
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/report"
)

func TestGitHub(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := report.GitHub(&b, mixed()); err != nil {
		t.Fatal(err)
	}
	golden(t, "mixed.github", b.String())
}

func TestAnnotationsAreEscaped(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	l := diag.List{
		{
			Severity: diag.Warning, Summary: "100%: a,b", Detail: "one%0A\r\n::error::two",
			Range: &diag.Range{Filename: "a:b,c\n.hcl", Start: diag.Pos{Line: 3}, End: diag.Pos{Line: 5}},
		},
		{Severity: diag.Error, Summary: "Long", Detail: strings.Repeat("x", 5000)},
	}
	if err := report.Annotations(&b, l); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	want := "::warning file=a%3Ab%2Cc␊.hcl,line=3,endLine=5,title=100%25%3A a%2Cb::one%250A%0A::error::two"
	if lines[0] != want {
		t.Errorf("got  %s\nwant %s", lines[0], want)
	}
	if n := len(lines[1]); n > 3100 {
		t.Errorf("a long message takes %d bytes", n)
	}
}

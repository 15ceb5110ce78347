package arch_test

import (
	"slices"
	"testing"
	"testing/fstest"
)

// TestLawsCanFail breaks each law once: a guard that nobody has seen fail guards
// nothing.
func TestLawsCanFail(t *testing.T) {
	t.Parallel()
	const ours = `"github.com/authbench/authbench/internal/`
	cases := []struct {
		law, file, text string
	}{
		{"imports point down, as the table says", "internal/hist/x.go", `package hist; import _ ` + ours + `cli"`},
		{"imports point down, as the table says", "internal/runner/x.go", `package runner; import _ ` + ours + `steps/descope"`},
		{"imports point down, as the table says", "internal/misc/x.go", `package misc`},
		{"imports point down, as the table says", "internal/cli/x.go", `package cli; import _ ` + ours + `misc"`},
		{"imports point down, as the table says", "internal/result/x.go", `package result; import _ ` + ours + `client"`},
		{"modules of others stay in their rooms", "internal/target/x.go", `package target; import _ "github.com/spf13/cobra"`},
		{"modules of others stay in their rooms", "internal/runner/x.go", `package runner; import _ "github.com/hashicorp/hcl/v2/hclsyntax"`},
		{"modules of others stay in their rooms", "internal/report/x.go", `package report; import _ "github.com/hashicorp/hcl/v2"`},
		{"modules of others stay in their rooms", "internal/cli/x.go", `package cli; import _ "github.com/prometheus/client_golang/prometheus/promhttp"`},
		{"modules of others stay in their rooms", "internal/cli/x.go", `package cli; import _ "example.com/nobody/knows"`},
		{"every package says what it is for", "internal/hist/x.go", `package hist`},
		{"only main ends the process", "internal/cli/x.go", `package cli; import "os"; func f() { os.Exit(1) }`},
		{"only main ends the process", "internal/cli/x.go", `package cli; import o "os"; func f() { o.Exit(1) }`},
		{"only main ends the process", "internal/cli/x.go", `package cli; import "log"; func f() { log.Fatal(1) }`},
		{"the process is touched at one door", "internal/lang/x.go", `package lang; import "os"; var home = os.Getenv("HOME")`},
		{"the process is touched at one door", "internal/report/x.go", `package report; import "fmt"; func f() { fmt.Println() }`},
		{"the process is touched at one door", "internal/runner/x.go", `package runner; import "os"; var args = os.Args`},
		{"nothing runs by being imported", "internal/hist/x.go", `package hist; func init() {}`},
		{"nobody sleeps", "internal/runner/x.go", `package runner; import "time"; func f() { time.Sleep(1) }`},
		{"the emulator has no time but its projects' clocks", "internal/emulator/x.go", `package emulator; import "time"; var now = time.Now`},
		{"the emulator has no time but its projects' clocks", "internal/emulator/x.go", `package emulator; import w "time"; var timer = w.NewTimer(0)`},
		{"package variables hold still", "internal/hist/x.go", `package hist; var count int`},
		{"package variables hold still", "internal/hist/x.go", `package hist; var Bounds = []int{1}`},
		{"secrets are compared in constant time", "internal/cli/x.go", `package cli; func f(k key, s string) bool { return k.Reveal() == s }`},
		{"secrets are compared in constant time", "internal/cli/x.go", `package cli; func f(k key, s string) { switch k.Reveal() { case s: } }`},
		{"secrets are compared in constant time", "internal/cli/x.go", `package cli; import "bytes"; func f(k key, s []byte) bool { return bytes.Equal([]byte(k.Reveal()), s) }`},
		{"secrets are compared in constant time", "internal/emulator/x.go", `package emulator; func f(c *code, s string) bool { return s != c.digits }`},
		{"only four packages know the first provider", "internal/lang/x.go", `package lang; import _ ` + ours + `steps/descope"`},
		{"only four packages know the first provider", "internal/target/x.go", `package target; import _ ` + ours + `descope"`},
	}
	proven := map[string]bool{}
	for _, c := range cases {
		proven[c.law] = true
		t.Run(c.law, func(t *testing.T) {
			t.Parallel()
			all, err := read(fstest.MapFS{c.file: {Data: []byte(c.text)}})
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(laws(), func(l law) bool { return l.name == c.law })
			if i < 0 {
				t.Fatal("no such law")
			}
			if len(laws()[i].check(all)) == 0 {
				t.Errorf("nothing found in %s", c.text)
			}
		})
	}
	for _, l := range laws() {
		if !proven[l.name] {
			t.Errorf("law %q has not been seen to fail", l.name)
		}
	}
}

// TestReadPasses keeps the reader from finding nothing and calling it good.
func TestReadPasses(t *testing.T) {
	t.Parallel()
	if _, err := read(fstest.MapFS{"internal/hist/hist_test.go": {Data: []byte("package hist")}}); err == nil {
		t.Error("a tree without code was taken")
	}
	if _, err := read(fstest.MapFS{"internal/hist/hist.go": {Data: []byte("package")}}); err == nil {
		t.Error("a broken file was taken")
	}
	all, err := read(fstest.MapFS{
		"internal/hist/hist.go":        {Data: []byte("// Package hist counts.\npackage hist\n\nimport \"math\"\n\nvar pi = math.Pi\n")},
		"internal/hist/testdata/no.go": {Data: []byte("not Go")},
		".git/no.go":                   {Data: []byte("not Go")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range laws() {
		for _, found := range l.check(all) {
			t.Errorf("%s: %s", l.name, found)
		}
	}
}

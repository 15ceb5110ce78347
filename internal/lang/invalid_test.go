package lang_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/lang"
)

// marker is `# ERROR: summary` or `# WARNING: summary` at the end of the faulty line,
// several joined by " + ". On a line of its own it speaks of the next line.
var marker = regexp.MustCompile(`^(.*)# (ERROR|WARNING): (.+)$`)

func markers(name, content string) []string {
	var out []string
	var waiting []string
	for i, line := range strings.Split(content, "\n") {
		m := marker.FindStringSubmatch(line)
		if m == nil {
			for _, w := range waiting {
				out = append(out, fmt.Sprintf("%s:%d: %s", name, i+1, w))
			}
			waiting = nil
			continue
		}
		for summary := range strings.SplitSeq(m[3], " + ") {
			found := m[2] + ": " + strings.TrimSpace(summary)
			if strings.TrimSpace(m[1]) == "" {
				waiting = append(waiting, found)
				continue
			}
			out = append(out, fmt.Sprintf("%s:%d: %s", name, i+1, found))
		}
	}
	return out
}

func places(diags diag.List) []string {
	var out []string
	for _, d := range diags {
		place := "nowhere:0"
		if d.Range != nil {
			place = fmt.Sprintf("%s:%d", filepath.Base(d.Range.Filename), d.Range.Start.Line)
		}
		out = append(out, fmt.Sprintf("%s: %s: %s", place, strings.ToUpper(d.Severity.String()), d.Summary))
	}
	return out
}

func invalidFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/invalid/*.hcl")
	if err != nil || len(files) < 45 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	return files
}

// Every mistake is told, in the order of the text, and nothing else is.
func TestInvalid(t *testing.T) {
	t.Parallel()
	for _, file := range invalidFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".hcl"), func(t *testing.T) {
			t.Parallel()
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			loaded := load(t, lang.Options{Path: file, Suite: filepath.Base(file)})
			if diff := cmp.Diff(places(loaded.Diags), markers(filepath.Base(file), string(content))); diff != "" {
				shown, _ := rendered(t, loaded.Diags)
				t.Errorf("(-got +want):\n%s\n%s", diff, shown)
			}
			if loaded.Diags.HasErrors() != (loaded.Plan == nil) {
				t.Error("there is a plan in spite of errors, or none without")
			}
			for _, d := range loaded.Diags {
				if !strings.HasSuffix(d.Detail, ".") && !strings.HasSuffix(d.Detail, "?") && !strings.HasSuffix(d.Detail, "}") &&
					!regexp.MustCompile(`= [a-z.A-Z_]+$`).MatchString(d.Detail) {
					t.Errorf("%s: the detail is no sentence: %s", d.Summary, d.Detail)
				}
			}
			frame := strings.TrimSuffix(file, ".hcl") + ".txt"
			if _, err := os.Stat(frame); err == nil {
				shown, _ := rendered(t, loaded.Diags)
				golden(t, frame, shown)
			}
		})
	}
}

// Diagnostics come in one order, however often a file is read.
func TestOrderOfDiagnosticsIsStable(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"testdata/invalid/everything.hcl", "testdata/invalid/references.hcl"} {
		_, first := rendered(t, load(t, lang.Options{Path: file}).Diags)
		for i := range 50 {
			if _, again := rendered(t, load(t, lang.Options{Path: file}).Diags); again != first {
				t.Fatalf("%s: load %d differs:\n%s", file, i, cmp.Diff(again, first))
			}
		}
	}
}

// madeByTests are summaries of mistakes that no file under testdata/invalid can hold.
var madeByTests = []string{
	"File too large", "Not a text file", "Nesting too deep", "Too many mistakes", "Too many steps", // read_test.go
	"Missing emulator block", "Values file can not be read", "Missing required block", // load_test.go
}

// A summary that no test provokes is a message that nobody has read.
func TestEverySummaryIsProvoked(t *testing.T) {
	t.Parallel()
	provoked := slices.Clone(madeByTests)
	for _, file := range invalidFiles(t) {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range markers("", string(content)) {
			_, summary, _ := strings.Cut(strings.TrimPrefix(m, ":"), ": ")
			_, summary, _ = strings.Cut(summary, ": ")
			provoked = append(provoked, summary)
		}
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	call := regexp.MustCompile(`(?:error|warn|operator|refuse|report|Error|Diagnostic)\((?:diag\.\w+, )?[^"` + "`" + `\n]*"([A-Z][^"]+)"(\+?)`)
	for _, file := range sources {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllStringSubmatch(string(content), -1) {
			if !slices.ContainsFunc(provoked, func(p string) bool { return p == m[1] || strings.HasSuffix(m[1], " ") && strings.HasPrefix(p, m[1]) }) {
				t.Errorf("%s: no test provokes %q", file, m[1])
			}
		}
	}
}

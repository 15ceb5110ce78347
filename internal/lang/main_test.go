package lang_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/lang"
	"github.com/authbench/authbench/internal/steps"
	"github.com/authbench/authbench/internal/steps/descope"
	"github.com/authbench/authbench/internal/steps/emulator"
	"github.com/authbench/authbench/internal/steps/generic"
)

var update = flag.Bool("update", false, "write the golden files")

func registry() *steps.Registry {
	return steps.NewRegistry([]*steps.Provider{descope.Provider()}, slices.Concat(descope.Kinds(), emulator.Kinds(descope.ProviderType), generic.Kinds())...)
}

// load loads with the real kinds. An error fails the test.
func load(t testing.TB, opts lang.Options) *lang.Loaded {
	t.Helper()
	opts.Registry = registry()
	if opts.Version == "" {
		opts.Version = "0.3.1"
	}
	loaded, err := lang.Load(opts)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// text loads a configuration of one file with this content.
func text(t testing.TB, content string) *lang.Loaded {
	t.Helper()
	return load(t, lang.Options{Path: write(t, t.TempDir(), "main.hcl", content)})
}

func write(t testing.TB, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// rendered gives the diagnostics as people see them, and their JSON.
func rendered(t testing.TB, diags diag.List) (string, string) {
	t.Helper()
	var text, doc bytes.Buffer
	if err := diags.WriteText(&text, diag.TextOptions{Frame: true}); err != nil {
		t.Fatal(err)
	}
	if err := diags.WriteJSON(&doc); err != nil {
		t.Fatal(err)
	}
	return text.String(), doc.String()
}

func summaries(diags diag.List) []string {
	out := make([]string, 0, len(diags))
	for _, d := range diags {
		out = append(out, d.Summary)
	}
	return out
}

// wants checks that the diagnostics are these: a summary, or `summary: part of the detail`.
func wants(t testing.TB, diags diag.List, want ...string) {
	t.Helper()
	if len(diags) != len(want) {
		shown, _ := rendered(t, diags)
		t.Fatalf("%d diagnostics, want %d:\n%s", len(diags), len(want), shown)
	}
	for i, w := range want {
		summary, detail, _ := strings.Cut(w, ": ")
		if diags[i].Summary != summary || !strings.Contains(diags[i].Detail, detail) {
			t.Errorf("diagnostic %d is %s: %s, want %s", i, diags[i].Summary, diags[i].Detail, w)
		}
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, string(want)); diff != "" {
		t.Errorf("%s (-got +want):\n%s", path, diff)
	}
}

// provider and sender are what most configurations here begin with.
const (
	provider = "provider \"descope\" {\n  base_url = \"emulator\"\n}\n"
	sender   = "  step \"descope_otp_sign_up\" \"send\" {\n    login_id = \"a@example.test\"\n  }\n"
)

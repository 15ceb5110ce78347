package lang_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/authbench/authbench/internal/lang"
	"github.com/authbench/authbench/internal/plan"
)

func seeds(f *testing.F) {
	for _, glob := range []string{"testdata/valid/*.hcl", "testdata/invalid/*.hcl"} {
		files, err := filepath.Glob(glob)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(content)
		}
	}
}

// Whatever the text, loading ends, does not panic, and says the same twice.
func FuzzLoad(f *testing.F) {
	seeds(f)
	reg := registry()
	f.Fuzz(func(t *testing.T, content []byte) {
		opts := lang.Options{Path: ".", FS: fstest.MapFS{"x.hcl": {Data: content}}, Registry: reg, Version: "0.3.0"}
		started := time.Now()
		first, err := lang.Load(opts)
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(started); took > 20*time.Second {
			t.Errorf("%d bytes took %s", len(content), took)
		}
		again, err := lang.Load(opts)
		if err != nil {
			t.Fatal(err)
		}
		_, a := rendered(t, first.Diags)
		_, b := rendered(t, again.Diags)
		if a != b {
			t.Errorf("two loads differ:\n%s", cmp.Diff(a, b))
		}
		if first.Plan == nil {
			return
		}
		var out bytes.Buffer
		if err := plan.WriteJSON(&out, []*plan.Plan{first.Plan}); err != nil {
			t.Error(err)
		}
		if err := plan.WriteText(&out, []*plan.Plan{first.Plan}, plan.TextOptions{Verbose: true}); err != nil {
			t.Error(err)
		}
	})
}

// Formatting a formatted file changes nothing, and formatting keeps what is meant.
func FuzzFormat(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, content []byte) {
		once, diags := lang.Format("x.hcl", content)
		if diags.HasErrors() {
			return
		}
		twice, diags := lang.Format("x.hcl", once)
		if diags.HasErrors() {
			t.Fatalf("the formatted text is broken: %v\n%s", diags, once)
		}
		if !bytes.Equal(once, twice) {
			t.Errorf("formatting twice differs:\n%s", cmp.Diff(string(once), string(twice)))
		}
		if diff := cmp.Diff(tokens(once), tokens(content)); diff != "" {
			t.Errorf("formatting changes the meaning:\n%s", diff)
		}
	})
}

// tokens are what the parser sees of a text, without the layout.
func tokens(content []byte) []string {
	all, _ := hclsyntax.LexConfig(content, "x.hcl", hcl.InitialPos)
	out := make([]string, 0, len(all))
	for _, tok := range all {
		if tok.Type != hclsyntax.TokenComment {
			out = append(out, string(tok.Bytes))
		}
	}
	return out
}

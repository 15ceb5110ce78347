package lang_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/lang"
	"github.com/authbench/authbench/internal/plan"
)

// Every file under testdata/valid has its plan beside it.
func TestValid(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/valid/*.hcl")
	if err != nil || len(files) < 6 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			loaded := load(t, lang.Options{Path: file, Suite: filepath.Base(file)})
			wants(t, loaded.Diags)
			var doc, text bytes.Buffer
			if err := plan.WriteJSON(&doc, []*plan.Plan{loaded.Plan}); err != nil {
				t.Fatal(err)
			}
			if err := plan.WriteText(&text, []*plan.Plan{loaded.Plan}, plan.TextOptions{Verbose: true}); err != nil {
				t.Fatal(err)
			}
			golden(t, strings.TrimSuffix(file, ".hcl")+".json", doc.String())
			if strings.Contains(doc.String()+text.String(), "canary") {
				t.Error("a plan holds a secret")
			}
		})
	}
}

// The files that users get are valid, and nothing in them is left over.
func TestShippedFilesAreValid(t *testing.T) {
	t.Parallel()
	examples, err := filepath.Glob("../../examples/*.hcl")
	if err != nil || len(examples) == 0 {
		t.Fatalf("no examples, %v", err)
	}
	for _, path := range append(examples, "../../scenarios") {
		wants(t, load(t, lang.Options{Path: path}).Diags)
	}
}

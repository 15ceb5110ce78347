package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/authbench/authbench/internal/hist"
	"github.com/authbench/authbench/internal/runfile"
	"github.com/authbench/authbench/internal/stats"
	"github.com/authbench/authbench/internal/stats/statstest"
)

// runs are the files that scripts read from $RUNS. -update writes them anew.
func runs() map[string]statstest.Shape {
	part := func(index int) statstest.Shape {
		return statstest.Shape{Seed: 5, Seconds: 20, Rate: 10, Part: stats.Part{Index: index, Of: 2}}
	}
	return map[string]statstest.Shape{
		"before.abrun": {Seed: 1, Seconds: 40, Rate: 25},
		"same.abrun":   {Seed: 2, Seconds: 40, Rate: 25, Later: time.Hour},
		"slower.abrun": {Seed: 3, Seconds: 40, Rate: 25, Later: 2 * time.Hour, Slower: 1.5},
		"broken.abrun": {Seed: 4, Seconds: 40, Rate: 25, Later: 3 * time.Hour, Incident: true},
		"part0.abrun":  part(0),
		"part1.abrun":  part(1),
	}
}

// TestRuns holds the committed files against what they are made of: files that an
// older version wrote must stay readable.
func TestRuns(t *testing.T) {
	t.Parallel()
	for name, shape := range runs() {
		path, want := filepath.Join("testdata", "runs", name), statstest.Make(shape)
		if *update {
			var b bytes.Buffer
			if err := runfile.Write(&b, want); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Close() })
		got, err := runfile.Read(f)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if d := cmp.Diff(got, want, cmp.AllowUnexported(hist.Histogram{}), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s (-got +want):\n%s", name, d)
		}
	}
}

package runfile_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/authbench/authbench/internal/hist"
	"github.com/authbench/authbench/internal/runfile"
	"github.com/authbench/authbench/internal/stats"
	"github.com/authbench/authbench/internal/stats/statstest"
)

// same compares all of a load; that a list is empty or not there means the same.
func same() cmp.Options {
	return cmp.Options{cmp.AllowUnexported(hist.Histogram{}), cmpopts.EquateEmpty()}
}

func write(t testing.TB, l *stats.Load) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := runfile.Write(&b, l); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		want := statstest.Make(statstest.Shape{
			Seed: rapid.Uint64().Draw(r, "seed"), Seconds: rapid.IntRange(0, 12).Draw(r, "seconds"),
			Rate: rapid.Float64Range(0, 10).Draw(r, "rate"), Incident: rapid.Bool().Draw(r, "incident"),
			Length: rapid.IntRange(1, 7).Draw(r, "length"), Part: stats.Part{Index: rapid.IntRange(0, 3).Draw(r, "part"), Of: 4},
		})
		want.Aborted, want.Early = rapid.String().Draw(r, "aborted"), rapid.String().Draw(r, "early")
		file := write(t, want)
		got, err := runfile.Read(bytes.NewReader(file))
		if err != nil {
			r.Fatal(err)
		}
		if d := cmp.Diff(got, want, same()); d != "" {
			r.Fatalf("(-got +want):\n%s", d)
		}
		if again := write(t, got); !bytes.Equal(again, file) {
			r.Fatal("written twice, the bytes differ")
		}
	})
}

func TestTruncated(t *testing.T) {
	t.Parallel()
	want := statstest.Make(statstest.Shape{Seed: 1, Seconds: 120, Rate: 40})
	file := write(t, want)
	got, err := runfile.Read(bytes.NewReader(file[:len(file)*3/4]))
	if !errors.Is(err, runfile.ErrTruncated) || got == nil {
		t.Fatalf("got %v and load %v", err, got != nil)
	}
	if n := len(got.Seconds); n == 0 || n >= 120 {
		t.Errorf("got %d seconds", n)
	}
	want.Seconds = want.Seconds[:len(got.Seconds)]
	if d := cmp.Diff(got, want, same()); d != "" {
		t.Errorf("(-got +want):\n%s", d)
	}
	for _, n := range []int{0, 5, 12, 60} {
		if got, err := runfile.Read(bytes.NewReader(file[:n])); err == nil || got != nil {
			t.Errorf("the first %d bytes: got %v", n, err)
		}
	}
}

func pack(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	head   = `{"type":"authbench_load","format_version":"1.0","seed":"1","profile":{}}` + "\n"
	totals = `{"type":"totals"}` + "\n"
)

func TestRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"other JSON", `{"type":"run_start"}`, "not a file that authbench load --out made"},
		{"other text", "hello", "line 1"},
		{"major version", strings.Replace(head, "1.0", "2.0", 1), `format version "2.0"`},
		{"no totals", head + `{"type":"second"}`, "totals are missing"},
		{"totals twice", head + totals + totals, "twice"},
		{"lines missing", head + totals + `{"type":"end","lines":7}`, "was written with 7"},
		{"lines behind", head + totals + `{"type":"end","lines":3}` + "\n{}", "follows its last line"},
		{"second of no length", head + totals + `{"type":"second","offset":1,"length":0}`, "out of order"},
		{"seconds overlap", head + totals + `{"type":"second","length":2}` + "\n" + `{"type":"second","offset":1,"length":1}`, "out of order"},
		{"far second", head + totals + `{"type":"second","length":9223372036854775807}`, "out of order"},
		{"no such series", head + totals + `{"type":"second","length":1,"samples":[{"series":0}]}`, "not there"},
		{"broken histogram", head + totals + `{"type":"series","histogram":"AAAA"}`, "histogram"},
		{"negative time", head + `{"type":"totals","wall_ns":-1}`, "below zero"},
		{"negative rate", head + totals + `{"type":"second","length":1,"wanted":-1}`, "out of range"},
		{"part of none", strings.Replace(head, `"profile"`, `"part":{"index":3,"of":2},"profile"`, 1), "part 3 of 2"},
		{"many parts in a line", head + `{"type":"totals","notes":[` + strings.Repeat(`"",`, 300_000) + `""]}`, "too many parts"},
		{"long line", head + `{"type":"totals","notes":["` + strings.Repeat("x", 9<<20) + `"]}`, "too long"},
		{"bomb", head + totals + strings.Repeat(`{"type":"failure","outcome":"error","address":"`+strings.Repeat("x", 1<<20)+"\"}\n", 128), "expands far beyond"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := runfile.Read(bytes.NewReader(pack(t, test.text)))
			if got != nil || err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// TestLaterMinorVersion has lines and fields that this version does not know.
func TestLaterMinorVersion(t *testing.T) {
	t.Parallel()
	text := strings.Replace(head, "1.0", "1.9", 1) + totals + `{"type":"moon","phase":3}` + "\n" + `{"type":"end","lines":4}`
	if _, err := runfile.Read(bytes.NewReader(pack(t, text))); err != nil {
		t.Error(err)
	}
}

func FuzzRead(f *testing.F) {
	small := statstest.Make(statstest.Shape{Seed: 1, Seconds: 4, Rate: 5, Incident: true})
	reader, err := gzip.NewReader(bytes.NewReader(write(f, small)))
	if err != nil {
		f.Fatal(err)
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add(head + totals + `{"type":"end","lines":3}`)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := runfile.Read(bytes.NewReader(pack(t, text)))
		if got == nil {
			return
		}
		if err != nil && !errors.Is(err, runfile.ErrTruncated) {
			t.Fatalf("a load and %v", err)
		}
		// What was read can be written, and is then the same for ever.
		file := write(t, got)
		again, err := runfile.Read(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(write(t, again), file) {
			t.Fatal("written again, the bytes differ")
		}
		other := *again
		other.Run.Start = other.Run.Start.Add(1)
		if _, err := runfile.Merge(again, &other); err != nil && !errors.Is(err, runfile.ErrApart) {
			t.Fatal(err)
		}
	})
}

// BenchmarkRead reads half an hour at 300 iterations a second.
func BenchmarkRead(b *testing.B) {
	file := write(b, statstest.Make(statstest.Shape{Seed: 1, Seconds: 1800, Rate: 300}))
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := runfile.Read(bytes.NewReader(file)); err != nil {
			b.Fatal(err)
		}
	}
}

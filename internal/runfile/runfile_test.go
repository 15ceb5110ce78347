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
	want.Truncated, want.Verdict = true, stats.Inconclusive
	want.Notes = append(want.Notes, "The file of this run ends early: its last seconds are missing.")
	if d := cmp.Diff(got, want, same()); d != "" {
		t.Errorf("(-got +want):\n%s", d)
	}
	for _, n := range []int{0, 5, 12, 60} {
		if got, err := runfile.Read(bytes.NewReader(file[:n])); err == nil || got != nil {
			t.Errorf("the first %d bytes: got %v", n, err)
		}
	}
}

// TestWhatIsMissing cuts a file behind each sort of line.
func TestWhatIsMissing(t *testing.T) {
	t.Parallel()
	series, threshold := `{"type":"series","measure":"step"}`+"\n", `{"type":"threshold","verdict":"success"}`+"\n"
	failure, second := `{"type":"failure","outcome":"error"}`+"\n", `{"type":"second","length":1}`+"\n"
	passed := `{"type":"totals","verdict":"success"}` + "\n"
	for _, test := range []struct{ name, lines, want string }{
		{"totals", passed, "its series, thresholds, failures and seconds are missing"},
		{"series", passed + series, "some of its series, and its thresholds, failures and seconds may be missing"},
		{"threshold", passed + series + threshold, "some of its thresholds, and its failures and seconds may be missing"},
		{"failure", passed + series + threshold + failure, "some of its failures, and its seconds are missing"},
		{"second", passed + series + second, "its last seconds are missing"},
		{"broken", strings.Replace(passed, "success", "failure", 1) + second, "its last seconds are missing"},
		{"checksum", passed + series + second + `{"type":"end","lines":5}` + "\n", "its checksum is missing"},
	} {
		file := pack(t, head+test.lines)
		if test.name == "checksum" {
			file = file[:len(file)-3]
		}
		got, err := runfile.Read(bytes.NewReader(file))
		if !errors.Is(err, runfile.ErrTruncated) || got == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", test.name, err, test.want)
			continue
		}
		want := stats.Inconclusive
		if test.name == "broken" {
			want = stats.Failed
		}
		if got.Verdict != want || !got.Truncated || len(got.Notes) != 1 || !strings.Contains(got.Notes[0], test.want) {
			t.Errorf("%s: got verdict %s, notes %q", test.name, got.Verdict, got.Notes)
		}
		again, err := runfile.Read(bytes.NewReader(write(t, got)))
		if err != nil || !again.Truncated {
			t.Errorf("%s, written again: got %v", test.name, err)
		}
	}
}

// TestTrailing has something behind a file that is whole: that is not one cut short.
func TestTrailing(t *testing.T) {
	t.Parallel()
	file := pack(t, head+totals+`{"type":"end","lines":3}`)
	for _, rest := range []string{"x", "a text of some length", string(file)} {
		got, err := runfile.Read(strings.NewReader(string(file) + rest))
		if got != nil || err == nil || errors.Is(err, runfile.ErrTruncated) || !strings.Contains(err.Error(), "something follows the end of the run") {
			t.Errorf("%.5q: got %v", rest, err)
		}
	}
	damaged := bytes.Clone(file)
	damaged[len(damaged)-6] ^= 1
	if got, err := runfile.Read(bytes.NewReader(damaged)); got != nil || err == nil || !strings.Contains(err.Error(), "the file is damaged") {
		t.Errorf("a wrong checksum: got %v", err)
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
		{"long line", head + `{"type":"totals","notes":["` + strings.Repeat("x", 9<<20) + `"]}`, "line 2 is longer than 8 MiB, which no run makes"},
		{"CPU of no machine", head + `{"type":"totals","health":{"cpu_most":1e308}}`, "a share of the CPU"},
		{"negative CPU", head + `{"type":"totals","health":{"cpu_all":-1}}`, "a share of the CPU"},
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

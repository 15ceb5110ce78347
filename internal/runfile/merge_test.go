package runfile_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/hist"
	"github.com/authbench/authbench/internal/runfile"
	"github.com/authbench/authbench/internal/stats"
	"github.com/authbench/authbench/internal/stats/statstest"
)

func merge(t *testing.T, loads ...*stats.Load) *stats.Load {
	t.Helper()
	before := make([][]byte, len(loads))
	for i, l := range loads {
		before[i] = write(t, l)
	}
	out, err := runfile.Merge(loads...)
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range loads {
		if !bytes.Equal(write(t, l), before[i]) {
			t.Errorf("load %d was changed", i)
		}
	}
	return out
}

func part(index, length int) *stats.Load {
	return statstest.Make(statstest.Shape{
		Seed: 7, Seconds: 40, Rate: 20, Incident: true, Length: length, Part: stats.Part{Index: index, Of: 3},
	})
}

// account holds what a load says of itself against its seconds and histograms.
func account(t *testing.T, l *stats.Load) {
	t.Helper()
	var ended stats.Counts
	sums := make([]hist.Histogram, len(l.Series))
	for _, s := range l.Seconds {
		ended.Success += s.Ended.Success
		ended.Failure += s.Ended.Failure
		ended.Error += s.Ended.Error
		ended.Dropped += s.Ended.Dropped
		for _, x := range s.Samples {
			if err := sums[x.Series].AddSparse(x.Samples); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got, want := ended.Scheduled(), l.Iterations.Scheduled()+l.Warmup.Scheduled(); got != want {
		t.Errorf("seconds: got %d iterations, want %d", got, want)
	}
	for i := range l.Series {
		if got, want := sums[i].Sparse(), l.Series[i].Histogram.Sparse(); got != want {
			t.Errorf("%v: the seconds are not the whole", l.Series[i].SeriesKey)
		}
	}
}

func TestMergeParts(t *testing.T) {
	t.Parallel()
	a, b, c := part(0, 1), part(1, 2), part(2, 3)
	got := merge(t, a, b, c)
	account(t, got)
	if d := cmp.Diff(got, merge(t, c, a, b), same()); d != "" {
		t.Errorf("the order matters (-got +want):\n%s", d)
	}
	if got.Part != (stats.Part{}) || len(got.Notes) > 0 {
		t.Errorf("got part %v, notes %q", got.Part, got.Notes)
	}
	if got, want := got.Wall, a.Wall; got != want {
		t.Errorf("wall: got %v, want %v", got, want)
	}
	want := a.Seconds[0].Wanted // 40 s are one ramp of 8 s and a plain
	if last := got.Seconds[len(got.Seconds)-1]; last.Wanted < 59 || want > 20 {
		t.Errorf("wanted: got %v, want 60", last.Wanted)
	}
	if notes := merge(t, a, b).Notes; len(notes) != 1 || !strings.Contains(notes[0], "2 of 3 parts") {
		t.Errorf("got notes %q", notes)
	}
}

func TestMergeRuns(t *testing.T) {
	t.Parallel()
	shape := statstest.Shape{Seed: 7, Seconds: 30, Rate: 20}
	a := statstest.Make(shape)
	shape.Seed, shape.Later, shape.Incident = 8, time.Hour, true
	b := statstest.Make(shape)
	got := merge(t, b, a)
	account(t, got)
	if n := len(got.Seconds); n != 60 || got.Seconds[30].Offset != 31 {
		t.Errorf("got %d seconds, the second run at %d", n, got.Seconds[30].Offset)
	}
	if got.Verdict != stats.Failed || got.Wall != a.Wall+b.Wall || got.Run.Seed != 7 {
		t.Errorf("got verdict %s, wall %v, seed %d", got.Verdict, got.Wall, got.Run.Seed)
	}
	if got.Thresholds[0].Verdict != stats.Failed || got.Thresholds[0].Evaluated != 60 {
		t.Errorf("got threshold %+v", got.Thresholds[0])
	}
	if d := cmp.Diff(got.Seeds, []uint64{7, 8}); d != "" || !strings.Contains(strings.Join(got.Notes, " "), "the sum of 2 runs. Each threshold is that of the run which did worst") {
		t.Errorf("got notes %q, seeds (-got +want):\n%s", got.Notes, d)
	}
	if again, err := runfile.Read(bytes.NewReader(write(t, got))); err != nil || cmp.Diff(again.Seeds, got.Seeds) != "" {
		t.Errorf("read again: got %v", err)
	}
	if d := cmp.Diff(got.Series[0].Histogram.Count(), a.Series[0].Histogram.Count()+b.Series[0].Histogram.Count()); d != "" {
		t.Error(d)
	}
}

func TestMergeOne(t *testing.T) {
	t.Parallel()
	a := part(1, 1)
	if got := merge(t, a); got != a {
		t.Error("one load is not itself")
	}
}

func TestApart(t *testing.T) {
	t.Parallel()
	whole := statstest.Make(statstest.Shape{Seed: 7, Seconds: 2, Rate: 1})
	other := statstest.Make(statstest.Shape{Seed: 8, Seconds: 2, Rate: 1})
	other.Profile.PlanHash = "another"
	seed := part(1, 1)
	seed.Run.Seed = 9
	of := part(1, 1)
	of.Part.Of = 4
	for _, test := range []struct {
		name  string
		loads []*stats.Load
		want  string
	}{
		{"none", nil, "there is none"},
		{"plans", []*stats.Load{whole, other}, "plans"},
		{"twice", []*stats.Load{whole, whole}, "12:00:00 is there twice"},
		{"part twice", []*stats.Load{part(1, 1), part(1, 1)}, "part 1 is there twice"},
		{"part and whole", []*stats.Load{part(1, 1), whole}, "a part of a run"},
		{"seeds", []*stats.Load{part(0, 1), seed}, "seeds 7 and 9"},
		{"parts of others", []*stats.Load{part(0, 1), of}, "a part of 3, another of 4"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := runfile.Merge(test.loads...)
			if !errors.Is(err, runfile.ErrApart) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

package hist

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// durations draws from all sizes alike, edges of buckets and of the type included.
func durations() *rapid.Generator[time.Duration] {
	return rapid.OneOf(
		rapid.Map(rapid.Float64Range(0, 63), func(e float64) time.Duration {
			return time.Duration(min(math.Exp2(e), math.MaxInt64-1024))
		}),
		rapid.SampledFrom([]time.Duration{0, 1, 2, time.Microsecond, time.Second / 2, time.Second, 2 * time.Second, math.MaxInt64}),
	)
}

func record(all []time.Duration) *Histogram {
	h := new(Histogram)
	for _, d := range all {
		h.Record(d)
	}
	return h
}

func TestMergeIsWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOf(durations()).Draw(t, "durations")
		cut := rapid.IntRange(0, len(all)).Draw(t, "cut")
		got := record(all[:cut])
		got.Merge(record(all[cut:]))
		if d := cmp.Diff(got, record(all), cmp.AllowUnexported(Histogram{})); d != "" {
			t.Fatalf("(-got +want):\n%s", d)
		}
	})
}

func TestQuantileError(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(durations(), 1, 100).Draw(t, "durations")
		q := rapid.Float64Range(0, 1).Draw(t, "q")
		got := float64(record(all).Quantile(q))
		slices.Sort(all)
		want := float64(all[max(int(math.Ceil(q*float64(len(all))))-1, 0)])
		if off := math.Abs(got - want); off > 0.0027083*want+0.5 {
			t.Fatalf("quantile %v: got %v, want %v, %.3f %% off", q, got, want, 100*off/want)
		}
	})
}

func TestEveryDurationHasOneBucket(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := max(durations().Draw(t, "duration"), 1)
		octave, place := locate(d)
		// The search of the Prometheus client for the same duration.
		fraction, exponent := math.Frexp(float64(d) / 1e9)
		want := sortSearch(fraction) + (exponent-lowest)*perOctave
		if got := octave*perOctave + place; got != want {
			t.Fatalf("%d: got bucket %d, want %d", d, got, want)
		}
	})
}

func sortSearch(fraction float64) int {
	i, _ := slices.BinarySearch(fractions[:], fraction)
	return i
}

// TestBucketEdges has the durations round a bound that is a power of two, where the
// upper one belongs to the bucket and the next is the first of another octave.
func TestBucketEdges(t *testing.T) {
	t.Parallel()
	place := func(d time.Duration) int {
		octave, place := locate(d)
		return octave*perOctave + place
	}
	second := place(time.Second)
	if got := place(time.Second - 1); got != second {
		t.Errorf("just below a second: got bucket %d, want %d", got, second)
	}
	if got := place(time.Second + 1); got != second+1 {
		t.Errorf("just above a second: got bucket %d, want %d", got, second+1)
	}
	if got, want := second, -lowest*perOctave+perOctave; got != want {
		t.Errorf("a second: got bucket %d, want %d", got, want)
	}
}

func TestLayoutHoldsTheWholeType(t *testing.T) {
	t.Parallel()
	if octave, _ := locate(1); octave != 0 {
		t.Errorf("1 ns: got octave %d, want 0", octave)
	}
	if octave, _ := locate(math.MaxInt64); octave != octaves-1 {
		t.Errorf("longest duration: got octave %d, want %d", octave, octaves-1)
	}
}

func TestKnownNumbers(t *testing.T) {
	t.Parallel()
	h := new(Histogram)
	for i := range 1000 {
		h.Record(time.Duration(i+1) * time.Millisecond)
	}
	h.Record(-time.Second)
	for _, test := range []struct {
		name      string
		got, want time.Duration
	}{
		{"min", h.Min(), 0},
		{"max", h.Max(), time.Second},
		{"sum", h.Sum(), 500500 * time.Millisecond},
		{"mean", h.Mean(), 500500 * time.Millisecond / 1001},
		{"q0", h.Quantile(0), 0},
		{"q1", h.Quantile(1), time.Second},
		{"NaN", h.Quantile(math.NaN()), 0},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %v, want %v", test.name, test.got, test.want)
		}
	}
	if got := h.Count(); got != 1001 {
		t.Errorf("count: got %d, want 1001", got)
	}
}

func TestEmpty(t *testing.T) {
	t.Parallel()
	h := new(Histogram)
	h.Merge(nil)
	h.Merge(new(Histogram))
	if got := []time.Duration{h.Min(), h.Max(), h.Mean(), h.Sum(), h.Quantile(0.5)}; !slices.Equal(got, make([]time.Duration, 5)) {
		t.Errorf("got %v, want zeros", got)
	}
}

func TestQuantileInTheLastBucket(t *testing.T) {
	t.Parallel()
	h := record([]time.Duration{0, math.MaxInt64, math.MaxInt64})
	if got, want := h.Quantile(0.5), time.Duration(math.MaxInt64); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestSumBeyond64Bits(t *testing.T) {
	t.Parallel()
	h := record([]time.Duration{math.MaxInt64, math.MaxInt64, math.MaxInt64, math.MaxInt64})
	if got, want := h.Mean(), time.Duration(math.MaxInt64); got != want {
		t.Errorf("mean: got %v, want %v", got, want)
	}
	if got, want := h.Sum(), time.Duration(math.MaxInt64); got != want {
		t.Errorf("sum: got %v, want %v", got, want)
	}
}

//nolint:paralleltest // it counts the allocations of the process
func TestRecordDoesNotAllocate(t *testing.T) {
	h := new(Histogram)
	h.Record(time.Millisecond)
	if n := testing.AllocsPerRun(100, func() { h.Record(time.Millisecond) }); n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}

func BenchmarkRecord(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	samples := make([]time.Duration, 4096)
	for i := range samples {
		samples[i] = time.Duration(math.Exp(random.NormFloat64()) * float64(20*time.Millisecond))
	}
	h := record(samples)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		h.Record(samples[i&4095])
		i++
	}
}

package hist

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var bounds = []time.Duration{time.Millisecond, 5 * time.Millisecond, 10 * time.Millisecond, time.Second, time.Minute}

func TestClassic(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOf(rapid.OneOf(durations(), rapid.SampledFrom(bounds), rapid.Just(-time.Second))).Draw(t, "durations")
		parts := [2]Classic{NewClassic(bounds), NewClassic(bounds)}
		for i, d := range all {
			parts[i%2].Record(d)
		}
		var merged Classic
		merged.Merge(&parts[0])
		merged.Merge(&parts[1])
		merged.Merge(new(Classic))
		for i, bound := range append(bounds, 1<<63-1) {
			var want uint64
			for _, d := range all {
				if d <= bound {
					want++
				}
			}
			if got := merged.UpTo(i); got != want {
				t.Fatalf("up to %v: got %d, want %d", bound, got, want)
			}
		}
		if d := cmp.Diff(merged.Bounds(), bounds); d != "" {
			t.Fatal(d)
		}
	})
}

func TestClassicWithoutBounds(t *testing.T) {
	t.Parallel()
	var c Classic
	c.Record(time.Second)
	if c.Bounds() != nil {
		t.Error("it has bounds")
	}
}

// BenchmarkSample is what a sample costs in all: the histogram of its second, which is
// that of the run as well, and the classic counters.
func BenchmarkSample(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	samples := make([]time.Duration, 4096)
	for i := range samples {
		samples[i] = 20*time.Millisecond + time.Duration(random.ExpFloat64()*float64(30*time.Millisecond))
	}
	h, c := record(samples), NewClassic(bounds)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		h.Record(samples[i&4095])
		c.Record(samples[i&4095])
		i++
	}
}

package hist

import (
	"math"
	"sort"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestBucketsHoldTheirDurations(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := durations().Draw(t, "duration")
		for b := range record([]time.Duration{d}).Buckets() {
			seconds := float64(d) / 1e9
			if b.Count != 1 || seconds > b.Upper || d > 0 && seconds <= b.Lower*(1-1e-12) {
				t.Fatalf("%v (%v s): got %+v", d, seconds, b)
			}
		}
	})
}

func TestBucketsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := record(rapid.SliceOf(durations()).Draw(t, "durations"))
		var sum uint64
		before := -1.0
		for b := range h.Buckets() {
			if b.Upper <= before {
				t.Fatalf("bucket %v after %v", b.Upper, before)
			}
			before = b.Upper
			sum += b.Count
		}
		if sum != h.Count() {
			t.Fatalf("got %d, want %d", sum, h.Count())
		}
	})
}

// TestNativeIsThatOfTheClient puts each duration where the Prometheus client would, had
// it been told of it at that schema.
func TestNativeIsThatOfTheClient(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		to := rapid.IntRange(0, schema).Draw(t, "schema")
		all := rapid.SliceOf(durations()).Draw(t, "durations")
		counts := map[int]uint64{}
		for _, d := range all {
			if d > 0 {
				counts[clientIndex(float64(d)/1e9, to)]++
			}
		}
		want := []NativeBucket(nil)
		for i, n := range counts {
			want = append(want, NativeBucket{i, n})
		}
		sort.Slice(want, func(i, j int) bool { return want[i].Index < want[j].Index })
		if d := cmp.Diff(record(all).Native(to), want); d != "" {
			t.Fatalf("schema %d (-got +want):\n%s", to, d)
		}
	})
}

func clientIndex(seconds float64, to int) int {
	fraction, exponent := math.Frexp(seconds)
	if to == 0 {
		if fraction == 0.5 {
			exponent--
		}
		return exponent
	}
	bounds := make([]float64, 1<<to)
	for i := range bounds {
		bounds[i] = math.Exp2(-1 + float64(i)/float64(len(bounds)))
	}
	return sort.SearchFloat64s(bounds, fraction) + (exponent-1)*len(bounds)
}

func TestResetAndClone(t *testing.T) {
	t.Parallel()
	h := record([]time.Duration{0, time.Second, math.MaxInt64, math.MaxInt64, math.MaxInt64})
	before := h.Sparse()
	own := h.Clone()
	h.Reset()
	if got := h.Sparse(); got != "" || h.Zero() != 0 || h.Max() != 0 || h.Seconds() != 0 {
		t.Errorf("after a reset: got %q, %d zeros, %v, %v s", got, h.Zero(), h.Max(), h.Seconds())
	}
	h.Record(time.Minute)
	if got := own.Sparse(); got != before {
		t.Errorf("the clone changed: got %q, want %q", got, before)
	}
	if got, want := h.Sparse(), record([]time.Duration{time.Minute}).Sparse(); got != want {
		t.Errorf("after a reset: got %q, want %q", got, want)
	}
}

func TestSeconds(t *testing.T) {
	t.Parallel()
	if got, want := record([]time.Duration{1500 * time.Millisecond, time.Second}).Seconds(), 2.5; got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	h := record([]time.Duration{math.MaxInt64, math.MaxInt64, math.MaxInt64})
	if got, want := h.Seconds(), 3*float64(math.MaxInt64)/1e9; math.Abs(got-want) > want*1e-15 {
		t.Errorf("beyond 64 bits: got %v, want %v", got, want)
	}
}

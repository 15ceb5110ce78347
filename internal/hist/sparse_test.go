package hist

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestSparseMergeIsWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOf(durations()).Draw(t, "durations")
		parts := rapid.IntRange(1, 7).Draw(t, "parts")
		dealt := make([]Histogram, parts)
		for i, d := range all {
			dealt[i%parts].Record(d)
		}
		got := new(Histogram)
		for i := range dealt {
			if err := got.AddSparse(dealt[i].Sparse()); err != nil {
				t.Fatal(err)
			}
		}
		want := record(all)
		if d := cmp.Diff(got, want, cmp.AllowUnexported(Histogram{})); d != "" {
			t.Fatalf("(-got +want):\n%s", d)
		}
		if got, want := got.Sparse(), want.Sparse(); got != want {
			t.Fatalf("text: got %q, want %q", got, want)
		}
	})
}

// TestSparseIsSmall has the second of a busy step: 2,000 samples within 20 ms to 200 ms.
func TestSparseIsSmall(t *testing.T) {
	t.Parallel()
	h := new(Histogram)
	for i := range 2000 {
		h.Record(20*time.Millisecond + time.Duration(i*i)*45*time.Microsecond/1000)
	}
	if got, most := len(h.Sparse()), 1000; got > most {
		t.Errorf("got %d bytes, want %d at most", got, most)
	}
}

func varints(values ...uint64) (s Sparse) {
	var b []byte
	for _, v := range values {
		b = binary.AppendUvarint(b, v)
	}
	return Sparse(b)
}

// one is a nanosecond, counted once: the first bucket of all.
const one = inStep

func TestSparseRefused(t *testing.T) {
	t.Parallel()
	const most = math.MaxUint64
	for name, test := range map[string]struct {
		give Sparse
		want error
	}{
		"cut in the head":    {varints(1, 0, 0), errCut},
		"endless varint":     {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", errCut},
		"varint of 65 bits":  {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", errCut},
		"cut in a step":      {varints(0, 1, 0, 0, 1) + "\x80", errCut},
		"cut in a count":     {varints(0, 1, 0, 0, 4, one+inStep-1), errCut},
		"nothing":            {varints(0, 0, 0, 0, 0), errAtOdds},
		"least beyond":       {varints(1, most, 0, 0, 0), errOutside},
		"greatest beyond":    {varints(1, 1, math.MaxInt64, 0, 0), errOutside},
		"step of nothing":    {varints(0, 1, 0, 0, 1, 0), errOutside},
		"bucket beyond":      {varints(0, 1, 0, 0, 1, (octaves*perOctave+1)*inStep), errOutside},
		"bucket far beyond":  {varints(0, 1, 0, 0, 1, one, most), errOutside},
		"count overflows":    {varints(0, 1, 0, 0, 1, one+inStep-1, most), errOverflow},
		"counts overflow":    {varints(most, 0, 1, 0, 1, one), errOverflow},
		"zero without least": {varints(1, 1, 0, 0, 1, one), errAtOdds},
		"least without zero": {varints(0, 0, 1, 0, 1, one), errAtOdds},
		"another least":      {varints(0, 2, 0, 0, 2, one), errAtOdds},
		"another greatest":   {varints(0, 1, 5, 0, 3, one), errAtOdds},
		"only zeros, yet":    {varints(1, 0, 5, 0, 3), errAtOdds},
		"sum too small":      {varints(0, 1, 0, 0, 0, one), errAtOdds},
		"sum too great":      {varints(0, 1, 0, 0, 2, one), errAtOdds},
		"sum far too great":  {varints(0, 1, 0, 1, 1, one), errAtOdds},
	} {
		h := record([]time.Duration{time.Second})
		if got := h.AddSparse(test.give); !errors.Is(got, test.want) {
			t.Errorf("%s: got %v, want %v", name, got, test.want)
		}
		if d := cmp.Diff(h, record([]time.Duration{time.Second}), cmp.AllowUnexported(Histogram{})); d != "" {
			t.Errorf("%s: it left a trace (-got +want):\n%s", name, d)
		}
	}
	h := new(Histogram)
	if err := h.AddSparse(varints(math.MaxUint64, 0, 0, 0, 0)); err != nil {
		t.Fatal(err)
	}
	if err := h.AddSparse(varints(1, 0, 0, 0, 0)); err == nil {
		t.Error("two histograms add up to more than fits")
	}
}

func FuzzSparse(f *testing.F) {
	f.Add("")
	f.Add(string(record([]time.Duration{0, 1, time.Millisecond, time.Second, math.MaxInt64}).Sparse()))
	f.Add(string(varints(0, 1, 0, 0, 1, one)))
	f.Add(string(varints(math.MaxUint64, 0, 0, 0, 0)))
	f.Fuzz(func(t *testing.T, text string) {
		h := new(Histogram)
		if err := h.AddSparse(Sparse(text)); err != nil {
			if h.Count() != 0 {
				t.Fatal("what is refused left a trace")
			}
			return
		}
		again := new(Histogram)
		if err := again.AddSparse(h.Sparse()); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(again, h, cmp.AllowUnexported(Histogram{})); d != "" {
			t.Fatalf("written and read (-got +want):\n%s", d)
		}
		for _, q := range []float64{0, .5, .99, 1} {
			if got := h.Quantile(q); got < h.Min() || got > h.Max() {
				t.Fatalf("quantile %v: %v is outside of %v to %v", q, got, h.Min(), h.Max())
			}
		}
		if m := h.Mean(); m < h.Min() || m > h.Max() {
			t.Fatalf("mean %v is outside of %v to %v", m, h.Min(), h.Max())
		}
	})
}

func BenchmarkSparse(b *testing.B) {
	h := new(Histogram)
	for i := range 2000 {
		h.Record(20*time.Millisecond + time.Duration(i)*90*time.Microsecond)
	}
	text := h.Sparse()
	b.Run("write", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_ = h.Sparse()
		}
	})
	b.Run("add", func(b *testing.B) {
		b.ReportAllocs()
		into := h.Clone()
		for b.Loop() {
			if err := into.AddSparse(text); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// Package hist is a histogram of durations that merges exactly.
//
// The layout is fixed: every duration has one bucket, whoever counts it, so that
// the sum of two histograms is the histogram of the sum, bit for bit. Buckets are
// those of a Prometheus native histogram of schema 7 over seconds: 128 for each
// doubling, the upper bound included. Merging neighbours gives any smaller schema
// without error. A quantile is off by 0.27 % at most, and by half a nanosecond.
//
// The package counts, and knows nothing of what is counted. Start at [Histogram];
// [Sparse] is its form for files, [Classic] counts between bounds of somebody else.
package hist

import (
	"math"
	"math/bits"
	"time"
)

// Histogram counts durations. The zero value is empty and ready. It is not safe
// for concurrent use: give one to each worker and merge them at the end. It must
// not be copied after its first use.
//
// A histogram holds 1 KiB for each doubling that was met: some 5 KiB for the
// latencies of one step, 64 KiB at the very most.
type Histogram struct {
	zero         uint64
	octaves      [octaves]*[perOctave]uint64
	count        uint64
	sumHi, sumLo uint64 // nanoseconds, 128 bits: 64 overflow after 584 years
	min, max     time.Duration
}

// Record counts d; a negative duration counts as zero. It allocates only when d
// lies in a doubling that was not met before.
func (h *Histogram) Record(d time.Duration) {
	d = max(d, 0)
	if h.count == 0 || d < h.min {
		h.min = d
	}
	h.max = max(h.max, d)
	h.count++
	var carry uint64
	h.sumLo, carry = bits.Add64(h.sumLo, uint64(d), 0)
	h.sumHi += carry
	if d == 0 {
		h.zero++
		return
	}
	octave, place := locate(d)
	bucket := h.octaves[octave]
	if bucket == nil {
		bucket = new([perOctave]uint64)
		h.octaves[octave] = bucket
	}
	bucket[place]++
}

// Merge adds what other counted, and leaves other alone. Nil adds nothing.
func (h *Histogram) Merge(other *Histogram) {
	if other == nil || other.count == 0 {
		return
	}
	if h.count == 0 || other.min < h.min {
		h.min = other.min
	}
	h.max = max(h.max, other.max)
	h.count += other.count
	h.zero += other.zero
	var carry uint64
	h.sumLo, carry = bits.Add64(h.sumLo, other.sumLo, 0)
	h.sumHi += other.sumHi + carry
	for i, from := range other.octaves {
		if from == nil {
			continue
		}
		if h.octaves[i] == nil {
			h.octaves[i] = new([perOctave]uint64)
		}
		for j, n := range from {
			h.octaves[i][j] += n
		}
	}
}

// Count is how many durations were recorded.
func (h *Histogram) Count() uint64 { return h.count }

// Min is the least duration, exactly, and 0 when there is none.
func (h *Histogram) Min() time.Duration { return h.min }

// Max is the greatest duration, exactly, and 0 when there is none.
func (h *Histogram) Max() time.Duration { return h.max }

// Mean is the exact mean, rounded down to a nanosecond, and 0 when there is none.
func (h *Histogram) Mean() time.Duration {
	if h.count == 0 {
		return 0
	}
	mean, _ := bits.Div64(h.sumHi, h.sumLo, h.count) // the mean fits, as every duration does
	return time.Duration(mean)
}

// Sum is the sum of all durations, or the greatest duration where it does not fit.
func (h *Histogram) Sum() time.Duration {
	if h.sumHi > 0 || h.sumLo > math.MaxInt64 {
		return math.MaxInt64
	}
	return time.Duration(h.sumLo)
}

// Quantile gives the duration below or at which the share q of all durations lies,
// q from 0 to 1: the smallest recorded one that has at least q of them at or below
// it. It is 0 when there is none, and never outside Min and Max.
func (h *Histogram) Quantile(q float64) time.Duration {
	if h.count == 0 {
		return 0
	}
	rank := h.rank(q)
	switch {
	case rank == h.count:
		return h.max
	case rank <= h.zero:
		return 0
	}
	seen := h.zero
	for octave, bucket := range h.octaves {
		if bucket == nil {
			continue
		}
		for place, n := range bucket {
			if seen += n; seen >= rank {
				return min(max(bucketAt(octave, place, n).Middle(), h.min), h.max)
			}
		}
	}
	return h.max
}

// rank is the place of the quantile among the sorted durations, from 1.
func (h *Histogram) rank(q float64) uint64 {
	if !(q > 0) { // NaN as well
		return 1
	}
	if q >= 1 {
		return h.count
	}
	return min(max(uint64(math.Ceil(q*float64(h.count))), 1), h.count)
}

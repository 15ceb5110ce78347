package hist

import (
	"iter"
	"math"
	"math/big"
	"time"
)

// Bucket is the durations above Lower, up to and with Upper, in seconds. The bucket of
// durations of 0 has both 0.
type Bucket struct {
	Lower, Upper float64
	Count        uint64
}

// Middle is the duration that stands for the bucket: off by the same share from both
// of its ends.
func (b Bucket) Middle() time.Duration {
	if b.Upper == 0 {
		return 0
	}
	nanoseconds := math.Round(2 * b.Lower * b.Upper / (b.Lower + b.Upper) * float64(time.Second))
	if nanoseconds >= math.MaxInt64 {
		return math.MaxInt64
	}
	return time.Duration(nanoseconds)
}

// Buckets gives the buckets that hold any, from the least to the greatest. The
// histogram must not change meanwhile.
func (h *Histogram) Buckets() iter.Seq[Bucket] {
	return func(yield func(Bucket) bool) {
		if h.zero > 0 && !yield(Bucket{Count: h.zero}) {
			return
		}
		for octave, bucket := range h.octaves {
			if bucket == nil {
				continue
			}
			for place, n := range bucket {
				if n > 0 && !yield(bucketAt(octave, place, n)) {
					return
				}
			}
		}
	}
}

func bucketAt(octave, place int, n uint64) Bucket {
	upper := math.Ldexp(fractions[place], octave+lowest)
	return Bucket{Lower: upper / math.Exp2(1.0/perOctave), Upper: upper, Count: n}
}

// Zero is how many of the durations were 0.
func (h *Histogram) Zero() uint64 { return h.zero }

// Seconds is the exact sum of all durations, rounded once, to a float of seconds.
func (h *Histogram) Seconds() float64 {
	if h.sumHi == 0 && h.sumLo < 1<<53 {
		return float64(h.sumLo) / float64(time.Second)
	}
	sum := new(big.Int).Lsh(new(big.Int).SetUint64(h.sumHi), 64)
	sum.Or(sum, new(big.Int).SetUint64(h.sumLo))
	seconds, _ := new(big.Rat).SetFrac(sum, big.NewInt(int64(time.Second))).Float64()
	return seconds
}

// NativeBucket is a bucket of a Prometheus native histogram, by its index.
type NativeBucket struct {
	Index int
	Count uint64
}

// Native gives the buckets of the native histogram of a schema from 0 to 7, those that
// hold any, in order. They are sums of whole buckets, so no count is off; durations of
// 0 are not among them.
func (h *Histogram) Native(to int) []NativeBucket {
	to = min(max(to, 0), schema)
	var out []NativeBucket
	for octave, bucket := range h.octaves {
		if bucket == nil {
			continue
		}
		for place, n := range bucket {
			if n == 0 {
				continue
			}
			// The index of a bucket counts from that whose upper bound is one second.
			at := place + (octave+lowest-1)*perOctave
			at = (at-1)>>(schema-to) + 1
			if last := len(out) - 1; last >= 0 && out[last].Index == at {
				out[last].Count += n
				continue
			}
			out = append(out, NativeBucket{at, n})
		}
	}
	return out
}

// Reset takes all counts away and keeps the room for the next ones.
func (h *Histogram) Reset() {
	if h.count == 0 {
		return
	}
	for _, bucket := range h.octaves {
		if bucket != nil {
			clear(bucket[:])
		}
	}
	*h = Histogram{octaves: h.octaves}
}

// Clone gives a histogram of its own with the same counts.
func (h *Histogram) Clone() Histogram {
	out := *h
	for i, bucket := range h.octaves {
		if bucket != nil {
			own := *bucket
			out.octaves[i] = &own
		}
	}
	return out
}

package hist

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"time"
)

// Sparse is a histogram in the form that takes least room: a text of bytes that holds
// every count. It is immutable, merges through [Histogram.AddSparse], and is written
// to files as it is. Equal histograms have the same text; that of none is empty.
//
// The form is a row of varints: how many were 0, the least and what the greatest is
// above it, the sum in its high and low half, and then one step for each bucket that
// holds any. A step is 4 times the distance from the bucket before, plus the count
// less one; where the last part would be 3 or more it is 3, and the rest follows.
type Sparse string

// inStep is the count from which a step no longer holds it.
const inStep = 4

// Sparse writes the histogram down. It costs one allocation.
func (h *Histogram) Sparse() Sparse {
	if h.count == 0 {
		return ""
	}
	var room [512]byte
	return Sparse(h.AppendSparse(room[:0]))
}

// AppendSparse appends the bytes of [Histogram.Sparse] to b.
func (h *Histogram) AppendSparse(b []byte) []byte {
	if h.count == 0 {
		return b
	}
	b = binary.AppendUvarint(b, h.zero)
	b = binary.AppendUvarint(b, uint64(h.min))
	b = binary.AppendUvarint(b, uint64(h.max-h.min))
	b = binary.AppendUvarint(b, h.sumHi)
	b = binary.AppendUvarint(b, h.sumLo)
	before := -1
	for octave, bucket := range h.octaves {
		if bucket == nil {
			continue
		}
		for place, n := range bucket {
			if n == 0 {
				continue
			}
			at := octave*perOctave + place
			step := uint64(at-before) * inStep
			before = at
			if n < inStep {
				b = binary.AppendUvarint(b, step+n-1)
				continue
			}
			b = binary.AppendUvarint(b, step+inStep-1)
			b = binary.AppendUvarint(b, n-inStep)
		}
	}
	return b
}

var (
	errCut      = errors.New("histogram is cut off")
	errOutside  = errors.New("histogram has a bucket outside of the layout")
	errOverflow = errors.New("histogram counts more than fits")
	errAtOdds   = errors.New("histogram is at odds with itself")
)

// AddSparse adds what s counted. It takes bytes from anywhere: what no histogram can
// have written is refused, and then h is as it was.
func (h *Histogram) AddSparse(s Sparse) error {
	if s == "" {
		return nil
	}
	head, steps, err := readHead(s)
	if err != nil {
		return err
	}
	// Twice over the steps: a text that is refused half way must not leave a trace.
	if err := head.check(steps); err != nil {
		return err
	}
	if h.count+head.count < h.count {
		return fmt.Errorf("%w: the sum of two", errOverflow)
	}
	if h.count == 0 || head.min < h.min {
		h.min = head.min
	}
	h.max = max(h.max, head.max)
	h.count += head.count
	h.zero += head.zero
	var carry uint64
	h.sumLo, carry = bits.Add64(h.sumLo, head.sumLo, 0)
	h.sumHi += head.sumHi + carry
	for at := -1; steps != ""; {
		var n uint64
		at, n, steps, _ = nextStep(at, steps)
		bucket := h.octaves[at/perOctave]
		if bucket == nil {
			bucket = new([perOctave]uint64)
			h.octaves[at/perOctave] = bucket
		}
		bucket[at%perOctave] += n
	}
	return nil
}

// head is what stands before the steps, and what they add up to.
type head struct {
	zero, count  uint64
	sumHi, sumLo uint64
	min, max     time.Duration
}

func readHead(s Sparse) (out head, steps Sparse, err error) {
	var fields [5]uint64
	for i := range fields {
		var n int
		if fields[i], n = uvarint(s); n <= 0 {
			return out, "", errCut
		}
		s = s[n:]
	}
	if fields[1] > math.MaxInt64 || fields[2] > math.MaxInt64-fields[1] {
		return out, "", errOutside
	}
	return head{
		zero: fields[0], min: time.Duration(fields[1]), max: time.Duration(fields[1] + fields[2]),
		sumHi: fields[3], sumLo: fields[4],
	}, s, nil
}

// check counts the steps and holds them against what the head says.
func (x *head) check(steps Sparse) error {
	x.count = x.zero
	first, at := -1, -1
	for steps != "" {
		var n uint64
		var err error
		if at, n, steps, err = nextStep(at, steps); err != nil {
			return err
		}
		if first < 0 {
			first = at
		}
		if x.count+n < x.count {
			return errOverflow
		}
		x.count += n
	}
	if x.count == 0 || (x.zero > 0) != (x.min == 0) {
		return errAtOdds
	}
	if x.zero == 0 && first != index(x.min) || x.max > 0 && at != index(x.max) || x.max == 0 && at >= 0 {
		return errAtOdds
	}
	// A mean outside of the two ends would not fit where it is read.
	leastHi, leastLo := bits.Mul64(x.count, uint64(x.min))
	mostHi, mostLo := bits.Mul64(x.count, uint64(x.max))
	if less(x.sumHi, x.sumLo, leastHi, leastLo) || less(mostHi, mostLo, x.sumHi, x.sumLo) {
		return errAtOdds
	}
	return nil
}

func less(aHi, aLo, bHi, bLo uint64) bool { return aHi < bHi || aHi == bHi && aLo < bLo }

// nextStep takes one step from the bucket at.
func nextStep(at int, s Sparse) (next int, count uint64, rest Sparse, err error) {
	step, n := uvarint(s)
	if n <= 0 {
		return 0, 0, "", errCut
	}
	s = s[n:]
	distance, count := step/inStep, step%inStep+1
	if distance == 0 || distance >= octaves*perOctave-uint64(at) {
		return 0, 0, "", errOutside
	}
	if count == inStep {
		more, n := uvarint(s)
		if n <= 0 {
			return 0, 0, "", errCut
		}
		if more > math.MaxUint64-inStep {
			return 0, 0, "", errOverflow
		}
		count, s = more+inStep, s[n:]
	}
	return at + int(distance), count, s, nil
}

// uvarint is [binary.Uvarint] on a text, which need not be copied.
func uvarint(s Sparse) (value uint64, length int) {
	for i := range min(len(s), binary.MaxVarintLen64) {
		b := s[i]
		if b < 0x80 {
			if i == binary.MaxVarintLen64-1 && b > 1 {
				return 0, -1
			}
			return value | uint64(b)<<(7*i), i + 1
		}
		value |= uint64(b&0x7f) << (7 * i)
	}
	return 0, -1
}

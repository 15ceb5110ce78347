package hist

import "time"

// Classic counts durations between bounds of the caller's choice, as the classic
// histograms of Prometheus do: whole numbers, which merge exactly. It is not safe for
// concurrent use. The zero value has no bounds.
type Classic struct {
	bounds []time.Duration
	counts []uint64 // one more than bounds: the last is of all beyond
}

// NewClassic makes a counter for upper bounds, the least first. It keeps them: they
// must not change.
func NewClassic(bounds []time.Duration) Classic {
	return Classic{bounds: bounds, counts: make([]uint64, len(bounds)+1)}
}

// Record counts d. A negative duration counts as zero, as in [Histogram.Record].
func (c *Classic) Record(d time.Duration) {
	if c.counts == nil {
		return
	}
	low, high := 0, len(c.bounds)
	for low < high {
		middle := int(uint(low+high) >> 1)
		if c.bounds[middle] < d {
			low = middle + 1
		} else {
			high = middle
		}
	}
	c.counts[low]++
}

// Merge adds what other counted, and leaves other alone. Both have the same bounds, or
// one of them none.
func (c *Classic) Merge(other *Classic) {
	if other.counts == nil {
		return
	}
	if c.counts == nil {
		*c = NewClassic(other.bounds)
	}
	for i, n := range other.counts {
		c.counts[i] += n
	}
}

// Bounds are the upper bounds. They must not be changed.
func (c *Classic) Bounds() []time.Duration { return c.bounds }

// UpTo is how many durations were at most the bound of that place.
func (c *Classic) UpTo(place int) uint64 {
	var sum uint64
	for _, n := range c.counts[:place+1] {
		sum += n
	}
	return sum
}

// Reset takes all counts away.
func (c *Classic) Reset() { clear(c.counts) }

package pace

import "math"

// poisson merges the streams of the slots that a part owns. Each is a Poisson process
// of rate 1/Slots on the integral of the schedule's rate; mapped back to time it has
// the schedule's rate over Slots.
type poisson struct {
	key  stream
	heap []due // smallest first, each with at most four children
}

// due is the next arrival of a slot. Its place on the integral is the exact sum of the
// slot's gaps, in units of 2^-unitBits arrivals.
type due struct{ place, n uint64 }

const (
	unitBits = 30
	// gapUnit is that of a gap whose mean is 1: a slot sees one arrival of Slots.
	gapUnit = Slots << unitBits
)

func newPoisson(p Part, seed uint64) *poisson {
	m := &poisson{key: newStream(seed, drawGap)}
	for n := p.First(); n < Slots; n = p.After(n) {
		m.heap = append(m.heap, due{m.gap(n), n})
	}
	for i := (len(m.heap) - 2) / 4; i >= 0; i-- {
		m.sink(i)
	}
	return m
}

// gap is the time from the arrival before of the same slot to arrival n, exponentially
// distributed. It is never 0.
func (m *poisson) gap(n uint64) uint64 {
	const bits = 53
	u := float64(m.key.draw(n)>>(64-bits)+1) / (1 << bits)
	return uint64(-math.Log(u)*gapUnit) + 1
}

func (m *poisson) peek() position {
	place := m.heap[0].place
	return position{whole: place >> unitBits, frac: float64(place&(1<<unitBits-1)) / (1 << unitBits)}
}

// pop takes the first arrival away and puts the next one of its slot in its place.
func (m *poisson) pop() (n uint64) {
	first := &m.heap[0]
	n = first.n
	first.n += Slots
	first.place += m.gap(first.n)
	m.sink(0)
	return n
}

func (a due) before(b due) bool { return a.place < b.place || a.place == b.place && a.n < b.n }

func (m *poisson) sink(i int) {
	h := m.heap
	moving := h[i]
	for {
		child := 4*i + 1
		if child >= len(h) {
			break
		}
		least := child
		for c := child + 1; c < min(child+4, len(h)); c++ {
			if h[c].before(h[least]) {
				least = c
			}
		}
		if !h[least].before(moving) {
			break
		}
		h[i] = h[least]
		i = least
	}
	h[i] = moving
}

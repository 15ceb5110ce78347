package pace

import (
	"errors"
	"fmt"
	"math"
	"sort"
)

// Mix chooses one of several things for each arrival, by weight. It is immutable.
type Mix struct {
	key stream
	// limits are where each choice ends on the scale from 0 to 2^53; the last one is
	// the whole scale.
	limits []uint64
}

const mixScale = 1 << 53

// NewMix makes a mix of weights, which are above 0 and finite. Their sum does not
// matter.
func NewMix(seed uint64, weights []float64) (*Mix, error) {
	if len(weights) == 0 {
		return nil, errors.New("a mix of nothing")
	}
	var sum float64
	for i, w := range weights {
		if !(w > 0) || math.IsInf(w, 0) {
			return nil, fmt.Errorf("weight %d: %g is not above 0 and finite", i+1, w)
		}
		sum += w
	}
	if math.IsInf(sum, 0) {
		return nil, errors.New("the sum of the weights is not finite")
	}
	m := &Mix{key: newStream(seed, drawMix), limits: make([]uint64, len(weights))}
	var below float64
	for i, w := range weights {
		below += w
		m.limits[i] = uint64(below / sum * mixScale)
	}
	m.limits[len(weights)-1] = mixScale
	return m, nil
}

// Choose gives the index of the weight that arrival n gets.
func (m *Mix) Choose(n uint64) int {
	x := m.key.draw(n) >> (64 - 53)
	return sort.Search(len(m.limits)-1, func(i int) bool { return m.limits[i] > x })
}

package runner

import (
	"math/bits"
	"slices"
)

// places hands out the lowest free one of many numbers. A bit of a level tells whether
// the word below it has a free bit, so taking and giving back cost one step for each
// level: three for a quarter of a million.
type places struct {
	levels [][]uint64 // the numbers themselves first; a set bit is free
}

// newPlaces makes the numbers from 0 below n, all free.
func newPlaces(n int) *places {
	p := &places{}
	for {
		words := make([]uint64, (n+63)/64)
		for i := range words {
			words[i] = ^uint64(0)
		}
		if rest := n % 64; rest > 0 {
			words[len(words)-1] = 1<<rest - 1
		}
		p.levels = append(p.levels, words)
		if len(words) <= 1 {
			return p
		}
		n = len(words)
	}
}

// take gives the lowest free number. One must be free.
func (p *places) take() int {
	at := 0
	for _, level := range slices.Backward(p.levels) {
		at = at*64 + bits.TrailingZeros64(level[at])
	}
	for i, child := 0, at; i < len(p.levels); i, child = i+1, child/64 {
		word := &p.levels[i][child/64]
		*word &^= 1 << (child % 64)
		if *word != 0 {
			break
		}
	}
	return at
}

// give frees a number that was taken.
func (p *places) give(n int) {
	for i := range p.levels {
		p.levels[i][n/64] |= 1 << (n % 64)
		n /= 64
	}
}

package pace

import "math/bits"

// Permutation is a shuffle of the numbers below a size that needs no memory. It is
// immutable.
type Permutation struct {
	key  stream
	size uint64
	// left and right are the bits of the two halves of the Feistel network. Together
	// they hold the size, and less than twice of it.
	left, right int
}

// feistelRounds is even, so that halves of unequal width end where they began.
const feistelRounds = 8

// NewPermutation makes the shuffle that the seed gives. Size is at most 2^63.
func NewPermutation(seed, size uint64) Permutation {
	p := Permutation{key: newStream(seed, drawRound), size: size}
	width := 0
	if size > 1 {
		width = bits.Len64(size - 1)
	}
	p.left = width / 2
	p.right = width - p.left
	return p
}

// Size is how many numbers are shuffled.
func (p Permutation) Size() uint64 { return p.size }

// At gives the number that takes the place of i, which is below the size.
func (p Permutation) At(i uint64) uint64 {
	if i >= p.size {
		return i // nothing is shuffled there
	}
	// The network shuffles a power of two. A cycle that leaves the size comes back
	// into it, because it began there.
	for i = p.round(i); i >= p.size; {
		i = p.round(i)
	}
	return i
}

func (p Permutation) round(i uint64) uint64 {
	l, r := i>>p.right, i&(1<<p.right-1)
	lw, rw := p.left, p.right
	for k := range uint64(feistelRounds) {
		l, r = r, (l^p.key.draw(r<<8|k))&(1<<lw-1)
		lw, rw = rw, lw
	}
	return l<<rw | r
}

package pace

import "math/bits"

// stream is an endless row of random numbers that can be read at any place: SplitMix64
// by its counter. It is arithmetic on integers, the same on every machine.
type stream uint64

// A use has a stream of its own, so that one choice tells nothing of another.
const (
	drawGap uint64 = iota + 1
	drawMix
	drawRow
	drawRound
)

// gamma is the step of SplitMix64: odd, and close to 2^64 over the golden ratio.
const gamma = 0x9e3779b97f4a7c15

func newStream(seed, use uint64) stream { return stream(mix(mix(seed+gamma) + use*gamma)) }

// draw gives number n of the stream.
func (s stream) draw(n uint64) uint64 { return mix(uint64(s) + (n+1)*gamma) }

// mix is the finalizer of SplitMix64, a bijection.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Derive makes of a run's seed one for something of the run that has a name, such as a
// dataset, so that two of them draw apart.
func Derive(seed uint64, name string) uint64 {
	for i := range len(name) {
		seed = mix(seed + gamma + uint64(name[i]))
	}
	return mix(seed + uint64(len(name)))
}

// Pick draws a number below size, which is above 0, for arrival n. Numbers come again.
func Pick(seed, n, size uint64) uint64 {
	hi, _ := bits.Mul64(newStream(seed, drawRow).draw(n), size)
	return hi
}

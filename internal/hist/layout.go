package hist

import (
	"math"
	"time"
)

const (
	schema    = 7
	perOctave = 1 << schema
	// lowest is the power of two, in seconds, of the first octave's upper bound: it
	// holds one nanosecond. The last octave holds the greatest time.Duration.
	lowest  = -29
	octaves = 64
)

// fractions are the upper bounds of an octave's buckets in [0.5, 1), each
// 2^(-1 + i/128): the numbers that [math.Frexp] gives for a bound. Read only.
var fractions = newFractions()

// starts gives, for the top eight bits of a fraction, the first bucket whose bound
// can be the answer. Read only.
var starts = newStarts()

func newFractions() (out [perOctave]float64) {
	for i := range out {
		out[i] = math.Exp2(-1 + float64(i)/perOctave)
	}
	return out
}

func newStarts() (out [256]uint8) {
	for i := range out {
		fraction := 0.5 + float64(i)/512
		place := 0
		for place < perOctave && fractions[place] < fraction {
			place++
		}
		out[i] = uint8(place)
	}
	return out
}

// locate finds the bucket of a positive duration. It takes the path that the
// Prometheus client takes from a float64, so both agree on every duration.
func locate(d time.Duration) (octave, place int) {
	bitsOf := math.Float64bits(float64(d) / float64(time.Second))
	// d is positive and normal, so the exponent and the fraction can be taken apart here.
	exponent := int(bitsOf>>52) - 1022
	fraction := math.Float64frombits(bitsOf&(1<<52-1) | 1022<<52)
	place = int(starts[bitsOf>>44&0xff])
	for place < perOctave && fractions[place] < fraction {
		place++
	}
	if place == perOctave { // beyond the last bound: the first bucket of the next octave
		exponent, place = exponent+1, 0
	}
	return exponent - lowest, place
}

// index is the place of a positive duration's bucket among all.
func index(d time.Duration) int {
	octave, place := locate(d)
	return octave*perOctave + place
}

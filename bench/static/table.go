package main

import (
	"fmt"
	"slices"

	"github.com/authbench/authbench/bench/pinned"
)

// sample is what one run took.
type sample struct {
	pinned.Cost
	requests int
}

type samples []sample

func cpu(s sample) float64       { return s.CPU.Seconds() / float64(s.requests) * 10_000 }
func perSecond(s sample) float64 { return float64(s.requests) / s.Wall.Seconds() }

func (s samples) of(f func(sample) float64, digits int) string {
	all := make([]float64, len(s))
	for i := range s {
		all[i] = f(s[i])
	}
	return spread(all, digits)
}

// over divides the CPU of each run by that of another generator in the same round.
func (s samples) over(other samples) string {
	all := make([]float64, len(s))
	for i := range s {
		all[i] = cpu(s[i]) / cpu(other[i])
	}
	return spread(all, 2)
}

func spread(all []float64, digits int) string {
	slices.Sort(all)
	return fmt.Sprintf("%.*f [%.*f..%.*f]", digits, all[len(all)/2], digits, all[0], digits, all[len(all)-1])
}

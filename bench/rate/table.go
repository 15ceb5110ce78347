package main

import (
	"fmt"
	"slices"
)

// sample is what one run came to.
type sample struct{ error, p50, p99, cpu, dropped float64 }

type samples []sample

// of gives the median of a figure with the least and the most.
func (s samples) of(f func(sample) float64, digits int) string {
	all := make([]float64, len(s))
	for i := range s {
		all[i] = f(s[i])
	}
	slices.Sort(all)
	return fmt.Sprintf("%.*f [%.*f..%.*f]", digits, all[len(all)/2], digits, all[0], digits, all[len(all)-1])
}

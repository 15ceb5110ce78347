//go:build race

package eval_test

// Expressions that many goroutines evaluate at a time are of interest to the race detector,
// not how many of them there are.
const (
	generations = 150 // expressions that are made up
	thin        = 8   // of so many combinations one is tried
)

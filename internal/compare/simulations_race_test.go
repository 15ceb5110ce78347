//go:build race

package compare_test

// simulations is how many runs are made up to try the statistics. They are those of one
// goroutine: the race detector has nothing to find in more of them.
const simulations = 40

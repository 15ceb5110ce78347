//go:build race

package target_test

// anIdle is how many connections TestIdleConnections opens: the race detector knows no
// more than 8,128 goroutines, and a server has one for each.
const anIdle = 2_000

//go:build !race

package target_test

// anIdle is how many connections TestIdleConnections opens.
const anIdle = 10_000

//go:build !race

package target_test

const (
	anIdle = 10_000 // connections of TestIdleConnections
)

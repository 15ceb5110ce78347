//go:build race

package target_test

const (
	anIdle = 2_000 // connections of TestIdleConnections
)

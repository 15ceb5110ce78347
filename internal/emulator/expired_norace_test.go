//go:build !race

package emulator

const expired = 1_000_000

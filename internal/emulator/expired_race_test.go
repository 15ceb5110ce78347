//go:build race

package emulator

const expired = 100_000

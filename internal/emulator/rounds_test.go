//go:build !race

package emulator_test

const rounds = 20

//go:build !race

package emulator_test

// rounds are those of a race of many, parts those of TestModel, a hundred sequences each.
const rounds, parts = 20, 20

//go:build race

package emulator_test

// rounds are those of a race of many, parts those of TestModel, in which nothing races.
const rounds, parts = 200, 4

// Package runner carries plans out and tells what came of every iteration.
//
// It starts iterations, walks their steps one after the other, keeps to the limits
// of the targets, repeats what may be repeated, judges answers, and cleans up, also
// after a failure and after an interrupt. What leaves it is free of secrets.
//
// It knows no HCL text and no step kind: it takes a checked plan, and connections
// that somebody else opened. It judges no numbers and prints nothing. Start at [Run],
// or at [RunLoad] for a profile of load; one iteration is iteration.go, one step is
// step.go.
package runner

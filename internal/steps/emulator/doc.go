// Package emulator holds the step kinds that steer the built-in emulator: its clock, its
// faults, its deliveries, a look at what was sent, and a fresh start.
//
// Each kind is one or a few requests to the emulator's admin listener about the project of the
// step's provider. What a step moves is moved for everybody who uses the project, so
// scenarios that steer share a provider of their own and run one at a time, by `serial`.
// Start at [Kinds]; command.go shows how a kind is made.
package emulator

import "github.com/authbench/authbench/internal/steps"

// Kinds lists the kinds of this package. provider is the type of the providers whose
// projects may live in an emulator.
func Kinds(provider string) []*steps.Kind {
	var kinds []*steps.Kind
	for _, c := range []command{clockCommand(), faultCommand(), deliveryCommand(), messagesCommand(), resetCommand()} {
		kinds = append(kinds, c.kind(provider))
	}
	return kinds
}

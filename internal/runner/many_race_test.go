//go:build race

package runner_test

import "time"

// What the race detector finds among a thousand that wait it finds no better among more.
const (
	waiting = 10_000           // iterations that wait for a message
	parked  = 1_000            // iterations that are parked in other ways
	soak    = 20 * time.Minute // virtual time of a run whose memory stays flat
)

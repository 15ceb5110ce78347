package stats

import "github.com/authbench/authbench/internal/host"

// Pulse is what the generator says of itself, once a second.
type Pulse struct {
	// Wanted is the rate of the schedule in the middle of the second that ends, in
	// iterations a second, 0 without a schedule.
	Wanted float64
	// Due is how many arrivals should have been dealt with by now, going by the clock
	// and the schedule alone; 0 when that is not known.
	Due uint64
	// Started is how many iterations were started since the run began, Queued how many
	// arrivals wait for room in flight.
	Started, Queued uint64
	// InFlight and Parked are the most at any moment since the last pulse.
	InFlight, Parked int
	// Awaiting are those in flight that wait for a fixture at the moment.
	Awaiting int
	Host     host.Sample
}

package pace

import "time"

// Arrivals walks the arrivals of a schedule that a part owns, in the order of time.
// It is for one goroutine, and allocates nothing on its way.
type Arrivals struct {
	schedule *Schedule
	// ramp is the one that the arrival before stood in.
	ramp int
	// Evenly spaced ones.
	part Part
	next uint64
	// Random ones; nil when they are evenly spaced.
	poisson *poisson
}

// Even gives evenly spaced arrivals: arrival n is due at [Schedule.At] of n. Their
// numbers have no gaps over all parts, and end at [Schedule.Count].
func (s *Schedule) Even(p Part) *Arrivals {
	return &Arrivals{schedule: s, part: p, next: p.First()}
}

// Poisson gives arrivals at random around the rate of the schedule, by the seed. Each
// slot is a Poisson process of its own, so numbers have gaps, and do not follow the
// order of time over several slots.
func (s *Schedule) Poisson(p Part, seed uint64) *Arrivals {
	return &Arrivals{schedule: s, poisson: newPoisson(p, seed)}
}

// Next gives the number of the next arrival and when it is due, counted from the start
// of the schedule. It is not ok when there is none any more.
func (a *Arrivals) Next() (n uint64, at time.Duration, ok bool) {
	p := position{whole: a.next, frac: 0.5}
	if a.poisson != nil {
		p = a.poisson.peek()
	}
	a.ramp = a.schedule.reach(p, a.ramp)
	if a.ramp == len(a.schedule.ramps) {
		return 0, 0, false
	}
	at = a.schedule.inverse(p, a.ramp)
	if a.poisson != nil {
		return a.poisson.pop(), at, true
	}
	n = a.next
	a.next = a.part.After(n)
	return n, at, true
}

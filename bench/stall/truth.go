package main

import (
	"slices"
	"time"
)

// schedule is who arrives when, and when the server stalls: at the end of each period.
type schedule struct {
	rate          float64
	period, stall time.Duration
	periods       int
}

// meets computes how long each arrival waits for its answer when the server is
// otherwise infinitely fast, and how many arrivals find no room; inFlight 0 is room for
// all. Arrival n is due at (n + 1/2) / rate. One that is due in a stall is answered when
// the stall ends; of those, only the first inFlight of each stall have room.
//
// A run lasts whole periods, so it makes no difference where in a period it starts: the
// same number of arrivals meets a stall, and they wait the same times, but for one.
func (s schedule) meets(inFlight int) (waits []time.Duration, dropped int) {
	over := time.Duration(s.periods) * s.period
	held, in := 0, -1
	for n := 0; ; n++ {
		at := time.Duration((float64(n) + 0.5) / s.rate * float64(time.Second))
		if at >= over {
			return waits, dropped
		}
		left := s.period - at%s.period
		if left > s.stall {
			waits = append(waits, 0)
			continue
		}
		if period := int(at / s.period); period != in {
			held, in = 0, period
		}
		if held++; inFlight > 0 && held > inFlight {
			dropped++
			continue
		}
		waits = append(waits, left)
	}
}

// quantile gives the least wait that a part q of all does not exceed.
func quantile(waits []time.Duration, q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(waits))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

package runner

import (
	"sync/atomic"
	"time"

	"github.com/authbench/authbench/internal/pace"
)

// Gauges tell how a profile that is being carried out stands. The zero value is ready;
// reading it is safe at any time and holds up nothing.
type Gauges struct {
	scheduled, started, inFlight, queued atomic.Int64
	// held iterations wait for a fixture or their group. Standing fixtures are parked
	// as iterations are, but are none.
	held, standing atomic.Int64

	times atomic.Pointer[times]
}

// times are what a profile wants at any moment.
type times struct {
	begin    time.Time
	schedule *pace.Schedule
	users    *pace.Users
	parked   *atomic.Int64
}

// Gauge is one reading.
type Gauge struct {
	// Elapsed is the time since the start of the schedule, negative before it. Left is
	// how much of the schedule is to come, 0 when only the iterations decide.
	Elapsed, Left time.Duration
	// Scheduled counts arrivals, Started those that were let in.
	Scheduled, Started int64
	// InFlight are the iterations that hold a place; Parked those of them that wait for
	// something and hold no goroutine. Queued arrivals wait for a place.
	InFlight, Parked, Queued int
	// Wanted is the rate of an open profile at this moment, in iterations a second, and
	// Users the number of users of a closed one.
	Wanted float64
	Users  int
}

// Read tells how the run stands at time now.
func (g *Gauges) Read(now time.Time) Gauge {
	out := Gauge{
		Scheduled: g.scheduled.Load(), Started: g.started.Load(),
		InFlight: int(g.inFlight.Load()), Queued: int(g.queued.Load()), Parked: int(g.held.Load()),
	}
	t := g.times.Load()
	if t == nil {
		return out
	}
	out.Elapsed = now.Sub(t.begin)
	out.Parked = max(out.Parked+int(t.parked.Load()-g.standing.Load()), 0)
	switch {
	case t.schedule != nil:
		out.Wanted = t.schedule.Rate(out.Elapsed)
		out.Left = max(t.schedule.Duration()-out.Elapsed, 0)
	case t.users != nil:
		out.Users = t.users.Count(out.Elapsed)
		out.Left = max(t.users.Duration()-out.Elapsed, 0)
	}
	return out
}

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
	// awaiting are in flight, and do not have all their fixtures.
	awaiting atomic.Int64
	// mostInFlight and mostParked are high-water marks since the last Most.
	mostInFlight, mostParked mark

	times atomic.Pointer[times]
}

// mark is the highest of the values that it was shown.
type mark struct{ n atomic.Int64 }

func (m *mark) show(n int64) {
	for {
		old := m.n.Load()
		if n <= old || m.n.CompareAndSwap(old, n) {
			return
		}
	}
}

// take gives the highest since the last take, and goes on from now.
func (m *mark) take(now int64) int { return int(max(m.n.Swap(now), now)) }

// Most gives the most iterations in flight and parked at any moment since the call
// before, however short the moment was. It is for one caller alone, that which takes
// the pulse of a run: a second one would take maxima away from it. Everybody else has
// [Gauges.Read].
//
// Awaiting are the iterations in flight that wait for a fixture, at the moment. While none
// ends, in flight are those that run and these.
func (g *Gauges) Most() (inFlight, parked, awaiting int) {
	inFlight, parked = g.mostInFlight.take(g.inFlight.Load()), g.mostParked.take(g.parked())
	return inFlight, parked, int(g.awaiting.Load())
}

// parked are the iterations that hold no goroutine.
func (g *Gauges) parked() int64 {
	n := g.held.Load()
	if t := g.times.Load(); t != nil {
		n += t.parked.Load() - g.standing.Load()
	}
	return max(n, 0)
}

// fly tells how many are in flight.
func (g *Gauges) fly(n int) {
	g.inFlight.Store(int64(n))
	g.mostInFlight.show(int64(n))
}

// hold tells that one more iteration waits for a fixture or its group.
func (g *Gauges) hold() {
	g.held.Add(1)
	g.park()
}

// park looks at how many are parked, after one more is.
func (g *Gauges) park() { g.mostParked.show(g.parked()) }

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
		InFlight: int(g.inFlight.Load()), Queued: int(g.queued.Load()), Parked: int(g.parked()),
	}
	t := g.times.Load()
	if t == nil {
		return out
	}
	out.Elapsed = now.Sub(t.begin)
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

package runner

import (
	"time"

	"github.com/authbench/authbench/internal/pace"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
)

// maxQueue bounds the arrivals that wait for a place.
const maxQueue = 1_000_000

// openSource starts an iteration for each arrival of a schedule, whatever became of those
// before.
type openSource struct {
	load     *load
	duration time.Duration
	arrivals *pace.Arrivals
	// part sorts out arrivals when the walk is that of all parts: orders counts them.
	part   pace.Part
	all    bool
	orders uint64
	// free and queue are guarded by the lock of the load.
	free  *places
	queue fifo[due]
}

func newOpen(l *load, schedule *pace.Schedule) *openSource {
	o := &openSource{load: l, duration: schedule.Duration(), part: l.opts.Part, free: newPlaces(l.plan.MaxInFlight)}
	if !l.plan.Poisson {
		o.arrivals = schedule.Even(o.part)
		return o
	}
	// The numbers of random arrivals have gaps, which rows must not have. So the
	// order counts, and it is known only to who walks all slots.
	for _, s := range l.shares {
		for _, d := range s.datasets {
			o.all = o.all || d.ordered()
		}
	}
	walked := o.part
	if o.all {
		walked = pace.Part{}
	}
	o.arrivals = schedule.Poisson(walked, l.opts.Seed)
	return o
}

// next gives the next arrival of this part.
func (o *openSource) next() (due, bool) {
	for {
		n, at, ok := o.arrivals.Next()
		if !ok {
			return due{}, false
		}
		d := due{n: n, order: n, at: at}
		if o.all {
			d.order = o.orders
			o.orders++
			if !o.part.Owns(n) {
				continue
			}
		}
		return d, true
	}
}

func (o *openSource) dispatch() LoadEnd {
	l := o.load
	for {
		d, ok := o.next()
		if !ok {
			if end := l.clock.until(l.ctx, l.begin.Add(o.duration), nil); end != "" {
				return end
			}
			return EndSchedule
		}
		if end := l.clock.until(l.ctx, l.begin.Add(d.at), nil); end != "" {
			o.forgo(d)
			return end
		}
		if end := o.arrive(d); end != "" {
			return end
		}
	}
}

// arrive starts an arrival, or does what the profile says when there is no room.
func (o *openSource) arrive(d due) LoadEnd {
	l := o.load
	l.mu.Lock()
	if o.exhausted(d) {
		l.mu.Unlock()
		return EndExhausted
	}
	l.schedule(d)
	var f *flight
	var end LoadEnd
	switch {
	case l.inFlight < l.plan.MaxInFlight:
		f = o.admit(d)
	case l.plan.Overflow == plan.OverflowQueue && o.queue.len() < maxQueue:
		o.queue.push(d)
		l.gauges.queued.Store(int64(o.queue.len()))
	default:
		l.drop(d, result.DropConcurrency)
		if l.plan.Overflow == plan.OverflowAbort {
			end = EndOverflow
		}
	}
	l.mu.Unlock()
	l.proceed(f)
	return end
}

// exhausted reports whether the arrival needs a row of a dataset that ends the run
// without one. The lock is held.
func (o *openSource) exhausted(d due) bool {
	for _, set := range o.load.shareOf(d).datasets {
		if set.ends(d) {
			return true
		}
	}
	return false
}

// forgo accounts for arrivals that were due when the schedule was broken off, from d on.
func (o *openSource) forgo(d due) {
	l := o.load
	elapsed := time.Since(l.begin)
	l.mu.Lock()
	defer l.mu.Unlock()
	for ok := true; ok && d.at <= elapsed && !o.exhausted(d); d, ok = o.next() {
		l.schedule(d)
		l.drop(d, result.DropDeadline)
	}
}

// admit takes a place for an arrival. The lock is held.
func (o *openSource) admit(d due) *flight {
	place := o.free.take()
	f := o.load.admit(o.load.shareOf(d), d, place)
	if f == nil {
		o.load.drop(d, result.DropDataset)
		o.free.give(place)
	}
	return f
}

func (o *openSource) follow(f *flight, _ *result.Iteration) *flight {
	o.free.give(f.place)
	for o.queue.len() > 0 && !o.load.over() {
		d := o.queue.pop()
		o.load.gauges.queued.Store(int64(o.queue.len()))
		if f := o.admit(d); f != nil {
			f.queued = max(0, time.Since(f.intended))
			return f
		}
	}
	return nil
}

func (o *openSource) waiting() int { return o.queue.len() }

func (o *openSource) discard() {
	for o.queue.len() > 0 {
		o.load.drop(o.queue.pop(), result.DropDeadline)
	}
	o.load.gauges.queued.Store(0)
}

package runner

import (
	"time"

	"github.com/authbench/authbench/internal/result"
)

// stage is what an iteration does next: it works, and gives the stage after it. Nil
// says that the iteration waits, or that it has ended.
type stage func(*iteration) stage

// An iteration that waits is parked: there is a record of it, a timer and a place in
// its lot, and no goroutine. Whatever it waits for, the timer, or the end of its
// context wakes it. A wake is a hint, no message: the stage that waited looks again at
// what it waits for and parks once more when nothing has come of it. So wakes may come
// late, early, twice and from anywhere.
const (
	running  uint32 = iota
	signaled        // running, and woken meanwhile
	parked
)

// drive works until the iteration is parked or over. Exactly one goroutine drives an
// iteration at a time.
func (it *iteration) drive() {
	for {
		it.arrive()
		for it.advance() {
		}
		if it.next == nil {
			it.finish()
			return
		}
		if it.park() {
			return // whoever wakes it drives on: it is no longer ours
		}
	}
}

// waitFor is wait for a limit of ours.
func (it *iteration) waitFor(l result.Limit, until time.Time, again stage) stage {
	it.limit, it.limited = l, true
	return it.wait(until, again)
}

// wait makes the present stage wait until it is woken, at this time or at the end of its
// span at the latest; the zero time is no time of its own. The stage again looks what
// has come. The step's waiting time takes it in.
func (it *iteration) wait(until time.Time, again stage) stage {
	if end := it.span.deadline; !end.IsZero() && (until.IsZero() || end.Before(until)) {
		until = end
	}
	it.since, it.counted, it.alarm, it.next = it.now, true, until, again
	return nil
}

// arrive takes back what was left for a wake, and counts the time.
func (it *iteration) arrive() {
	if it.since.IsZero() {
		return
	}
	it.unpark()
	it.now = time.Now()
	if it.rec != nil && it.counted {
		it.rec.Wait += it.now.Sub(it.since)
		if it.limited {
			it.rec.Limited[it.limit] += it.now.Sub(it.since)
		}
	}
	it.since, it.limited = time.Time{}, false
}

// park reports false when there is no need to wait: it was woken already.
func (it *iteration) park() bool {
	if !it.lot.add(it) {
		// Its context has ended, which the stage is going to see.
		return false
	}
	it.setTimer()
	it.run.parked.Add(1)
	if g := it.run.gauges; g != nil {
		g.park()
	}
	if it.phase.CompareAndSwap(running, parked) {
		return true
	}
	it.run.parked.Add(-1)
	it.phase.Store(running)
	return false
}

// unpark takes back what was left for a wake.
func (it *iteration) unpark() {
	if it.timer != nil {
		it.timer.Stop()
	}
	it.lot.remove(it)
}

func (it *iteration) setTimer() {
	if it.alarm.IsZero() {
		return
	}
	d := time.Until(it.alarm)
	if it.timer == nil {
		it.timer = time.AfterFunc(d, it.wake)
		return
	}
	it.timer.Reset(d)
}

// wake resumes the iteration on a goroutine of the crew, if it is parked.
func (it *iteration) wake() {
	if it.resume() {
		it.run.crew.drive(it)
	}
}

// resume reports whether the caller must drive the iteration.
func (it *iteration) resume() bool {
	for {
		switch it.phase.Load() {
		case parked:
			if it.phase.CompareAndSwap(parked, running) {
				it.run.parked.Add(-1)
				return true
			}
		case signaled:
			return false
		default:
			if it.phase.CompareAndSwap(running, signaled) {
				return false
			}
		}
	}
}

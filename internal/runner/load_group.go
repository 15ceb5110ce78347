package runner

import "time"

// group lets one iteration of serial scenarios run at a time. The lock of the load
// guards it.
type group struct {
	busy    bool
	waiting fifo[*flight]
}

// enter reports whether f may run. If not, leave gives it when its turn has come.
func (g *group) enter(f *flight) bool {
	l := f.load
	l.mu.Lock()
	defer l.mu.Unlock()
	if g.busy {
		f.parked = time.Now()
		l.gauges.hold()
		g.waiting.push(f)
		return false
	}
	g.busy, f.entered = true, true
	return true
}

// leave gives the next one that may run, nil if none waits. The lock is held.
func (g *group) leave(now time.Time) *flight {
	if g.waiting.len() == 0 {
		g.busy = false
		return nil
	}
	f := g.waiting.pop()
	f.load.gauges.held.Add(-1)
	f.entered, f.grouped = true, now.Sub(f.parked)
	return f
}

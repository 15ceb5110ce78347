package stats

import "time"

// Tick closes the seconds that are over, takes the pulse of the generator and judges
// thresholds on what there is. Call it once a second, from one goroutine; a call that
// comes late makes one entry of several seconds. It reports whether a threshold wants
// the run to end.
func (r *Recorder) Tick(now time.Time, p Pulse) (abort bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	elapsed := now.Sub(r.options.Run.Start)
	r.pulse = p
	r.time.beat(p)
	if end := int(elapsed / time.Second); end > r.time.closed {
		r.close(end)
	}
	open := r.peek()
	r.health.watch(r, open, elapsed, p)
	return r.options.Judge.judge(r, open, elapsed)
}

// close empties the shards into the whole.
func (r *Recorder) close(end int) {
	r.open.reset()
	for i := range r.shards {
		s := &r.shards[i]
		s.mu.Lock()
		r.open.merge(&s.sums)
		s.reset()
		s.mu.Unlock()
	}
	_, cells, _, _ := r.registry.places()
	r.time.close(end, &r.open, cells)
	r.total.merge(&r.open)
	r.open.reset()
}

// peek adds up what the shards hold since the last tick, and leaves it there. The
// result belongs to the recorder.
func (r *Recorder) peek() *sums {
	r.open.reset()
	for i := range r.shards {
		s := &r.shards[i]
		s.mu.Lock()
		r.open.merge(&s.sums)
		s.mu.Unlock()
	}
	return &r.open
}

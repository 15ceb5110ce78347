package stats

import "github.com/authbench/authbench/internal/hist"

// merge adds what other holds and leaves it alone.
func (s *sums) merge(other *sums) {
	for i, from := range other.cells {
		if from != nil {
			at(&s.cells, i).merge(from)
		}
	}
	for i := range other.counts {
		c := s.countsAt(i)
		c.measured.merge(other.counts[i].measured)
		c.warmup.merge(other.counts[i].warmup)
	}
	for i, from := range other.endpoints {
		if from != nil {
			at(&s.endpoints, i).merge(from)
		}
	}
	for i, from := range other.deliveries {
		if from != nil {
			at(&s.deliveries, i).merge(from)
		}
	}
	s.iterations.merge(other.iterations)
	s.warmup.merge(other.warmup)
	s.requests.merge(other.requests)
	s.locked += other.locked
	s.exhausted += other.exhausted
	for i, n := range other.drops {
		s.drops[i] += n
	}
	for b, n := range other.blames {
		s.blame(b, n)
	}
	to, from := s.named(), other.named()
	for i := range to {
		to[i].merge(*from[i])
	}
}

// reset takes everything away and keeps the room for what will come again.
func (s *sums) reset() {
	for _, c := range s.cells {
		if c != nil {
			c.measured.Reset()
			c.warmup.Reset()
			c.classic.Reset()
		}
	}
	for _, e := range s.endpoints {
		if e != nil {
			for i := range e.codes {
				e.codes[i].count = 0
			}
			e.retries.reset()
			e.errors.reset()
		}
	}
	for _, d := range s.deliveries {
		if d != nil {
			*d = channelSums{}
		}
	}
	clear(s.counts)
	clear(s.blames)
	s.iterations, s.warmup, s.requests, s.locked, s.exhausted = Counts{}, Counts{}, Requests{}, 0, 0
	s.drops = [dropReasons]uint64{}
	for _, l := range s.named() {
		l.reset()
	}
}

// named lists all that is counted by a name alone.
func (s *sums) named() [7]*names {
	return [...]*names{&s.codes, &s.warmupCodes, &s.reasons, &s.inboxes, &s.inboxFaults, &s.messages, &s.backoffs}
}

func (c *cell) merge(other *cell) {
	c.measured.Merge(&other.measured)
	c.warmup.Merge(&other.warmup)
	c.classic.Merge(&other.classic)
}

// all gives the samples of both, as a histogram of the caller's.
func (c *cell) all() *hist.Histogram {
	out := c.measured.Clone()
	out.Merge(&c.warmup)
	return &out
}

func (e *endpointSums) merge(other *endpointSums) {
	for _, c := range other.codes {
		if c.count > 0 {
			e.code(c.status, c.count)
		}
	}
	e.retries.merge(other.retries)
	e.errors.merge(other.errors)
}

func (d *channelSums) merge(other *channelSums) {
	for i := range d.measured {
		d.measured[i] += other.measured[i]
		d.warmup[i] += other.warmup[i]
	}
}

func (r *Requests) merge(other Requests) {
	r.Sent += other.Sent
	r.Answered += other.Answered
	r.Repeated += other.Repeated
	r.Refused += other.Refused
	r.RateLimited += other.RateLimited
}

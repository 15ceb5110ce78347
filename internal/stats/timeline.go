package stats

import (
	"math"
	"slices"

	"github.com/authbench/authbench/internal/hist"
)

const (
	// maxSeconds is how many seconds are kept apart. Of a longer run, old ones become
	// part of their neighbours, one pair for each new one.
	maxSeconds = 2048
	// young is how many of them, the last, are left as they are.
	young = maxSeconds / 4
)

// timeline is a run by the second.
type timeline struct {
	// keep is how far back details reach, in seconds.
	keep int
	// schedule is how long the schedule takes, 0 when iterations decide.
	schedule int
	closed   int // seconds
	seconds  []Second
	details  []detail
	// started is Pulse.Started when the last second was closed.
	started uint64
	latest  Pulse
	// running are the most in flight that waited for no fixture, in the second that is open.
	running int
}

// detail is what conditions with a window need of a second: the measured part alone.
type detail struct {
	offset, length int
	// running are the most in flight that waited for no fixture, ended counts the warm-up
	// as well.
	running    int
	ended      Counts
	iterations Counts
	counts     []Counts // by series
	samples    []SecondSamples
	codes      []Tally
	deliveries [deliveryResults]uint64
}

// beat takes the pulse into the second that is open.
func (t *timeline) beat(p Pulse) {
	t.running = max(t.running, p.InFlight-p.Awaiting)
	p.InFlight, p.Parked = max(p.InFlight, t.latest.InFlight), max(p.Parked, t.latest.Parked)
	t.latest = p
}

// close makes one entry of the seconds up to end, counted from the start of the run, and
// of what s says they came to.
func (t *timeline) close(end int, s *sums, cells []cellSpec) {
	second := t.second(end-t.closed, s, cells)
	t.seconds = append(t.seconds, second)
	d := newDetail(second, s)
	d.running, t.running = t.running, 0
	t.details = append(t.details, d)
	t.closed, t.started = end, t.latest.Started
	t.latest.InFlight, t.latest.Parked = 0, 0
	t.forget()
	if len(t.seconds) > maxSeconds {
		t.coarsen()
	}
}

// second gives what is open as an entry.
func (t *timeline) second(length int, s *sums, cells []cellSpec) Second {
	p := t.latest
	out := Second{
		Offset: t.closed, Length: length, Wanted: p.Wanted, Started: p.Started - min(t.started, p.Started),
		Ended: s.iterations, Reasons: s.reasons.list(), Requests: s.requests.Answered, RateLimited: s.requests.RateLimited,
		InFlight: p.InFlight, Parked: p.Parked,
	}
	out.Ended.merge(s.warmup)
	out.Samples, out.Warmup = secondSamples(s, cells)
	return out
}

func newDetail(second Second, s *sums) detail {
	d := detail{
		offset: second.Offset, length: second.Length, ended: second.Ended, iterations: s.iterations,
		counts: make([]Counts, len(s.counts)), samples: second.Samples, codes: s.codes.list(),
		deliveries: s.delivered(),
	}
	for i := range s.counts {
		d.counts[i] = s.counts[i].measured
	}
	return d
}

// forget drops the details that no window reaches any more: the last one of the schedule
// is looked at when what was in flight has ended.
func (t *timeline) forget() {
	end := t.closed
	if t.schedule > 0 {
		end = min(end, t.schedule)
	}
	old := 0
	for old < len(t.details) && t.details[old].offset+t.details[old].length <= end-t.keep {
		old++
	}
	t.details = slices.Delete(t.details, 0, old)
}

// coarsen makes one of two neighbours among the old: those that are shortest together,
// so that old entries are of about the same length.
func (t *timeline) coarsen() {
	pair, shortest := 0, math.MaxInt
	for i := range len(t.seconds) - young - 1 {
		if both := t.seconds[i].Length + t.seconds[i+1].Length; both < shortest {
			pair, shortest = i, both
		}
	}
	t.seconds[pair] = join(&t.seconds[pair], &t.seconds[pair+1])
	t.seconds = slices.Delete(t.seconds, pair+1, pair+2)
}

// join is the second that covers two. It shares nothing with them that changes.
func join(a, b *Second) Second {
	out := Second{
		Offset: a.Offset, Length: a.Length + b.Length, Started: a.Started + b.Started, Ended: a.Ended,
		Wanted:   (a.Wanted*float64(a.Length) + b.Wanted*float64(b.Length)) / float64(a.Length+b.Length),
		Requests: a.Requests + b.Requests, RateLimited: a.RateLimited + b.RateLimited,
		InFlight: max(a.InFlight, b.InFlight), Parked: max(a.Parked, b.Parked),
		Samples: joinSamples(a.Samples, b.Samples), Warmup: joinSamples(a.Warmup, b.Warmup),
	}
	out.Ended.merge(b.Ended)
	var reasons names
	reasons.merge(a.Reasons)
	reasons.merge(b.Reasons)
	out.Reasons = reasons.list()
	return out
}

// joinSamples merges two rows that are in the order of their series.
func joinSamples(a, b []SecondSamples) []SecondSamples {
	out := make([]SecondSamples, 0, max(len(a), len(b)))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].Series < b[0].Series:
			out, a = append(out, a[0]), a[1:]
		case a[0].Series > b[0].Series:
			out, b = append(out, b[0]), b[1:]
		default:
			var h hist.Histogram
			// They are our own: nothing that was written here is refused.
			_ = h.AddSparse(a[0].Samples)
			_ = h.AddSparse(b[0].Samples)
			out, a, b = append(out, SecondSamples{a[0].Series, h.Sparse()}), a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// secondSamples writes the histograms of a second down, in the order of their series.
func secondSamples(s *sums, cells []cellSpec) (measured, warmup []SecondSamples) {
	for i := 0; i < len(s.cells); i++ {
		c, spec := s.cells[i], cells[i]
		if c == nil || spec.whole {
			continue
		}
		// The two parts of a series stand beside each other.
		if i+1 < len(s.cells) && cells[i+1].series == spec.series && s.cells[i+1] != nil {
			i++
			both := new(cell)
			both.merge(c)
			both.merge(s.cells[i])
			c = both
		}
		if c.measured.Count() > 0 {
			measured = append(measured, SecondSamples{spec.series, c.measured.Sparse()})
		}
		if c.warmup.Count() > 0 {
			warmup = append(warmup, SecondSamples{spec.series, c.warmup.Sparse()})
		}
	}
	return measured, warmup
}

package runfile

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/authbench/authbench/internal/stats"
)

// merger adds up loads that belong together.
type merger struct {
	parts bool
	out   stats.Load
	// series is the place of each series in out.
	series map[stats.SeriesKey]int
	pieces []piece
	// runs is how many were added.
	runs int
	// covered is how many seconds the runs before took, all together.
	covered int
}

func (m *merger) add(l *stats.Load) {
	places := make([]int, len(l.Series))
	for i := range l.Series {
		places[i] = m.addSeries(&l.Series[i])
	}
	o := &m.out
	for i := range l.Seconds {
		m.pieces = append(m.pieces, piece{m.runs, m.covered, &l.Seconds[i], places})
	}
	m.runs++
	if !m.parts {
		m.out.Seeds = append(m.out.Seeds, seeds(l)...)
	}
	addCounts(&o.Iterations, l.Iterations)
	addCounts(&o.Warmup, l.Warmup)
	o.Drops = tallies(o.Drops, l.Drops)
	o.Messages = tallies(o.Messages, l.Messages)
	o.ErrorCodes = tallies(o.ErrorCodes, l.ErrorCodes)
	o.Requests.Sent += l.Requests.Sent
	o.Requests.Answered += l.Requests.Answered
	o.Requests.Repeated += l.Requests.Repeated
	o.Requests.Refused += l.Requests.Refused
	o.Requests.RateLimited += l.Requests.RateLimited
	o.Endpoints = endpoints(o.Endpoints, l.Endpoints)
	o.Deliveries = deliveries(o.Deliveries, l.Deliveries)
	o.Thresholds = thresholds(o.Thresholds, l.Thresholds)
	o.Failures = failures(o.Failures, l.Failures)
	o.Health = worstHealth(o.Health, l.Health)
	o.Interrupted = o.Interrupted || l.Interrupted
	o.Aborted, o.Early = cmp.Or(o.Aborted, l.Aborted), cmp.Or(o.Early, l.Early)
	o.Truncated = o.Truncated || l.Truncated
	o.Verdict = worse(o.Verdict, l.Verdict)
	for _, note := range l.Notes {
		if !slices.Contains(o.Notes, note) {
			o.Notes = append(o.Notes, note)
		}
	}
	if m.parts {
		o.Wall = max(o.Wall, l.Wall)
		return
	}
	o.Wall += l.Wall
	if o.Wall < 0 { // a file that is hostile
		o.Wall = math.MaxInt64
	}
	m.covered += length(l)
}

// seeds are those of a run, or of the runs that it is the sum of.
func seeds(l *stats.Load) []uint64 {
	if len(l.Seeds) > 0 {
		return l.Seeds
	}
	return []uint64{l.Run.Seed}
}

// length is how many seconds a run takes on the time line, up to the bound of a file.
func length(l *stats.Load) int {
	out := int(min((l.Wall+time.Second-1)/time.Second, maxOffset))
	if n := len(l.Seconds); n > 0 {
		out = max(out, l.Seconds[n-1].Offset+l.Seconds[n-1].Length)
	}
	return out
}

func (m *merger) addSeries(s *stats.Series) int {
	at, known := m.series[s.SeriesKey]
	if !known {
		at = len(m.out.Series)
		m.series[s.SeriesKey] = at
		m.out.Series = append(m.out.Series, stats.Series{SeriesKey: s.SeriesKey})
	}
	m.out.Series[at].Histogram.Merge(&s.Histogram)
	addCounts(&m.out.Series[at].Counts, s.Counts)
	return at
}

func (m *merger) finish(loads []*stats.Load) *stats.Load {
	o, first := &m.out, loads[0]
	o.Run, o.Environment, o.Profile = first.Run, first.Environment, first.Profile
	o.Run.Targets = slices.Clone(first.Run.Targets)
	if !m.parts {
		o.Seeds = o.Seeds[:min(len(o.Seeds), maxParts)]
		o.Notes = append(o.Notes, fmt.Sprintf("This is the sum of %d runs. Each threshold is that of the run which did worst; none was judged over the sum.", len(o.Seeds)))
	}
	for _, l := range loads[1:] {
		if l.Environment != first.Environment {
			o.Notes = append(o.Notes, "The runs were made in different environments; the first one is named.")
			break
		}
	}
	if m.parts && len(loads) < first.Part.Of {
		o.Notes = append(o.Notes, fmt.Sprintf("Only %d of %d parts of the run are here.", len(loads), first.Part.Of))
	}
	if !m.parts {
		o.Profile.Planned *= uint64(len(loads))
	}
	if o.Verdict == stats.Unanswered && o.Requests.Answered > 0 {
		o.Verdict = stats.Failed
	}
	for i := range o.Deliveries {
		at, known := m.series[stats.SeriesKey{Measure: stats.MeasureDelivery, Channel: o.Deliveries[i].Channel}]
		if known {
			o.Deliveries[i].Duration = stats.NewTimes(&o.Series[at].Histogram)
		}
	}
	o.Seconds = overlay(m.pieces)
	return o
}

func addCounts(sum *stats.Counts, n stats.Counts) {
	sum.Success += n.Success
	sum.Failure += n.Failure
	sum.Error += n.Error
	sum.Skipped += n.Skipped
	sum.Aborted += n.Aborted
	sum.Dropped += n.Dropped
}

// tallies adds what b counts to a, in the order of names, and changes neither.
func tallies(a, b []stats.Tally) []stats.Tally {
	out := slices.Clone(a)
	for _, t := range b {
		if i := slices.IndexFunc(out, func(x stats.Tally) bool { return x.Name == t.Name }); i >= 0 {
			out[i].Count += t.Count
			continue
		}
		out = append(out, t)
	}
	slices.SortStableFunc(out, func(x, y stats.Tally) int { return cmp.Compare(x.Name, y.Name) })
	return out
}

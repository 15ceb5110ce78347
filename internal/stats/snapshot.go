package stats

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// Snapshot gives what the run came to so far. Thresholds and health stand as they did at
// the last tick. It is for whoever looks on while the run goes on.
func (r *Recorder) Snapshot(now time.Time) *Load {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.load(r.peek(), End{Wall: now.Sub(r.options.Run.Start)}, r.options.Judge, &r.health)
}

// Load gives what was counted so far, judged as if it were all: thresholds and health
// are looked at for the last time. It changes nothing.
func (r *Recorder) Load(end End) *Load {
	r.mu.Lock()
	defer r.mu.Unlock()
	open := r.peek()
	health, judge := r.health, r.options.Judge.clone()
	health.end(r, open, end.Wall)
	judge.end(r, open, end)
	return r.load(open, end, judge, &health)
}

func (r *Recorder) load(open *sums, end End, judge *Judge, health *healthWatch) *Load {
	all := new(sums)
	all.merge(&r.total)
	all.merge(open)
	series, cells, endpoints, channels := r.registry.places()
	l := &Load{
		Run: r.options.Run, Profile: r.options.Profile, Environment: r.options.Environment, Part: r.options.Part, End: end,
		Iterations: all.iterations, Warmup: all.warmup, Requests: all.requests,
		Series: newSeries(all, series, cells), Seconds: r.seconds(open, cells, end.Wall),
		Thresholds: judge.Results(), Failures: r.failed(),
		Messages: all.messages.list(), ErrorCodes: all.codes.list(), Health: health.health,
	}
	l.Run.Targets = slices.Clone(l.Run.Targets)
	for i, reason := range DropReasons() {
		if n := all.drops[i]; n > 0 {
			l.Drops = append(l.Drops, Tally{string(reason), n})
		}
	}
	l.Endpoints = plainEndpoints(all, endpoints)
	l.Deliveries = deliverySummaries(all, channels, false)
	l.judge(all, judge, health)
	return l
}

// newSeries puts the cells of each series together.
func newSeries(all *sums, series []SeriesKey, cells []cellSpec) []Series {
	out := make([]Series, len(series))
	for i, key := range series {
		out[i].SeriesKey = key
		if i < len(all.counts) {
			out[i].Counts = all.counts[i].measured
		}
	}
	for i, c := range all.cells {
		if c != nil {
			out[cells[i].series].Histogram.Merge(&c.measured)
		}
	}
	return out
}

// seconds gives the closed ones, which never change, and the open one.
func (r *Recorder) seconds(now *sums, cells []cellSpec, wall time.Duration) []Second {
	out := slices.Clone(r.time.seconds)
	rest := wall - time.Duration(r.time.closed)*time.Second
	open := r.time.second(max(int((rest+time.Second-1)/time.Second), 1), now, cells)
	if rest <= 0 && open.empty() {
		return out
	}
	return append(out, open)
}

func (s *Second) empty() bool {
	return s.Started == 0 && s.Ended == (Counts{}) && s.Requests == 0 && len(s.Samples)+len(s.Warmup) == 0
}

func (r *Recorder) failed() []Failure {
	r.failuresLock.Lock()
	defer r.failuresLock.Unlock()
	return r.failures.copies()
}

func plainEndpoints(all *sums, endpoints []*endpointPlaces) []Endpoint {
	var out []Endpoint
	for _, places := range endpoints {
		if places.place < len(all.endpoints) && all.endpoints[places.place] != nil {
			out = append(out, all.endpoints[places.place].plain(places.name))
		}
	}
	slices.SortFunc(out, func(a, b Endpoint) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

func (e *endpointSums) plain(name string) Endpoint {
	var codes names
	for _, c := range e.codes {
		label := strconv.Itoa(c.status)
		if c.status == noStatus {
			label = other
		}
		if c.count > 0 {
			codes = append(codes, Tally{label, c.count})
		}
	}
	return Endpoint{Name: name, Codes: codes.list(), Retries: e.retries.list(), Errors: e.errors.list()}
}

// deliverySummaries give what became of messages by channel, of the warm-up as well when
// they are asked to.
func deliverySummaries(all *sums, channels []*channelPlaces, warmup bool) []DeliverySummary {
	var out []DeliverySummary
	for _, places := range channels {
		if places.place >= len(all.deliveries) || all.deliveries[places.place] == nil {
			continue
		}
		results := make(tally)
		for i, kind := range deliveryKinds() {
			n := all.deliveries[places.place].measured[i]
			if warmup {
				n += all.deliveries[places.place].warmup[i]
			}
			if n > 0 {
				results[string(kind)] = n
			}
		}
		d := DeliverySummary{Channel: places.name, Results: results.list()}
		if places.cell < len(all.cells) && all.cells[places.cell] != nil {
			h := &all.cells[places.cell].measured
			if warmup {
				h = all.cells[places.cell].all()
			}
			d.Duration = NewTimes(h)
		}
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b DeliverySummary) int { return cmp.Compare(a.Channel, b.Channel) })
	return out
}

// noStatus stands for a status that means nothing.
const noStatus = -1

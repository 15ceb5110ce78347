package runfile

import (
	"cmp"
	"maps"
	"slices"

	"github.com/authbench/authbench/internal/hist"
	"github.com/authbench/authbench/internal/stats"
)

// piece is a second of one of the runs.
type piece struct {
	// run tells which, shift how far it is moved on the time line.
	run, shift int
	*stats.Second
	// places are those of its series in the merged load.
	places []int
}

func (p piece) from() int { return p.shift + p.Offset }
func (p piece) to() int   { return p.from() + p.Length }

// overlay lays seconds upon each other. Where runs were cut into seconds of different
// lengths, those that overlap become one.
func overlay(all []piece) []stats.Second {
	slices.SortStableFunc(all, func(a, b piece) int {
		return cmp.Or(cmp.Compare(a.from(), b.from()), cmp.Compare(a.run, b.run))
	})
	var out []stats.Second
	for len(all) > 0 {
		n, end := 1, all[0].to()
		for n < len(all) && all[n].from() < end {
			end = max(end, all[n].to())
			n++
		}
		out = append(out, join(all[:n], end))
		all = all[n:]
	}
	return out
}

// join makes one second of several. What runs have in flight adds up, at its highest.
func join(pieces []piece, end int) stats.Second {
	out := stats.Second{Offset: pieces[0].from(), Length: end - pieces[0].from()}
	type most struct{ inFlight, parked int }
	highest := map[int]most{}
	samples, warmup := map[int]*hist.Histogram{}, map[int]*hist.Histogram{}
	for _, p := range pieces {
		out.Wanted += p.Wanted * float64(p.Length) / float64(out.Length)
		out.Started += p.Started
		addCounts(&out.Ended, p.Ended)
		out.Reasons = tallies(out.Reasons, p.Reasons)
		out.Requests += p.Requests
		out.RateLimited += p.RateLimited
		h := highest[p.run]
		highest[p.run] = most{max(h.inFlight, p.InFlight), max(h.parked, p.Parked)}
		pour(samples, p.Samples, p.places)
		pour(warmup, p.Warmup, p.places)
	}
	for _, h := range highest {
		out.InFlight += h.inFlight
		out.Parked += h.parked
	}
	out.Samples, out.Warmup = sparse(samples), sparse(warmup)
	return out
}

func pour(into map[int]*hist.Histogram, from []stats.SecondSamples, places []int) {
	for _, s := range from {
		at := places[s.Series]
		if into[at] == nil {
			into[at] = new(hist.Histogram)
		}
		// What a file held was decoded when it was read, and a run makes nothing else.
		_ = into[at].AddSparse(s.Samples)
	}
}

func sparse(from map[int]*hist.Histogram) []stats.SecondSamples {
	var out []stats.SecondSamples
	for _, at := range slices.Sorted(maps.Keys(from)) {
		out = append(out, stats.SecondSamples{Series: at, Samples: from[at].Sparse()})
	}
	return out
}

package report

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/authbench/authbench/internal/hist"
	"github.com/authbench/authbench/internal/stats"
)

// maxPoints is how many points a line may have: about one for each pixel.
const maxPoints = 600

// point is some seconds of a run taken together.
type point struct {
	from     int
	to       float64
	seconds  []stats.Second
	wanted   float64
	started  uint64
	ended    stats.Counts
	reasons  map[string]uint64
	inFlight int
	parked   int
}

// length is in seconds. What is over lasted something.
func (p *point) length() float64 { return max(p.to-float64(p.from), 0.001) }

// points cuts seconds of l, the first ones or all, into equal stretches of a round
// number of seconds, at most maxPoints of them. Histograms are merged where they are
// read, so that percentiles stay exact however long the run is.
func points(l *stats.Load, seconds []stats.Second) []point {
	n := len(seconds)
	if n == 0 {
		return nil
	}
	wide := stride(seconds[n-1].Offset + seconds[n-1].Length)
	var out []point
	for i := 0; i < n; {
		from := seconds[i].Offset
		p := point{from: from, reasons: map[string]uint64{}}
		j := i
		for j < n && (seconds[j].Offset/wide == from/wide || scrap(l, &seconds[j])) {
			p.add(&seconds[j], passed(l, &seconds[j]))
			j++
		}
		p.seconds = seconds[i:j]
		i = j
		out = append(out, p)
	}
	for i := range out {
		out[i].wanted /= out[i].length()
	}
	return out
}

// closedSeconds are those that are over while the run goes on: numbers of one that has
// just begun would read as a fall.
func closedSeconds(l *stats.Load) []stats.Second {
	n := len(l.Seconds)
	if n > 0 && open(l, &l.Seconds[n-1]) {
		return l.Seconds[:n-1]
	}
	return l.Seconds
}

func open(l *stats.Load, s *stats.Second) bool {
	return time.Duration(s.Offset+s.Length)*time.Second > l.Wall
}

// passed is how much of s the run lasted, in seconds.
func passed(l *stats.Load, s *stats.Second) float64 {
	if rest := l.Wall.Seconds() - float64(s.Offset); rest > 0 {
		return min(rest, float64(s.Length))
	}
	return float64(s.Length)
}

// scrap reports whether s is the last bit of a run, too short to have a rate of its own.
func scrap(l *stats.Load, s *stats.Second) bool { return passed(l, s) < 0.5 }

func (p *point) add(s *stats.Second, length float64) {
	p.to = float64(s.Offset) + length
	p.wanted += s.Wanted * length
	p.started += s.Started
	p.ended.Success += s.Ended.Success
	p.ended.Failure += s.Ended.Failure
	p.ended.Error += s.Ended.Error
	p.ended.Skipped += s.Ended.Skipped
	p.ended.Aborted += s.Ended.Aborted
	p.ended.Dropped += s.Ended.Dropped
	for _, r := range s.Reasons {
		p.reasons[r.Name] += r.Count
	}
	p.inFlight, p.parked = max(p.inFlight, s.InFlight), max(p.parked, s.Parked)
}

// stride is how many seconds one point has: a number that people count in.
func stride(seconds int) int {
	for _, n := range []int{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800} {
		if seconds <= n*maxPoints {
			return n
		}
	}
	return seconds/maxPoints + 1
}

// quantiles reads quantiles of one series off each point, in milliseconds.
func quantiles(all []point, series int, of ...float64) [][]float64 {
	out := make([][]float64, len(of))
	for i := range out {
		out[i] = make([]float64, len(all))
	}
	var h hist.Histogram
	for at := range all {
		h.Reset()
		for i := range all[at].seconds {
			pour(&h, all[at].seconds[i].Samples, series)
			pour(&h, all[at].seconds[i].Warmup, series)
		}
		for i, q := range of {
			out[i][at] = math.NaN()
			if h.Count() > 0 {
				out[i][at] = float64(h.Quantile(q)) / float64(time.Millisecond)
			}
		}
	}
	return out
}

func pour(h *hist.Histogram, samples []stats.SecondSamples, series int) {
	for _, s := range samples {
		if s.Series == series {
			// A run makes whole histograms, and a file's were decoded when it was read.
			_ = h.AddSparse(s.Samples)
		}
	}
}

// maxReasons is how many reasons have a colour of their own.
const maxReasons = 5

// reasonRows gives the reasons by weight, each with its number a second in each point.
func reasonRows(all []point) (names []string, rows [][]float64) {
	total := map[string]uint64{}
	for i := range all {
		for name, n := range all[i].reasons {
			total[name] += n
		}
	}
	names = slices.SortedFunc(maps.Keys(total), func(a, b string) int {
		return cmp.Or(cmp.Compare(total[b], total[a]), cmp.Compare(a, b))
	})
	shown := min(len(names), maxReasons)
	rows = make([][]float64, shown)
	for i, name := range names[:shown] {
		rows[i] = make([]float64, len(all))
		for at := range all {
			rows[i][at] = float64(all[at].reasons[name]) / all[at].length()
		}
	}
	if shown == len(names) {
		return names, rows
	}
	rest := make([]float64, len(all))
	for at := range all {
		for _, name := range names[shown:] {
			rest[at] += float64(all[at].reasons[name]) / all[at].length()
		}
	}
	return append(slices.Clone(names[:shown]), "other"), append(rows, rest)
}

package compare

import (
	"maps"
	"math"
	"time"

	"github.com/authbench/authbench/internal/hist"
	"github.com/authbench/authbench/internal/stats"
)

// samples is a run as the estimates need it: each series second by second.
type samples struct {
	load   *stats.Load
	series map[Subject]*series
	errors cluster
}

type series struct {
	*stats.Series
	seconds []hist.Sparse
}

func newSamples(l *stats.Load) *samples {
	out := &samples{load: l, series: map[Subject]*series{}}
	places := make([]*series, len(l.Series))
	for i := range l.Series {
		s := &l.Series[i]
		places[i] = &series{Series: s}
		out.series[Subject{s.Measure, s.Scenario, s.Step, s.Channel}] = places[i]
	}
	for i := range l.Seconds {
		second := &l.Seconds[i]
		for _, s := range second.Samples {
			if s.Series >= 0 && s.Series < len(places) {
				places[s.Series].seconds = append(places[s.Series].seconds, s.Samples)
			}
		}
		bad := second.Ended.Failure + second.Ended.Error
		if n := bad + second.Ended.Success; n > 0 {
			out.errors.add(float64(bad), float64(n))
		}
	}
	return out
}

func (s *samples) estimates(of Subject, z float64) map[Quantity]Estimate {
	out := map[Quantity]Estimate{}
	if of == whole() {
		out[ErrorRatio] = s.ratio(s.load.Iterations, z)
		out[Rate] = s.rate(z)
		return out
	}
	x := s.series[of]
	if x == nil {
		return out
	}
	maps.Copy(out, x.quantiles(z))
	out[ErrorRatio] = s.ratio(s.outcomes(of), z)
	return out
}

// outcomes are those of a step, or of the iterations of a scenario.
func (s *samples) outcomes(of Subject) stats.Counts {
	if of.Measure == stats.MeasureResponse {
		of.Measure = stats.MeasureIteration
	}
	if x := s.series[of]; x != nil {
		return x.Counts
	}
	return stats.Counts{}
}

// rate has the interval of arrivals at random. Those that are evenly spaced vary less.
func (s *samples) rate(z float64) Estimate {
	n := s.load.Iterations
	ended := float64(n.Success + n.Failure + n.Error)
	seconds := s.load.Wall.Seconds() - s.load.Profile.Warmup.Seconds()
	if seconds <= 0 || ended == 0 {
		return Estimate{}
	}
	out := Estimate{Value: ended / seconds, Samples: uint64(ended)}
	out.Low, out.High = max(0, out.Value-z*math.Sqrt(ended)/seconds), out.Value+z*math.Sqrt(ended)/seconds
	return out
}

// ratio is Wilson's interval, over as many samples as there would be if errors did not
// come in bursts.
func (s *samples) ratio(n stats.Counts, z float64) Estimate {
	bad, all := float64(n.Failure+n.Error), float64(n.Success+n.Failure+n.Error)
	if all == 0 {
		return Estimate{}
	}
	p := bad / all
	out := Estimate{Value: p, Low: p, High: p, Samples: uint64(all)}
	if all < fewest {
		return out
	}
	size := all / s.errors.design()
	middle := (p + z*z/(2*size)) / (1 + z*z/size)
	half := z * math.Sqrt(p*(1-p)/size+z*z/(4*size*size)) / (1 + z*z/size)
	out.Low, out.High = min(p, max(0, middle-half)), max(p, min(1, middle+half))
	return out
}

// fewest is from how many samples beyond a quantile, and from how many seconds, its
// interval means something.
const fewest = 20

func (x *series) quantiles(z float64) map[Quantity]Estimate {
	ps := []struct {
		Quantity
		p float64
	}{{P50, 0.5}, {P95, 0.95}, {P99, 0.99}}
	bounds := make([]time.Duration, len(ps))
	clusters := make([]cluster, len(ps))
	for i, q := range ps {
		bounds[i] = x.Histogram.Quantile(q.p)
	}
	var second hist.Histogram
	for _, sparse := range x.seconds {
		second.Reset()
		if second.AddSparse(sparse) != nil {
			continue
		}
		for i, n := range below(&second, bounds) {
			clusters[i].add(float64(n), float64(second.Count()))
		}
	}
	out := map[Quantity]Estimate{}
	for i, q := range ps {
		e := Estimate{Value: milliseconds(bounds[i]), Samples: x.Histogram.Count()}
		e.Low, e.High = e.Value, e.Value
		if float64(e.Samples)*(1-q.p) >= fewest && len(x.seconds) >= fewest {
			// Woodruff: the interval of the share below the quantile, read off as times.
			half := z * clusters[i].deviation()
			e.Low = min(e.Value, milliseconds(x.Histogram.Quantile(q.p-half)))
			e.High = max(e.Value, milliseconds(x.Histogram.Quantile(q.p+half)))
			// A bucket is as narrow as times are known.
			e.Low, e.High = e.Low*(1-bucketError), e.High*(1+bucketError)
		}
		out[q.Quantity] = e
	}
	return out
}

// bucketError is how far a quantile may be off for being read from a histogram.
const bucketError = 0.0027

// below counts, for each bound, the durations at or below it.
func below(h *hist.Histogram, bounds []time.Duration) []uint64 {
	out := make([]uint64, len(bounds))
	for b := range h.Buckets() {
		middle := min(max(b.Middle(), h.Min()), h.Max())
		for i, bound := range bounds {
			if middle <= bound {
				out[i] += b.Count
			}
		}
	}
	return out
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

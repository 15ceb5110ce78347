// Package statstest makes up load runs for tests of whatever reads them: deterministic,
// of any length, with the numbers of a run that could have been.
//
// It is for tests alone. Start at [Make].
package statstest

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/authbench/authbench/internal/hist"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

// Shape is what kind of run to make up. Equal shapes give equal runs.
type Shape struct {
	Seed uint64
	// Seconds is how long it runs, Rate how many iterations a second at the most.
	Seconds int
	Rate    float64
	// Slower stretches every duration, 0 is as 1.
	Slower float64
	// Incident makes the target slow and faulty for a tenth of the run.
	Incident bool
	// Part is that of a run in parts.
	Part stats.Part
	// Later is how much later than others the run starts.
	Later time.Duration
	// Length is how many seconds are kept together, 0 is as 1.
	Length int
}

// Noon is when runs start.
func Noon() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// Make makes up a run.
func Make(s Shape) *stats.Load {
	if s.Slower == 0 {
		s.Slower = 1
	}
	s.Length = max(s.Length, 1)
	m := &maker{
		Shape: s, random: rand.New(rand.NewPCG(s.Seed, uint64(s.Part.Index)+1)), series: plan(), load: describe(s),
		reasons: map[result.Reason]uint64{},
	}
	m.sums = make([]hist.Histogram, len(m.series))
	m.counts = make([]stats.Counts, len(m.series))
	for at := 0; at < s.Seconds; at += s.Length {
		m.second(at, min(s.Length, s.Seconds-at))
	}
	m.finish()
	return m.load
}

type maker struct {
	Shape
	random  *rand.Rand
	load    *stats.Load
	series  []shape
	sums    []hist.Histogram
	counts  []stats.Counts
	reasons map[result.Reason]uint64
}

// shape is a series and how its samples lie: log-normal.
type shape struct {
	stats.SeriesKey
	median time.Duration
	spread float64
	waits  bool // on a delivery, which no incident of the target slows down
}

func plan() []shape {
	const signIn, update = "sign_in", "update_phone"
	key := func(m stats.Measure, scenario, step string) stats.SeriesKey {
		return stats.SeriesKey{Measure: m, Scenario: scenario, Step: step}
	}
	ms := time.Millisecond
	return []shape{
		{key(stats.MeasureResponse, signIn, ""), 46 * ms, 0.3, false},
		{key(stats.MeasureIteration, signIn, ""), 45 * ms, 0.3, false},
		{key(stats.MeasureStep, signIn, "start"), 12 * ms, 0.35, false},
		{key(stats.MeasureStep, signIn, "verify"), 21 * ms, 0.4, false},
		{key(stats.MeasureStep, signIn, "me"), 5 * ms, 0.3, false},
		{key(stats.MeasureResponse, update, ""), 1300 * ms, 0.25, false},
		{key(stats.MeasureIteration, update, ""), 1290 * ms, 0.25, false},
		{key(stats.MeasureWait, update, ""), 1210 * ms, 0.3, true},
		{key(stats.MeasureStep, update, "change"), 18 * ms, 0.35, false},
		{key(stats.MeasureStepWait, update, "sms"), 1200 * ms, 0.3, true},
		{key(stats.MeasureStep, update, "verify"), 24 * ms, 0.4, false},
		{stats.SeriesKey{Measure: stats.MeasureDelivery, Channel: "sms"}, 1200 * ms, 0.3, true},
		{stats.SeriesKey{Measure: stats.MeasureLateness}, 200 * time.Microsecond, 0.8, true},
	}
}

// warmup is a tenth of the run, at most half a minute.
func (s Shape) warmup() int { return min(s.Seconds/10, 30) }

// wanted ramps up for a fifth of the run and stays.
func (s Shape) wanted(at float64) float64 {
	ramp := float64(s.Seconds) / 5
	return s.Rate * min(1, at/max(ramp, 1))
}

func (s Shape) troubled(at int) bool {
	return s.Incident && at >= s.Seconds*6/10 && at < s.Seconds*7/10
}

func (m *maker) second(at, length int) {
	wanted := m.wanted(float64(at) + float64(length)/2)
	out := stats.Second{Offset: at, Length: length, Wanted: wanted}
	n := max(int(math.Round(wanted*float64(length)+m.random.NormFloat64()*0.3)), 0)
	warm := at < m.warmup()
	slow, faulty := m.Slower, 0.0
	if m.troubled(at) {
		slow, faulty = slow*(2.5+m.random.Float64()), 0.06
	}
	here := make([]hist.Histogram, len(m.series))
	for range n {
		m.iteration(&out, here, slow, faulty, warm)
	}
	out.Requests = out.Started * 3
	out.InFlight = int(wanted*0.45*slow) + m.random.IntN(4)
	out.Parked = int(wanted * 0.36)
	for i := range here {
		if here[i].Count() == 0 {
			continue
		}
		samples := stats.SecondSamples{Series: i, Samples: here[i].Sparse()}
		if warm {
			out.Warmup = append(out.Warmup, samples)
			continue
		}
		out.Samples = append(out.Samples, samples)
		m.sums[i].Merge(&here[i])
	}
	if warm {
		addTo(&m.load.Warmup, out.Ended)
	} else {
		addTo(&m.load.Iterations, out.Ended)
	}
	m.load.Seconds = append(m.load.Seconds, out)
}

func (m *maker) iteration(out *stats.Second, here []hist.Histogram, slow, faulty float64, warm bool) {
	if faulty > 0 && m.random.Float64() < 0.1 {
		out.Ended.Dropped++
		return
	}
	out.Started++
	scenario, outcome := "sign_in", result.Success
	if m.random.Float64() < 0.3 {
		scenario = "update_phone"
	}
	chance := m.random.Float64()
	switch {
	case chance < faulty*0.7:
		outcome = result.Error
		m.reason(out, result.ReasonHTTP5xx)
	case chance < faulty:
		outcome = result.Failure
		m.reason(out, result.ReasonAssertion)
	case chance > 0.9995:
		outcome = result.Error
		m.reason(out, result.ReasonTimeout)
	}
	out.Ended.Add(outcome)
	for i, s := range m.series {
		if s.Scenario != "" && s.Scenario != scenario || s.Channel != "" && scenario != "update_phone" {
			continue
		}
		stretch := slow
		if s.waits {
			stretch = 1
		}
		d := float64(s.median) * stretch * math.Exp(m.random.NormFloat64()*s.spread)
		here[i].Record(time.Duration(d))
		if !warm && (s.Measure == stats.MeasureIteration || s.Measure == stats.MeasureStep) {
			m.counts[i].Add(outcome)
		}
	}
}

func (m *maker) reason(out *stats.Second, r result.Reason) {
	m.reasons[r]++
	for i := range out.Reasons {
		if out.Reasons[i].Name == string(r) {
			out.Reasons[i].Count++
			return
		}
	}
	out.Reasons = append(out.Reasons, stats.Tally{Name: string(r), Count: 1})
}

func addTo(sum *stats.Counts, n stats.Counts) {
	sum.Success += n.Success
	sum.Failure += n.Failure
	sum.Error += n.Error
	sum.Skipped += n.Skipped
	sum.Aborted += n.Aborted
	sum.Dropped += n.Dropped
}

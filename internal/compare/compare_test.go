package compare_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/compare"
	"github.com/authbench/authbench/internal/hist"
	"github.com/authbench/authbench/internal/stats"
	"github.com/authbench/authbench/internal/stats/statstest"
)

// drift makes a run whose medians wander from second to second, as those of real
// services do. The median is 20 ms, stretched.
func drift(seed uint64, seconds, rate int, stretch, memory float64) *stats.Load {
	random := rand.New(rand.NewPCG(seed, 1))
	l := &stats.Load{
		End:    stats.End{Wall: time.Duration(seconds) * time.Second},
		Series: make([]stats.Series, 1),
	}
	l.Series[0].SeriesKey = stats.SeriesKey{Measure: stats.MeasureStep, Scenario: "s", Step: "t"}
	state := 0.0
	for at := range seconds {
		state = memory*state + math.Sqrt(1-memory*memory)*0.1*random.NormFloat64()
		var h hist.Histogram
		for range rate {
			h.Record(time.Duration(20e6 * stretch * math.Exp(state+0.4*random.NormFloat64())))
		}
		l.Series[0].Histogram.Merge(&h)
		n := stats.Counts{Success: uint64(rate)}
		l.Iterations.Success += n.Success
		l.Seconds = append(l.Seconds, stats.Second{
			Offset: at, Length: 1, Ended: n, Samples: []stats.SecondSamples{{Samples: h.Sparse()}},
		})
	}
	l.Series[0].Counts = l.Iterations
	return l
}

// quantileOf is the true one of drift: log-normal, with both variances.
func quantileOf(z float64) float64 { return 20 * math.Exp(z*math.Hypot(0.4, 0.1)) }

// TestCoverage counts how often the interval of a quantile holds the truth. One that
// took samples for independent would hold it in less than half of the cases.
func TestCoverage(t *testing.T) {
	t.Parallel()
	const runs = simulations * 3 / 2
	truth := map[compare.Quantity]float64{
		compare.P50: quantileOf(0), compare.P95: quantileOf(1.6449), compare.P99: quantileOf(2.3263),
	}
	for _, memory := range []float64{0, 0.5} {
		held := map[compare.Quantity]int{}
		for seed := range uint64(runs) {
			l := drift(seed, 120, 60, 1, memory)
			// A family of six lines: each is sure to 1 - 0.3/6 = 0.95.
			for _, row := range compare.Trend([]*stats.Load{l}, compare.Options{Confidence: 0.7}) {
				if want, known := truth[row.Quantity]; known && row.Values[0].Low <= want && want <= row.Values[0].High {
					held[row.Quantity]++
				}
			}
		}
		for q := range truth {
			if share := float64(held[q]) / runs; share < 0.90 {
				t.Errorf("memory %v, %s: the interval holds the truth in %.1f %%", memory, q, 100*share)
			}
		}
	}
}

// TestFalseAlarms compares runs of which nothing differs.
func TestFalseAlarms(t *testing.T) {
	t.Parallel()
	alarms := 0
	for seed := range uint64(simulations) {
		c := compare.Diff(drift(2*seed, 60, 40, 1, 0.5), drift(2*seed+1, 60, 40, 1, 0.5), compare.Options{})
		if c.Regressed() {
			alarms++
		}
	}
	if alarms > simulations/20 {
		t.Errorf("%d of %d comparisons raise a false alarm, at most 5 %% may", alarms, simulations)
	}
}

// TestPower compares with runs that are a fifth slower.
func TestPower(t *testing.T) {
	t.Parallel()
	found := 0
	for seed := range uint64(50) {
		if compare.Diff(drift(2*seed, 60, 40, 1, 0.5), drift(2*seed+1, 60, 40, 1.2, 0.5), compare.Options{}).Regressed() {
			found++
		}
	}
	if found < 45 {
		t.Errorf("a slowdown of 20 %% is seen in %d of 50 comparisons", found)
	}
}

func verdicts(c *compare.Comparison) map[string]compare.Verdict {
	out := map[string]compare.Verdict{}
	for _, l := range c.Lines {
		out[string(l.Measure)+" "+l.Scenario+l.Channel+" "+l.Step+" "+string(l.Quantity)] = l.Verdict
	}
	return out
}

func TestDiff(t *testing.T) {
	t.Parallel()
	shape := statstest.Shape{Seed: 1, Seconds: 120, Rate: 60}
	a := statstest.Make(shape)
	shape.Seed, shape.Slower = 2, 1.3
	b := statstest.Make(shape)
	got := verdicts(compare.Diff(a, b, compare.Options{}))
	for name, want := range map[string]compare.Verdict{
		"step sign_in verify p50":    compare.Slower,
		"step sign_in verify p95":    compare.Slower,
		"response sign_in  p50":      compare.Slower,
		"delivery sms  p50":          compare.Same,
		"iteration   error_ratio":    compare.Same,
		"step update_phone sms p50":  "",
		"lateness   p50":             "",
		"step sign_in start p50":     compare.Slower,
		"step update_phone verify p": "",
	} {
		if got[name] != want {
			t.Errorf("%s: got %q, want %q", name, got[name], want)
		}
	}
	back := verdicts(compare.Diff(b, a, compare.Options{}))
	if back["step sign_in verify p50"] != compare.Faster {
		t.Errorf("the other way round: got %s", back["step sign_in verify p50"])
	}
	if c := compare.Diff(a, a, compare.Options{}); c.Regressed() || len(c.Notes) > 0 {
		t.Errorf("a run beside itself: regressed %v, notes %q", c.Regressed(), c.Notes)
	}
}

func TestIncidentIsWorse(t *testing.T) {
	t.Parallel()
	shape := statstest.Shape{Seed: 1, Seconds: 200, Rate: 60}
	a := statstest.Make(shape)
	shape.Incident = true
	c := compare.Diff(a, statstest.Make(shape), compare.Options{})
	if !c.Regressed() {
		t.Error("an incident is no regression")
	}
}

func TestTooLittle(t *testing.T) {
	t.Parallel()
	a, b := drift(1, 8, 10, 1, 0), drift(2, 8, 10, 3, 0)
	for _, l := range compare.Diff(a, b, compare.Options{}).Lines {
		if l.Measure == stats.MeasureStep && l.Quantity != compare.ErrorRatio && l.Verdict != compare.NotEnough {
			t.Errorf("%s of eight seconds: got %s", l.Quantity, l.Verdict)
		}
	}
	empty := new(stats.Load)
	whole := drift(1, 60, 40, 1, 0)
	if !compare.Diff(empty, a, compare.Options{}).Blind() || compare.Diff(whole, whole, compare.Options{}).Blind() {
		t.Error("nothing can be told beside nothing, and of 2,400 samples something can")
	}
	for _, l := range compare.Diff(empty, empty, compare.Options{}).Lines {
		if l.Verdict != compare.NotEnough {
			t.Errorf("%s of nothing: got %s", l.Quantity, l.Verdict)
		}
	}
}

// TestOnlyInOne loses a step and a scenario on the way, and wins a channel: what was
// not compared is told, and is not taken for good.
func TestOnlyInOne(t *testing.T) {
	t.Parallel()
	a, b := statstest.Make(statstest.Shape{Seed: 1, Seconds: 60, Rate: 40}), statstest.Make(statstest.Shape{Seed: 2, Seconds: 60, Rate: 40})
	for i := range b.Series {
		s := &b.Series[i]
		switch {
		case s.Measure == stats.MeasureStep && s.Scenario == "sign_in" && s.Step == "verify":
			s.Step = "check"
		case s.Measure == stats.MeasureResponse && s.Scenario == "sign_in":
			s.Histogram.Reset()
			s.Counts = stats.Counts{}
		}
	}
	c := compare.Diff(a, b, compare.Options{})
	got := verdicts(c)
	for name, want := range map[string]compare.Verdict{
		"step sign_in verify p95": compare.OnlyA, "step sign_in verify error_ratio": compare.OnlyA,
		"step sign_in check p95": compare.OnlyB, "response sign_in  p50": compare.OnlyA,
		"step sign_in start p50": compare.Same,
	} {
		if got[name] != want {
			t.Errorf("%s: got %q, want %q", name, got[name], want)
		}
	}
	if c.Regressed() || !c.Missing() || c.Blind() {
		t.Errorf("got regressed %v, missing %v, blind %v", c.Regressed(), c.Missing(), c.Blind())
	}
	if c := compare.Diff(a, a, compare.Options{}); c.Missing() {
		t.Error("a run lacks something of itself")
	}
	if c := compare.Diff(a, new(stats.Load), compare.Options{}); !c.Missing() || !c.Blind() {
		t.Error("beside an empty run nothing is missing")
	}
	if c := compare.Diff(new(stats.Load), a, compare.Options{}); c.Missing() || !c.Blind() {
		t.Error("an empty run has what the other lacks")
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	a := statstest.Make(statstest.Shape{Seed: 1, Seconds: 2, Rate: 1})
	b := statstest.Make(statstest.Shape{Seed: 1, Seconds: 2, Rate: 1})
	b.Profile.PlanHash, b.Environment.Go, b.Verdict, b.Run.Targets = "x", "go1.27", stats.Inconclusive, nil
	want := []string{
		"The plans differ, so a difference may be that of the plans.",
		"The generators ran in different environments.", "The targets differ.",
		"The run of 2026-03-01 12:00 is inconclusive: its numbers may be those of the generator.",
	}
	if d := cmp.Diff(compare.Diff(a, b, compare.Options{}).Notes, want); d != "" {
		t.Errorf("(-got +want):\n%s", d)
	}
}

func TestTrend(t *testing.T) {
	t.Parallel()
	loads := []*stats.Load{drift(1, 60, 40, 1, 0), drift(2, 60, 40, 1.1, 0), drift(3, 60, 40, 1.4, 0)}
	for _, row := range compare.Trend(loads, compare.Options{}) {
		if row.Quantity == compare.P95 && (row.Verdict != compare.Slower || len(row.Values) != 3 || row.Change < 0.3) {
			t.Errorf("got %+v", row)
		}
	}
	if rows := compare.Trend(nil, compare.Options{}); rows != nil {
		t.Errorf("got %v", rows)
	}
}

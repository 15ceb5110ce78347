// Package compare tells whether one load run was slower than another, and how sure that
// is.
//
// Every number has an interval that takes into account that samples of the same second,
// and of the seconds next to it, are alike; docs/decisions/0012-comparing-runs.md says
// how. The package draws no random numbers: the same runs give the same answer. It
// reads nothing and shows nothing. Start at [Diff] and [Trend].
package compare

import (
	"fmt"
	"slices"

	"github.com/authbench/authbench/internal/stats"
)

// Subject is what is compared: a series of both runs.
type Subject struct {
	Measure stats.Measure
	// Scenario is empty for deliveries and for the run as a whole, Step for all but
	// steps, Channel for all but deliveries.
	Scenario, Step, Channel string
}

// Quantity is which number of a subject.
type Quantity string

// The quantities. Quantiles are in milliseconds, the error ratio is from 0 to 1, the
// rate in iterations a second.
const (
	P50        Quantity = "p50"
	P95        Quantity = "p95"
	P99        Quantity = "p99"
	ErrorRatio Quantity = "error_ratio"
	Rate       Quantity = "rate"
)

// Verdict is what a comparison came to.
type Verdict string

// The verdicts. Slower and Worse are regressions.
const (
	Faster Verdict = "faster"
	Slower Verdict = "slower"
	Better Verdict = "better"
	Worse  Verdict = "worse"
	// Same says that a difference that matters is ruled out.
	Same Verdict = "same"
	// NotEnough says that neither a difference nor its absence can be told.
	NotEnough Verdict = "not_enough_data"
	// OnlyA and OnlyB say that the other run has no such number.
	OnlyA Verdict = "only_in_a"
	OnlyB Verdict = "only_in_b"
)

// Estimate is a number of one run with its interval.
type Estimate struct {
	Value, Low, High float64
	// Samples is how many it is made of. With too few the interval is unknown, and Low
	// and High are both Value.
	Samples uint64
}

// Line is one quantity of one subject in both runs.
type Line struct {
	Subject
	Quantity Quantity
	A, B     Estimate
	// Change is how much greater B is: as a share of A for quantiles and rates, as the
	// plain difference for error ratios. Low and High are the ends of its interval.
	// All are 0 where a run has no such number.
	Change, Low, High float64
	Verdict           Verdict
}

// Options say what counts as a difference. The zero value is good.
type Options struct {
	// Confidence is how sure all lines are together, 0.95 by default.
	Confidence float64
	// Tolerance is the change that does not matter: a share for quantiles and rates,
	// 0.05 by default. For error ratios it is a tenth of that, as a difference.
	Tolerance float64
}

func (o Options) confidence() float64 {
	if o.Confidence > 0 && o.Confidence < 1 {
		return o.Confidence
	}
	return 0.95
}

func (o Options) tolerance(q Quantity) float64 {
	t := o.Tolerance
	if !(t > 0) {
		t = 0.05
	}
	if q == ErrorRatio {
		return t / 10
	}
	return t
}

// Comparison is what became of a second run beside a first.
type Comparison struct {
	Lines []Line
	// Confidence and Tolerance are those that were used.
	Confidence, Tolerance float64
	// Notes tell why the runs are not quite alike, one sentence each.
	Notes []string
}

// Regressed reports whether a line is slower or worse.
func (c *Comparison) Regressed() bool {
	return slices.ContainsFunc(c.Lines, func(l Line) bool { return l.Verdict.Regression() })
}

// Blind reports whether nothing at all could be told.
func (c *Comparison) Blind() bool {
	return !slices.ContainsFunc(c.Lines, func(l Line) bool {
		return l.Verdict != NotEnough && l.Verdict != OnlyA && l.Verdict != OnlyB
	})
}

// Missing reports whether the second run lacks numbers that the first has: whether it
// regressed there is not known.
func (c *Comparison) Missing() bool {
	return slices.ContainsFunc(c.Lines, func(l Line) bool { return l.Verdict == OnlyA })
}

// Regression reports whether a verdict is bad news.
func (v Verdict) Regression() bool { return v == Slower || v == Worse }

// Diff compares b with a. Lines are in the order of a; what only one of
// them has comes last.
func Diff(a, b *stats.Load, o Options) *Comparison {
	out := &Comparison{Confidence: o.confidence(), Tolerance: o.tolerance(P50), Notes: notes(a, b)}
	both, one := shared(a, b)
	// Bonferroni: each line is so sure that all together are as sure as asked for.
	z := normal(1 - (1-out.Confidence)/2/float64(max(1, lines(both))))
	from, to := newSamples(a), newSamples(b)
	for _, s := range append(both, one...) {
		ea, eb := from.estimates(s, z), to.estimates(s, z)
		for _, q := range quantities(s) {
			out.Lines = append(out.Lines, beside(line(s, q, ea[q], eb[q], o.tolerance(q))))
		}
	}
	return out
}

// beside tells a number that one run lacks from one of which too little is known.
func beside(l Line) Line {
	switch {
	case l.A.Samples > 0 && l.B.Samples == 0:
		l.Verdict = OnlyA
	case l.A.Samples == 0 && l.B.Samples > 0:
		l.Verdict = OnlyB
	default:
		return l
	}
	l.Change, l.Low, l.High = 0, 0, 0
	return l
}

// whole is the subject of numbers that belong to a run.
func whole() Subject { return Subject{Measure: stats.MeasureIteration} }

// shared lists the subjects that both runs have, and those that one of them has.
func shared(a, b *stats.Load) (both, one []Subject) {
	both = []Subject{whole()}
	of, other := subjects(a), subjects(b)
	for _, s := range of {
		if slices.Contains(other, s) {
			both = append(both, s)
		} else {
			one = append(one, s)
		}
	}
	for _, s := range other {
		if !slices.Contains(of, s) {
			one = append(one, s)
		}
	}
	return both, one
}

// subjects lists what is worth comparing: what users wait for, not what it is made of.
func subjects(l *stats.Load) []Subject {
	var out []Subject
	for i := range l.Series {
		s := &l.Series[i]
		switch s.Measure {
		case stats.MeasureResponse, stats.MeasureStep, stats.MeasureDelivery:
			out = append(out, Subject{s.Measure, s.Scenario, s.Step, s.Channel})
		}
	}
	return out
}

func quantities(s Subject) []Quantity {
	switch {
	case s == whole():
		return []Quantity{ErrorRatio, Rate}
	case s.Measure == stats.MeasureDelivery:
		return []Quantity{P50, P95, P99}
	}
	return []Quantity{P50, P95, P99, ErrorRatio}
}

func lines(all []Subject) int {
	n := 0
	for _, s := range all {
		n += len(quantities(s))
	}
	return n
}

func notes(a, b *stats.Load) []string {
	var out []string
	add := func(different bool, format string, args ...any) {
		if different {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	add(a.Profile.PlanHash != b.Profile.PlanHash, "The plans differ, so a difference may be that of the plans.")
	add(a.Environment != b.Environment, "The generators ran in different environments.")
	add(!slices.EqualFunc(a.Run.Targets, b.Run.Targets, sameTarget), "The targets differ.")
	for _, l := range []*stats.Load{a, b} {
		add(l.Verdict == stats.Inconclusive && !l.Truncated, "The run of %s is inconclusive: its numbers may be those of the generator.",
			l.Run.Start.UTC().Format("2006-01-02 15:04"))
		add(l.Truncated, "The file of the run of %s ends early, so not all of it is compared.", l.Run.Start.UTC().Format("2006-01-02 15:04"))
	}
	return out
}

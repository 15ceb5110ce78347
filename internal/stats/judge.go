package stats

import (
	"slices"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
)

// Threshold is a condition on the numbers of a load run. True means good.
type Threshold struct {
	Name string
	// Condition and Message refer to the root metrics. Text is the condition as it
	// stands in the file.
	Condition, Message *eval.Expr
	Text               string
	// Window is how far back the numbers reach, 0 for all since the warm-up. After is
	// when judging begins, counted from the end of the warm-up.
	Window, After time.Duration
	// Abort ends the run when the condition breaks.
	Abort bool
	// MinSamples is how many samples each number that is referred to must have.
	MinSamples uint64
}

// Judge evaluates thresholds. Nil is a judge without any. It belongs to one [Recorder].
//
// A threshold with a window, or one that ends the run, is broken for good when it breaks
// once. Any other is on all numbers of the run, so what they are at the end decides. A
// number without samples, or with fewer than asked for, is not judged; when that is so
// at the end the threshold has no data, which fails. How many were scheduled or carried
// out is always data: none is zero. What silence says to a window is told at
// [judgement.silent] and [judgement.last], what becomes of seconds with fewer samples than
// are asked for at [judgement.rest].
type Judge struct {
	globals *eval.Globals
	// kind is the type of the root metrics.
	kind  cty.Type
	cases []*judgement
}

// judgement is a threshold and what became of it so far.
type judgement struct {
	Threshold
	refs   []metricRef
	wanted []func(SeriesKey) bool
	result ThresholdResult
	// final tells that nothing changes it any more.
	final bool
	// seen is how many seconds were closed when it was judged last; few tells that it was
	// not at the last look, for want of samples.
	seen int
	few  bool
}

// NewJudge makes a judge. globals hold what conditions may refer to besides metrics,
// kind is the type of metrics that conditions were checked against.
func NewJudge(globals *eval.Globals, kind cty.Type, thresholds []Threshold) *Judge {
	j := &Judge{globals: globals, kind: kind}
	for _, t := range thresholds {
		c := &judgement{Threshold: t, result: ThresholdResult{
			Name: t.Name, Condition: t.Text, Verdict: NoData, Window: t.Window,
		}}
		c.refs = metricRefs(t.Condition)
		for _, r := range slices.Concat(c.refs, metricRefs(t.Message)) {
			c.wanted = append(c.wanted, r.wants)
		}
		j.cases = append(j.cases, c)
	}
	return j
}

// Results are what became of the thresholds so far, in their order.
func (j *Judge) Results() []ThresholdResult {
	if j == nil {
		return nil
	}
	out := make([]ThresholdResult, 0, len(j.cases))
	for _, c := range j.cases {
		r := c.result
		r.Observed = slices.Clone(r.Observed)
		out = append(out, r)
	}
	return out
}

// clone gives a judge that can go on for itself.
func (j *Judge) clone() *Judge {
	if j == nil {
		return nil
	}
	own := *j
	own.cases = make([]*judgement, len(j.cases))
	for i, c := range j.cases {
		copied := *c
		own.cases[i] = &copied
	}
	return &own
}

// reach is how far back, in seconds, the numbers of seconds are needed.
func (j *Judge) reach() int {
	longest := saturationSpan
	if j != nil {
		for _, c := range j.cases {
			longest = max(longest, c.Window)
			if c.Window > 0 && c.MinSamples > 1 {
				longest = max(longest, maxSeconds*time.Second)
			}
		}
	}
	return wholeSeconds(longest)
}

// judge evaluates all thresholds that are due, and reports whether one of them ends the
// run. The recorder is locked.
func (j *Judge) judge(r *Recorder, now *sums, elapsed time.Duration) (abort bool) {
	if j == nil {
		return false
	}
	for _, c := range j.cases {
		if since := elapsed - r.options.Profile.Warmup; c.final || since <= 0 || since < c.After {
			abort = abort || c.result.Aborted
			continue
		}
		if v := c.look(r, now, elapsed); !c.silent(r, now, v, elapsed) {
			before := c.result.Evaluated
			c.evaluate(j, v, elapsed)
			if c.few = c.result.Evaluated == before; !c.few {
				c.seen = r.time.closed
			}
		}
		abort = abort || c.result.Aborted
	}
	return abort
}

// end evaluates them for the last time. What somebody stopped has no last window. A run
// that came to the end of its schedule was ended by no threshold, although one that may do
// that can have broken when nothing was due any more.
func (j *Judge) end(r *Recorder, now *sums, end End) {
	j.judge(r, now, end.Wall)
	if j == nil {
		return
	}
	for _, c := range j.cases {
		if !end.Interrupted {
			c.last(j, r, now, end.Wall)
			c.result.Aborted = c.result.Aborted && end.Early != ""
		}
		if c.result.Verdict == NoData && c.result.Message == "" {
			c.result.Message = "The run ended before this threshold was judged."
		}
	}
}

// look gives the numbers that the threshold is about.
func (c *judgement) look(r *Recorder, now *sums, elapsed time.Duration) *view {
	if c.Window > 0 {
		return r.window(now, elapsed, c.Window, c.wants)
	}
	return r.whole(now, elapsed, c.wants)
}

// wants reports whether the threshold needs the samples of a series.
func (c *judgement) wants(key SeriesKey) bool {
	return slices.ContainsFunc(c.wanted, func(w func(SeriesKey) bool) bool { return w(key) })
}

func (c *judgement) evaluate(j *Judge, v *view, elapsed time.Duration) {
	observed := make([]Observed, 0, len(c.refs))
	for _, r := range c.refs {
		o := r.observe(v)
		observed = append(observed, o)
		if o.Samples < max(c.MinSamples, 1) && (c.MinSamples > 0 || !r.total()) {
			// What was known before still is; a cumulative number never loses samples.
			if c.result.Evaluated == 0 {
				c.result.Message = missing(o, c.MinSamples)
				c.result.Observed = observed
			}
			return
		}
	}
	scope := eval.NewMetricsScope(j.globals, metricsValue(j.kind, v))
	holds, fault := truth(c.Condition, scope)
	c.result.Evaluated++
	c.result.Observed = observed
	switch {
	case fault != "":
		c.result.Verdict, c.result.Message = NoData, "The condition could not be evaluated: "+fault
	case holds:
		c.result.Verdict, c.result.Message, c.result.BrokenAt = Passed, "", 0
	default:
		if c.result.Verdict != Failed {
			c.result.BrokenAt = elapsed
		}
		c.result.Verdict = Failed
		c.result.Message = words(c.Message, scope)
		c.result.Aborted = c.Abort
		c.final = c.Abort || c.Window > 0
	}
}

package stats

import (
	"fmt"
	"slices"
	"time"

	"github.com/authbench/authbench/internal/eval"
)

// silent breaks a threshold that is to end the run when nothing came to an end for as long
// as its window, although iterations were in flight in each second of it: a target that
// stopped answering makes no samples to judge. It says nothing where silence is nothing
// strange, which is in a window that is shorter than it takes for one iteration to be due,
// or than an iteration took that came to an end before.
func (c *judgement) silent(r *Recorder, now *sums, v *view, elapsed time.Duration) bool {
	if !c.Abort || c.Window == 0 || elapsed-r.options.Profile.Warmup < c.Window || !c.lacks(v) ||
		!r.hangs(now, c.Window) || r.longest(now) > c.Window {
		return false
	}
	if rate := r.pulse.Wanted; r.options.Profile.Open && rate*c.Window.Seconds() < 1 {
		return false
	}
	c.result.Evaluated++
	c.result.Observed = c.observe(v)
	c.result.Verdict, c.result.Aborted, c.result.BrokenAt, c.final = Failed, true, elapsed, true
	c.result.Message = fmt.Sprintf("No iteration ended within %s, although some were in flight all the time.", c.Window)
	return true
}

// last takes back what a threshold with a window was found to be when the window at the
// end of the schedule has no samples, although iterations were due or in flight in it: of
// how the run ended nothing is known then. The window reaches on to the end of the run, so
// that what was in flight counts when it ended well after all. An iteration that
// succeeded without making a sample, because it left a step out, is no sign of trouble.
func (c *judgement) last(j *Judge, r *Recorder, now *sums, elapsed time.Duration) {
	if c.Window == 0 || c.final {
		return
	}
	end := elapsed
	if planned := r.options.Profile.Duration; planned > 0 {
		end = min(end, planned)
	}
	from := int(end/time.Second) - wholeSeconds(c.Window)
	v := r.since(from, now, c.Window, c.wants)
	for _, ref := range c.refs {
		o := ref.observe(v)
		due := v.behind(ref.metricGroup)
		if o.Samples > 0 || ref.total() || due.Success > 0 || due.Scheduled() == due.Skipped {
			continue
		}
		c.result.Verdict, c.result.Observed = NoData, c.observe(v)
		c.result.Message = fmt.Sprintf("There are no samples of %s in the last %s of the schedule, although iterations were due.", o.Name, c.Window)
		return
	}
	if c.few && c.result.Verdict == Passed {
		c.rest(j, r, now, min(from, c.seen), elapsed)
	}
}

// rest judges what came after the last look that had the samples that are asked for, the
// last window of the schedule at least: together, and however few there are. A target that
// goes bad makes few samples, so that leaving them out would hide it. Fewer than are asked
// for prove nothing, so then the threshold is not broken: it has no data.
func (c *judgement) rest(j *Judge, r *Recorder, now *sums, from int, elapsed time.Duration) {
	if kept := r.time.details; len(kept) > 0 {
		from = max(from, kept[0].offset)
	}
	since := max(time.Duration(from)*time.Second, r.options.Profile.Warmup)
	v := r.since(from, now, elapsed-since, c.wants)
	if c.lacks(v) {
		return
	}
	scope := eval.NewMetricsScope(j.globals, metricsValue(j.kind, v))
	if holds, fault := truth(c.Condition, scope); holds && fault == "" {
		return
	}
	c.result.Evaluated++
	c.result.Observed = c.observe(v)
	c.result.Verdict, c.result.BrokenAt, c.result.Message = Failed, elapsed, words(c.Message, scope)
	for _, o := range c.result.Observed {
		if o.Samples < c.MinSamples {
			c.result.Verdict, c.result.BrokenAt = NoData, 0
			c.result.Message = fmt.Sprintf(
				"In the last %s there are %d samples of %s, fewer than the %d that are asked for, and the condition does not hold for them.",
				(elapsed - since).Round(time.Second), o.Samples, o.Name, c.MinSamples)
			return
		}
	}
}

// lacks reports whether a number of the condition has no samples.
func (c *judgement) lacks(v *view) bool {
	return slices.ContainsFunc(c.refs, func(r metricRef) bool { return !r.total() && r.observe(v).Samples == 0 })
}

func (c *judgement) observe(v *view) []Observed {
	out := make([]Observed, len(c.refs))
	for i, r := range c.refs {
		out[i] = r.observe(v)
	}
	return out
}

// hangs reports whether iterations were in flight in each of the last seconds that waited
// for no fixture, and not one ended.
func (r *Recorder) hangs(now *sums, back time.Duration) bool {
	from, some := r.time.closed-wholeSeconds(back), false
	for i := range r.time.details {
		d := &r.time.details[i]
		if d.offset+d.length <= from {
			continue
		}
		if some = true; d.running == 0 || d.ended.Started() > 0 {
			return false
		}
	}
	return some && now.iterations.Started()+now.warmup.Started() == 0
}

// longest is how long the longest iteration took of those that were judged.
func (r *Recorder) longest(now *sums) (most time.Duration) {
	series, cells, _, _ := r.registry.places()
	for _, s := range []*sums{&r.total, now} {
		for i, c := range s.cells {
			if c != nil && series[cells[i].series].Measure == MeasureIteration {
				most = max(most, c.measured.Quantile(1), c.warmup.Quantile(1))
			}
		}
	}
	return most
}

// behind are the iterations that the numbers of a group come from: those of its scenario,
// or of the scenarios that have its step.
func (v *view) behind(g metricGroup) (out Counts) {
	if g.kind != stepGroup {
		return v.executions(metricGroup{kind: iterationGroup, scenario: g.scenario})
	}
	for i, key := range v.series {
		if key.Measure == MeasureIteration && slices.ContainsFunc(v.series, func(k SeriesKey) bool {
			return k.Measure == MeasureStep && k.Scenario == key.Scenario && g.has(k)
		}) {
			out.merge(v.counts[i])
		}
	}
	return out
}

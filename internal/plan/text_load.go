package plan

import (
	"fmt"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/policy"
)

// load prints a profile: what runs, when, how much that is, and what stands in its way.
func (p *printer) load(l *loadView) {
	p.strong("%s  %s", pad("  # load."+l.Name, 70), l.Source)
	if l.Description != "" {
		p.line("    %s", l.Description)
	}
	p.row("runs", "%s", mixed(l.Mix))
	p.schedule(l)
	p.amount(l)
	p.row("in flight", "%s", room(l))
	for _, pr := range l.Providers {
		p.limits(l, &pr)
	}
	for _, t := range l.Thresholds {
		p.row("threshold", "%s: %s%s", t.Name, t.Condition, judged(&t))
		if p.Verbose {
			p.row("", "%s", t.ErrorMessage)
		}
	}
	if len(l.Thresholds) == 0 {
		p.row("threshold", "none: it fails on any failure or error")
	}
	for _, text := range l.Exceeded {
		p.row("limit", "%s", text)
	}
}

func (p *printer) row(label, format string, args ...any) {
	p.line("  %s %s", pad(label, 10), fmt.Sprintf(format, args...))
}

func mixed(mix []shareView) string {
	parts := make([]string, len(mix))
	for i, s := range mix {
		text := "scenario." + s.Scenario
		if len(s.Instances) == 1 {
			text = s.Instances[0]
		} else {
			text += fmt.Sprintf(" (%d instances)", len(s.Instances))
		}
		if len(mix) > 1 {
			text = fmt.Sprintf("%s %% %s", figure(100*s.Part), text)
		}
		parts[i] = text
	}
	return strings.Join(parts, ", ")
}

func (p *printer) schedule(l *loadView) {
	for i, st := range l.Stages {
		label := ""
		if i == 0 {
			label = "schedule"
		}
		way := fmt.Sprintf("from %s/s to %s/s over %s", figure(st.From), figure(st.Rate), st.Over)
		switch {
		case st.Over == 0:
			p.row(label, "%s  jump to %s/s", clock(st.Start), figure(st.Rate))
			continue
		case st.From == st.Rate:
			way = fmt.Sprintf("at %s/s for %s", figure(st.Rate), st.Over)
		}
		p.row(label, "%s  %s  %s, %s", clock(st.Start), pad(way, 34), many(st.Arrivals, "arrival"), many(st.Requests, "request"))
	}
	count, at := 0, time.Duration(0)
	for i, u := range l.Users {
		label := ""
		if i == 0 {
			label = "schedule"
		}
		way := fmt.Sprintf("from %d to %d users over %s", count, u.Count, u.Over)
		switch {
		case u.Over == 0:
			way = fmt.Sprintf("jump to %s", many(uint64(u.Count), "user"))
		case u.Count == count:
			way = fmt.Sprintf("%s for %s", many(uint64(u.Count), "user"), u.Over)
		}
		p.row(label, "%s  %s", clock(policy.Duration(at)), way)
		count, at = u.Count, at+u.Over.Std()
	}
}

// amount says what all of it comes to.
func (p *printer) amount(l *loadView) {
	p.row("in all", "%s", comesTo(l))
	if l.Model != modelArrivals {
		return
	}
	p.row("peak", "%s iterations/s, reached at %s%s", figure(l.PeakRate), clock(l.PeakAt), named("arrivals", l.Arrivals))
	if l.Warmup > 0 {
		p.row("warm-up", "%s, left out of thresholds and verdict", l.Warmup)
	}
}

// comesTo is what a profile runs and sends, as far as the file decides it.
func comesTo(l *loadView) string {
	each := fmt.Sprintf("%s and %s an iteration", some(l.EachSends.Requests, "request"), some(l.EachSends.Messages, "message"))
	if l.Model == modelUsers {
		return fmt.Sprintf("%s, as many iterations as the target lets %s run; %s", l.Duration, many(uint64(l.MostUsers), "user"), each)
	}
	text := fmt.Sprintf("%s, %s, %s", many(l.Iterations, "iteration"), many(l.Requests, "request"), many(l.Messages, "message"))
	if len(l.ByChannel) > 0 {
		parts := make([]string, len(l.ByChannel))
		for i, c := range l.ByChannel {
			parts[i] = fmt.Sprintf("%d %s", c.Messages, c.Channel)
		}
		text += " (" + strings.Join(parts, ", ") + ")"
	}
	if l.Model == modelIterations {
		return fmt.Sprintf("%s; %s", text, each)
	}
	about := ""
	if l.Arrivals == "poisson" {
		about = "about "
	}
	return fmt.Sprintf("%s, %s%s; %s", l.Duration, about, text, each)
}

// run sums a profile up in place of one pass over its scenarios.
func (p *printer) run(l *loadView) {
	text := comesTo(l)
	slowest := loadProviderView{}
	for _, pr := range l.Providers {
		if pr.limit > 0 && (slowest.limit == 0 || pr.atLeast > slowest.atLeast) {
			slowest = pr
		}
	}
	if slowest.limit > 0 {
		text += "; at most " + figure(slowest.limit) + " requests/s"
		if len(l.Providers) > 1 {
			text += " to " + slowest.Name
		}
		if l.Model != modelUsers {
			text += fmt.Sprintf(": at least %.1f s", slowest.atLeast)
		}
	}
	p.strong("Plan: %s.", text)
	for _, limit := range l.Exceeded {
		p.line("Limit: %s", limit)
	}
}

// room says how many iterations may run at a time, and for how long each of them may at
// the peak before there is no room.
func room(l *loadView) string {
	text := fmt.Sprintf("at most %d", l.MaxInFlight)
	if l.Model != modelArrivals {
		return text
	}
	then := map[string]string{
		string(OverflowDrop):  "arrivals are dropped",
		string(OverflowQueue): "arrivals wait",
		string(OverflowAbort): "the run is aborted",
	}[l.Overflow]
	seconds := float64(l.MaxInFlight) / l.PeakRate
	if seconds >= l.Duration.Std().Seconds() {
		return text + ", more than the schedule holds"
	}
	enough := time.Duration(seconds * float64(time.Second)).Round(time.Millisecond)
	if enough > time.Minute {
		enough = enough.Round(time.Second)
	}
	return fmt.Sprintf("%s: when iterations take longer than %s at the peak, %s", text, enough, then)
}

// limits says how near the limits of a provider are. Those that are too low are told
// apart, in full sentences.
func (p *printer) limits(l *loadView, pr *loadProviderView) {
	if l.Model != modelArrivals {
		return
	}
	text := fmt.Sprintf("%s: %s requests/s at the peak", pr.Name, figure(pr.PeakRequestsPerSecond))
	if len(pr.Limits) == 0 {
		p.row("provider", "%s, without a limit", text)
		return
	}
	kept := false
	for _, b := range pr.Limits {
		if b.HoldsFrom == nil {
			p.row("provider", "%s; %s allows %s, and %s are asked", text, b.Limit, figure(b.Allowed), figure(b.Asked))
			kept = true
		}
	}
	if !kept {
		p.row("provider", "%s", text)
	}
}

func judged(t *thresholdView) string {
	text := limit("window", t.Window.Std().String()) + limit("after", t.After.Std().String())
	if t.MinSamples > 1 {
		text += fmt.Sprintf("  min_samples %d", t.MinSamples)
	}
	if t.Abort {
		text += "  aborts"
	}
	return text
}

// clock writes a moment of the schedule.
func clock(d policy.Duration) string {
	s := int64(d.Std() / time.Second)
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}

func many(n uint64, noun string) string { return some(float64(n), noun) }

func some(n float64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return figure(n) + " " + noun + "s"
}

func (p *printer) dataset(d *datasetView) {
	names := make([]string, len(d.Columns))
	for i, c := range d.Columns {
		names[i] = c.Name
	}
	p.strong("%s  %s", pad("  # dataset."+d.Name, 70), d.Source)
	p.line("    %s of %s, %s%s%s", many(uint64(d.Rows), "row"), strings.Join(names, ", "), d.Mode,
		limit("cooldown", d.Cooldown.Std().String()), named("on_exhausted", d.OnExhausted))
}

// fixture prints one as the scenario that it is inside.
func (p *printer) fixture(f *fixtureView, several bool) {
	p.scenario(&f.scenarioView, several)
	when := "once for the run"
	if f.Scope == "vu" {
		when = "once for each user"
	}
	p.line("    made %s", when)
}

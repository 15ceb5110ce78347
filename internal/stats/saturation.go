package stats

import (
	"fmt"
	"math"
	"time"

	"github.com/authbench/authbench/internal/hist"
)

const (
	// saturationSpan is how much of a run is looked at for saturation at a time; a run
	// that is shorter is looked at as a whole, as a span that is filled in part.
	saturationSpan = 10 * time.Second
	// allowedLateness is the p99 of lateness that a span may have: a hundredth of it, and
	// 10 ms at least, were it ever made shorter than a second.
	allowedLateness = max(10*time.Millisecond, saturationSpan/100)
	// inaccuracy is how many arrivals the counters of a pulse may be apart.
	inaccuracy = 5
	// nearLimit is the share of something that counts as all of it.
	nearLimit = 0.95
)

// healthWatch looks for signs that the generator, not the target, is what is slow.
type healthWatch struct {
	health Health
	points []point // the last saturationSpan, the one before it first
	first  point
	// What was found, the worst of each.
	late, within time.Duration
	behind       float64 // share of the arrivals that were due
	busy         float64 // share of the processors
}

// point is one look at the generator.
type point struct {
	elapsed, cpu time.Duration
	due, handled uint64
}

// watch takes a look after the seconds up to elapsed were closed.
func (w *healthWatch) watch(r *Recorder, now *sums, elapsed time.Duration, p Pulse) {
	h := &w.health
	h.CPUs = max(h.CPUs, p.Host.CPUs)
	h.Goroutines = max(h.Goroutines, p.Host.Goroutines)
	h.Memory = max(h.Memory, p.Host.Memory)
	h.Descriptors, h.DescriptorLimit = max(h.Descriptors, p.Host.Descriptors), max(h.DescriptorLimit, p.Host.DescriptorLimit)
	h.Ports, h.PortLimit = max(h.Ports, p.Host.Ports), max(h.PortLimit, p.Host.PortLimit)

	handled := p.Started + p.Queued
	for i := range r.total.drops {
		handled += r.total.drops[i] + now.drops[i]
	}
	here := point{elapsed, p.Host.CPU, p.Due, handled}
	if len(w.points) == 0 {
		w.first = here
	}
	w.points = append(w.points, here)
	for len(w.points) > 2 && elapsed-w.points[1].elapsed >= saturationSpan {
		w.points = w.points[1:]
	}
	h.CPUAll = usage(w.first, here, h.CPUs)
	if elapsed-w.points[0].elapsed >= saturationSpan {
		w.look(r, now, elapsed, saturationSpan)
		h.CPUMost = max(h.CPUMost, usage(w.points[0], here, h.CPUs))
		w.busy = h.CPUMost
	}
}

// end looks at what no full span was looked at for: the end of a run, or all of a short
// one.
func (w *healthWatch) end(r *Recorder, now *sums, elapsed time.Duration) {
	w.look(r, now, elapsed, min(elapsed, saturationSpan))
	w.health.CPUMost = max(w.health.CPUMost, w.health.CPUAll)
}

// look judges the last part of the run, as long as span.
func (w *healthWatch) look(r *Recorder, now *sums, elapsed, span time.Duration) {
	if late := r.lateness(now, span); late > w.health.LatenessP99 {
		w.health.LatenessP99 = late
		if late > allowedLateness {
			w.late, w.within = late, span
		}
	}
	if len(w.points) == 0 {
		return
	}
	first, last := w.points[0], w.points[len(w.points)-1]
	if elapsed <= saturationSpan {
		first = point{}
	}
	due := last.due - min(first.due, last.due)
	missing := last.due - min(last.handled, last.due)
	if missing > inaccuracy && missing*100 > due {
		w.behind = max(w.behind, min(float64(missing)/float64(max(due, 1)), 1))
	}
}

// lateness is the p99 of the last part of the run, the warm-up left out.
func (r *Recorder) lateness(now *sums, span time.Duration) time.Duration {
	var all hist.Histogram
	from := r.time.closed - int(span/time.Second)
	for i := range r.time.details {
		d := &r.time.details[i]
		if d.offset+d.length > from && len(d.samples) > 0 && d.samples[0].Series == latenessSeries {
			_ = all.AddSparse(d.samples[0].Samples) // our own: never refused
		}
	}
	if len(now.cells) > latenessCell && now.cells[latenessCell] != nil {
		all.Merge(&now.cells[latenessCell].measured)
	}
	return all.Quantile(.99)
}

// usage is the share of the processors that was used between two looks.
func usage(from, to point, cpus int) float64 {
	if to.elapsed <= from.elapsed || cpus == 0 || to.cpu < from.cpu {
		return 0
	}
	share := float64(to.cpu-from.cpu) / float64(to.elapsed-from.elapsed) / float64(cpus)
	return min(share, 1)
}

// notes say what was found and what to change, nothing when the generator kept up.
func (w *healthWatch) notes(open bool) []string {
	var out []string
	h := &w.health
	if w.late > 0 {
		out = append(out, fmt.Sprintf(
			"The generator started iterations late: the p99 of lateness reached %s within %s, above %s. %s",
			w.late.Round(100*time.Microsecond), w.within.Round(100*time.Millisecond), allowedLateness, w.advice()))
	}
	if open && w.behind > 0 {
		out = append(out, fmt.Sprintf(
			"The generator fell behind its schedule: %s of the arrivals of ten seconds were not started in time, and not for want of max_in_flight. %s",
			percent(w.behind), w.advice()))
	}
	if w.busy > nearLimit {
		out = append(out, fmt.Sprintf(
			"The generator used %s of its %d CPUs over ten seconds, so that its own delays are in the times. %s",
			percent(w.busy), h.CPUs, w.advice()))
	}
	if near(h.Descriptors, h.DescriptorLimit) {
		out = append(out, fmt.Sprintf(
			"The generator had %d of %d file descriptors open. Raise the limit (ulimit -n) or lower max_in_flight.",
			h.Descriptors, h.DescriptorLimit))
	}
	if near(h.Ports, h.PortLimit) {
		out = append(out, fmt.Sprintf(
			"%d of %d local ports were in use. Let connections be used again (http keep_alive), widen net.ipv4.ip_local_port_range or give local_addresses.",
			h.Ports, h.PortLimit))
	}
	return out
}

func (w *healthWatch) advice() string {
	if max(w.busy, w.health.CPUAll) > .8 {
		return "It had little CPU left: give it more, move the target to another machine, or lower the rate."
	}
	return "Other work on the machine kept it from running: give it a machine of its own, or lower the rate."
}

func near(n, limit int) bool { return limit > 0 && float64(n) >= nearLimit*float64(limit) }

// percent never rounds to all or nothing.
func percent(share float64) string {
	switch p := math.Round(share * 100); {
	case p < 1:
		return "less than 1 %"
	case p >= 100 && share < 1:
		return "99 %"
	default:
		return fmt.Sprintf("%.0f %%", p)
	}
}

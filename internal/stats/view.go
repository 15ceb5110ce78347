package stats

import (
	"time"

	"github.com/authbench/authbench/internal/hist"
)

// view is the measured part of a run, or of a window of it, as conditions see it.
type view struct {
	// span is how long it is, for rates.
	span       time.Duration
	iterations Counts
	series     []SeriesKey
	counts     []Counts          // by series
	histograms []*hist.Histogram // by series, nil where there are no samples or none were asked for
	codes      names
	deliveries [deliveryResults]uint64
}

// whole is the view of everything that was measured so far; now is what is still open.
// wanted tells the series whose samples matter. The caller holds the lock.
func (r *Recorder) whole(now *sums, elapsed time.Duration, wanted func(SeriesKey) bool) *view {
	series, cells, _, _ := r.registry.places()
	v := newView(series, max(elapsed-r.options.Profile.Warmup, 0))
	for _, s := range []*sums{&r.total, now} {
		v.iterations.merge(s.iterations)
		v.codes.merge(s.codes)
		v.deliver(s.delivered())
		for i := range s.counts {
			v.counts[i].merge(s.counts[i].measured)
		}
		for i, c := range s.cells {
			if c != nil && wanted(series[cells[i].series]) {
				v.histogram(cells[i].series).Merge(&c.measured)
			}
		}
	}
	return v
}

// window is the view of the last seconds that were closed, and of what is still open.
func (r *Recorder) window(now *sums, elapsed, back time.Duration, wanted func(SeriesKey) bool) *view {
	from := r.time.closed - wholeSeconds(back)
	return r.since(from, now, min(back, max(elapsed-r.options.Profile.Warmup, 0)), wanted)
}

// since is the view of the seconds that reach beyond from, and of what is still open.
func (r *Recorder) since(from int, now *sums, span time.Duration, wanted func(SeriesKey) bool) *view {
	series, cells, _, _ := r.registry.places()
	v := newView(series, span)
	for i := range r.time.details {
		d := &r.time.details[i]
		if d.offset+d.length <= from {
			continue
		}
		v.iterations.merge(d.iterations)
		v.codes.merge(d.codes)
		v.deliver(d.deliveries)
		for i := range d.counts {
			v.counts[i].merge(d.counts[i])
		}
		v.samples(d.samples, wanted)
	}
	open := newDetail(r.time.second(0, now, cells), now)
	v.iterations.merge(open.iterations)
	v.codes.merge(open.codes)
	v.deliver(open.deliveries)
	for i := range open.counts {
		v.counts[i].merge(open.counts[i])
	}
	v.samples(open.samples, wanted)
	return v
}

// wholeSeconds rounds up.
func wholeSeconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

func newView(series []SeriesKey, span time.Duration) *view {
	return &view{span: span, series: series, counts: make([]Counts, len(series)), histograms: make([]*hist.Histogram, len(series))}
}

func (v *view) histogram(series int) *hist.Histogram {
	if v.histograms[series] == nil {
		v.histograms[series] = new(hist.Histogram)
	}
	return v.histograms[series]
}

func (v *view) samples(all []SecondSamples, wanted func(SeriesKey) bool) {
	for _, s := range all {
		if wanted(v.series[s.Series]) {
			_ = v.histogram(s.Series).AddSparse(s.Samples) // our own: never refused
		}
	}
}

func (v *view) deliver(results [deliveryResults]uint64) {
	for i, n := range results {
		v.deliveries[i] += n
	}
}

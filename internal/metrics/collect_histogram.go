package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"github.com/authbench/authbench/internal/hist"
	"github.com/authbench/authbench/internal/stats"
)

// nativeSchema has eight buckets for each doubling, as the histograms of the other
// modes; zeroWidth is what the client takes for zero.
const (
	nativeSchema = 3
	zeroWidth    = prometheus.DefNativeHistogramZeroThreshold
)

// histograms sends those that have a family. Names that come under one label are one.
func (s *scrape) histograms() {
	merged := make(map[sample]*stats.TotalHistogram)
	var order []sample
	for i := range s.total.Histograms {
		h := &s.total.Histograms[i]
		key := sample{desc: s.descs.histograms[h.Measure]}
		if key.desc == nil {
			continue
		}
		key.n = copy(key.labels[:], s.histogramLabels(h))
		if known := merged[key]; known != nil {
			known.Histogram.Merge(h.Histogram)
			known.Classic.Merge(&h.Classic)
			continue
		}
		merged[key] = h
		order = append(order, key)
	}
	for _, key := range order {
		h := merged[key]
		s.out <- &histogramMetric{
			key.desc, prometheus.MakeLabelPairs(key.desc, key.labels[:key.n]), newHistogram(h.Histogram, &h.Classic),
		}
	}
}

// histogramLabels are in the order of the description.
func (s *scrape) histogramLabels(h *stats.TotalHistogram) []string {
	switch h.Measure {
	case stats.MeasureIteration:
		return []string{h.Scenario, h.Outcome.String()}
	case stats.MeasureStep:
		return []string{h.Scenario, h.Step}
	case stats.MeasurePhase:
		return []string{h.Endpoint, h.Phase}
	case stats.MeasureDelivery:
		return []string{s.labels.channels.of(h.Channel)}
	case stats.MeasureLimiter:
		return []string{h.Limit}
	}
	return nil
}

// newHistogram has classic buckets and native ones, neither of which is off by a sample.
func newHistogram(h *hist.Histogram, classic *hist.Classic) *dto.Histogram {
	count, sum, schema, width, zero := h.Count(), h.Seconds(), int32(nativeSchema), zeroWidth, h.Zero()
	out := &dto.Histogram{SampleCount: &count, SampleSum: &sum, Schema: &schema, ZeroThreshold: &width, ZeroCount: &zero}
	for i, bound := range classic.Bounds() {
		upper, upTo := bound.Seconds(), classic.UpTo(i)
		out.Bucket = append(out.Bucket, &dto.Bucket{UpperBound: &upper, CumulativeCount: &upTo})
	}
	out.PositiveSpan, out.PositiveDelta = spans(h.Native(nativeSchema))
	return out
}

// spans writes buckets as runs of neighbours, each count as the difference to the one
// before. A gap of one or two costs less as empty buckets than as a new run. Without
// any bucket an empty run says that the histogram is a native one.
func spans(buckets []hist.NativeBucket) (runs []*dto.BucketSpan, deltas []int64) {
	next, before := 0, int64(0)
	add := func(n int64) {
		*runs[len(runs)-1].Length++
		deltas = append(deltas, n-before)
		before = n
	}
	for i, b := range buckets {
		gap := b.Index - next
		if i == 0 || gap > 2 {
			offset, length := int32(gap), uint32(0)
			runs = append(runs, &dto.BucketSpan{Offset: &offset, Length: &length})
		} else {
			for range gap {
				add(0)
			}
		}
		add(int64(b.Count))
		next = b.Index + 1
	}
	if len(runs) == 0 {
		runs = []*dto.BucketSpan{{Offset: new(int32), Length: new(uint32)}}
	}
	return runs, deltas
}

// histogramMetric is a histogram that was counted elsewhere.
type histogramMetric struct {
	desc   *prometheus.Desc
	labels []*dto.LabelPair
	value  *dto.Histogram
}

// Desc implements [prometheus.Metric].
func (m *histogramMetric) Desc() *prometheus.Desc { return m.desc }

// Write implements [prometheus.Metric].
func (m *histogramMetric) Write(out *dto.Metric) error {
	out.Label, out.Histogram = m.labels, m.value
	return nil
}

// seconds gives bounds as the client wants them.
func seconds(bounds []time.Duration) []float64 {
	out := make([]float64, len(bounds))
	for i, b := range bounds {
		out[i] = b.Seconds()
	}
	return out
}

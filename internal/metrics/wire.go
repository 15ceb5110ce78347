package metrics

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"

	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/encoding/protowire"
)

// staleMarker is the one NaN that ends a series. It is kept as bits: as a float it could
// become another NaN on its way.
const staleMarker = 0x7ff0000000000002

// point is one series at one moment: its labels as they go on the wire, and the bits of
// its value.
type point struct {
	labels string
	bits   uint64
}

// points takes families apart into series. Histograms
// become their classic buckets.
func points(families []*dto.MetricFamily, external map[string]string) []point {
	var out []point
	for _, f := range families {
		for _, m := range f.GetMetric() {
			s := series{name: f.GetName(), labels: maps.Clone(external)}
			if s.labels == nil {
				s.labels = make(map[string]string)
			}
			for _, l := range m.GetLabel() {
				s.labels[l.GetName()] = l.GetValue()
			}
			out = s.add(out, m)
		}
	}
	return out
}

// sortPoints gives requests one order, whatever order series were met in.
func sortPoints(all []point) {
	slices.SortFunc(all, func(a, b point) int { return cmp.Compare(a.labels, b.labels) })
}

// series is a metric on its way to the wire.
type series struct {
	name   string
	labels map[string]string
}

func (s *series) add(out []point, m *dto.Metric) []point {
	switch {
	case m.Counter != nil:
		return append(out, s.point("", m.GetCounter().GetValue()))
	case m.Gauge != nil:
		return append(out, s.point("", m.GetGauge().GetValue()))
	case m.Untyped != nil:
		return append(out, s.point("", m.GetUntyped().GetValue()))
	case m.Summary != nil:
		x := m.GetSummary()
		for _, q := range x.GetQuantile() {
			out = append(out, s.point("", q.GetValue(), "quantile", float(q.GetQuantile())))
		}
		return append(out, s.point("_sum", x.GetSampleSum()), s.point("_count", float64(x.GetSampleCount())))
	case m.Histogram != nil:
		x := m.GetHistogram()
		for _, b := range x.GetBucket() {
			if !math.IsInf(b.GetUpperBound(), 1) {
				out = append(out, s.point("_bucket", float64(b.GetCumulativeCount()), "le", float(b.GetUpperBound())))
			}
		}
		return append(out, s.point("_bucket", float64(x.GetSampleCount()), "le", "+Inf"),
			s.point("_sum", x.GetSampleSum()), s.point("_count", float64(x.GetSampleCount())))
	}
	return out
}

// point gives the series with a suffix to its name and one more label, if there is one.
func (s *series) point(suffix string, value float64, more ...string) point {
	labels := maps.Clone(s.labels)
	labels["__name__"] = s.name + suffix
	if len(more) == 2 {
		labels[more[0]] = more[1]
	}
	var out []byte
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		if labels[name] == "" {
			continue // an empty label is none
		}
		var label []byte
		label = protowire.AppendTag(label, 1, protowire.BytesType)
		label = protowire.AppendString(label, name)
		label = protowire.AppendTag(label, 2, protowire.BytesType)
		label = protowire.AppendString(label, labels[name])
		out = protowire.AppendTag(out, 1, protowire.BytesType)
		out = protowire.AppendBytes(out, label)
	}
	return point{string(out), math.Float64bits(value)}
}

func float(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

// appendRequest appends a WriteRequest of remote write 1.0: each series with one sample
// at a time in milliseconds.
func appendRequest(b []byte, all []point, at int64) []byte {
	var sample, one []byte
	for _, p := range all {
		sample = protowire.AppendTag(sample[:0], 1, protowire.Fixed64Type)
		sample = protowire.AppendFixed64(sample, p.bits)
		sample = protowire.AppendTag(sample, 2, protowire.VarintType)
		sample = protowire.AppendVarint(sample, uint64(at))
		one = append(one[:0], p.labels...)
		one = protowire.AppendTag(one, 2, protowire.BytesType)
		one = protowire.AppendBytes(one, sample)
		b = protowire.AppendTag(b, 1, protowire.BytesType)
		b = protowire.AppendBytes(b, one)
	}
	return b
}

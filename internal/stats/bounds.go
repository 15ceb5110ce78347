package stats

import "time"

// Bounds are the bounds that samples of a measure are counted at, beside the
// histogram, for readers who know classic histograms alone. Nil means none.
func Bounds(m Measure) []time.Duration {
	const ms, s = time.Millisecond, time.Second
	switch m {
	case MeasureIteration:
		return []time.Duration{5 * ms, 10 * ms, 25 * ms, 50 * ms, 100 * ms, 250 * ms, 500 * ms, s, 2500 * ms, 5 * s, 10 * s, 20 * s, 30 * s, 60 * s, 120 * s, 300 * s}
	case MeasureStep:
		return []time.Duration{ms, 2500 * time.Microsecond, 5 * ms, 10 * ms, 25 * ms, 50 * ms, 100 * ms, 250 * ms, 500 * ms, s, 2500 * ms, 5 * s, 10 * s, 30 * s, 60 * s}
	case MeasurePhase:
		return []time.Duration{5 * ms, 10 * ms, 25 * ms, 50 * ms, 100 * ms, 250 * ms, 500 * ms, s, 2500 * ms, 5 * s, 10 * s, 30 * s}
	case MeasureDelivery:
		return []time.Duration{500 * ms, s, 2 * s, 3 * s, 5 * s, 8 * s, 13 * s, 20 * s, 30 * s, 45 * s, 60 * s, 90 * s, 120 * s, 180 * s, 300 * s, 600 * s}
	case MeasureLateness, MeasureLimiter:
		return []time.Duration{ms, 2500 * time.Microsecond, 5 * ms, 10 * ms, 25 * ms, 50 * ms, 100 * ms, 250 * ms, 500 * ms, s, 2500 * ms, 5 * s, 10 * s, 30 * s}
	}
	return nil
}

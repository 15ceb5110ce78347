package emulator

import (
	"math"
	"time"

	"github.com/authbench/authbench/internal/policy"
)

// latencyAt is the quantile u, from 0 to less than 1, of a distribution: one draw
// makes one latency, whatever the distribution.
func latencyAt(l policy.Latency, u float64) time.Duration {
	least, most := float64(l.Min), float64(l.Max)
	if most == 0 {
		most = float64(policy.MaxLatency)
	}
	var d float64
	switch l.Distribution {
	case policy.Uniform:
		d = least + u*(most-least)
	case policy.Normal:
		d = float64(l.Mean)
		if l.Stddev > 0 { // or zero times infinity
			d += float64(l.Stddev) * deviate(u)
		}
	case policy.Lognormal:
		d = float64(l.Median)
		if l.Sigma > 0 {
			d *= math.Exp(l.Sigma * deviate(u))
		}
	default:
		d = float64(l.Value)
	}
	return time.Duration(min(max(d, least), most))
}

// deviate is the quantile of the standard normal distribution.
func deviate(u float64) float64 { return math.Sqrt2 * math.Erfinv(2*u-1) }

package pace

import (
	"math"
	"math/big"
	"time"
)

// ramp is a part of a schedule in which the rate is linear.
type ramp struct {
	start, length time.Duration // length is above 0
	from, to      float64
	// before and after are the integral at start and end; area is between them.
	before, after position
	area          float64
}

func (r *ramp) exactArea() *big.Rat {
	sum := new(big.Rat).Add(exactRate(r.from), exactRate(r.to))
	return sum.Mul(sum, big.NewRat(int64(r.length), 2*int64(time.Second)))
}

func (r *ramp) rate(t time.Duration) float64 {
	return r.from + float64((r.to-r.from)*(float64(t)/float64(r.length)))
}

func (r *ramp) integral(t time.Duration) float64 {
	return float64((r.from + r.rate(t)) / 2 * t.Seconds())
}

// inverse is the time at which the integral from the start of the ramp reaches x.
//
// The quadratic equation is solved from the end with the lower rate: there all terms
// under the root are positive, and nothing cancels. Products are converted because Go
// may fuse them with a sum otherwise, which rounds differently from machine to machine.
func (r *ramp) inverse(x float64) time.Duration {
	var seconds float64
	slope := (r.to - r.from) / r.length.Seconds()
	switch {
	case r.from == r.to:
		seconds = x / r.from
	case slope > 0:
		seconds = 2 * x / (r.from + math.Sqrt(float64(r.from*r.from)+float64(2*slope*x)))
	default:
		y := max(r.area-x, 0)
		if y == 0 {
			return r.length
		}
		return r.length - r.clamp(2*y/(r.to+math.Sqrt(float64(r.to*r.to)+float64(-2*slope*y))))
	}
	return r.clamp(seconds)
}

// clamp keeps a time within the ramp, whatever rounding made of it.
func (r *ramp) clamp(seconds float64) time.Duration {
	ns := math.Round(seconds * 1e9)
	switch {
	case !(ns < float64(r.length)):
		return r.length
	case ns < 0:
		return 0
	}
	return time.Duration(ns)
}

// position is a value of the integral of the rate, in arrivals. Its two parts keep a
// fraction of an arrival exact behind billions of them.
type position struct {
	whole uint64
	frac  float64 // from 0, below 1
}

// newPosition takes a number that is neither negative nor above MaxArrivals.
func newPosition(x *big.Rat) position {
	whole := new(big.Int).Quo(x.Num(), x.Denom())
	frac, _ := new(big.Rat).Sub(x, new(big.Rat).SetInt(whole)).Float64()
	if frac == 1 {
		return position{whole: whole.Uint64() + 1}
	}
	return position{whole: whole.Uint64(), frac: frac}
}

func (p position) less(o position) bool {
	return p.whole < o.whole || p.whole == o.whole && p.frac < o.frac
}

// since is p - o, of which o is not the greater.
func (p position) since(o position) float64 { return float64(p.whole-o.whole) + (p.frac - o.frac) }

func (p position) float() float64 { return float64(p.whole) + p.frac }

package pace

import (
	"fmt"
	"math"
	"math/big"
	"sort"
	"strconv"
	"time"
)

// The bounds of a [Schedule]. Within them times are exact to a few nanoseconds.
const (
	// MaxRate is in arrivals a second.
	MaxRate = 1e9
	// MaxArrivals is how many a schedule may come to.
	MaxArrivals = 10_000_000_000
	// MaxDuration is how long a schedule may last.
	MaxDuration = 366 * 24 * time.Hour
)

// Stage leads the rate, linearly, from where it was (0 at first) to Rate arrivals a
// second. Over 0 is a jump.
type Stage struct {
	Rate float64
	Over time.Duration
}

// Schedule is the rate of arrivals over time. It is immutable.
type Schedule struct {
	ramps    []ramp
	duration time.Duration
	total    position
}

// NewSchedule makes a schedule of stages. It refuses rates that are no numbers of
// arrivals, and what exceeds the bounds of this package.
func NewSchedule(stages []Stage) (*Schedule, error) {
	s := &Schedule{}
	var rate float64
	sum := new(big.Rat)
	for i, st := range stages {
		if err := st.check(s.duration); err != nil {
			return nil, fmt.Errorf("stage %d: %w", i+1, err)
		}
		if st.Over > 0 {
			r := ramp{start: s.duration, length: st.Over, from: rate, to: st.Rate, before: s.total}
			sum.Add(sum, r.exactArea())
			if sum.Cmp(new(big.Rat).SetInt64(MaxArrivals)) > 0 {
				return nil, fmt.Errorf("stage %d: the schedule comes to more than %d arrivals", i+1, int64(MaxArrivals))
			}
			r.after = newPosition(sum)
			r.area = r.after.since(r.before)
			s.ramps = append(s.ramps, r)
			s.duration += st.Over
			s.total = r.after
		}
		rate = st.Rate
	}
	return s, nil
}

func (st Stage) check(before time.Duration) error {
	switch {
	case math.IsNaN(st.Rate) || math.IsInf(st.Rate, 0):
		return fmt.Errorf("rate %g is not a number of arrivals", st.Rate)
	case st.Rate < 0:
		return fmt.Errorf("rate %g is negative", st.Rate)
	case st.Rate > MaxRate:
		return fmt.Errorf("rate %g is above %g", st.Rate, float64(MaxRate))
	case st.Over < 0:
		return fmt.Errorf("duration %v is negative", st.Over)
	case st.Over > MaxDuration-before:
		return fmt.Errorf("the schedule lasts longer than %v", MaxDuration)
	}
	return nil
}

// Duration is how long the schedule lasts.
func (s *Schedule) Duration() time.Duration { return s.duration }

// Count is how many arrivals there are when they are evenly spaced: the integral of
// the rate, rounded.
func (s *Schedule) Count() uint64 {
	if s.total.frac >= 0.5 {
		return s.total.whole + 1
	}
	return s.total.whole
}

// Rate is that at time t, in arrivals a second. At a jump it is the rate behind it;
// outside the schedule it is 0.
func (s *Schedule) Rate(t time.Duration) float64 {
	if r := s.at(t); r != nil {
		return r.rate(t - r.start)
	}
	return 0
}

// Peak is the highest rate that the schedule reaches and keeps for some time.
func (s *Schedule) Peak() float64 {
	var peak float64
	for _, r := range s.ramps {
		peak = max(peak, r.from, r.to)
	}
	return peak
}

// Expected is the integral of the rate from 0 to t: how many arrivals are due by
// then, on the average if they are drawn at random.
func (s *Schedule) Expected(t time.Duration) float64 {
	if t >= s.duration {
		return s.total.float()
	}
	if r := s.at(t); r != nil {
		return r.before.float() + r.integral(t-r.start)
	}
	return 0
}

// At is when arrival n of evenly spaced ones is due: the first time at which the
// integral of the rate reaches n + 1/2. For numbers from [Schedule.Count] on it is the
// end of the schedule.
func (s *Schedule) At(n uint64) time.Duration {
	return s.inverse(position{whole: n, frac: 0.5}, 0)
}

// at gives the ramp that runs at time t, nil for none.
func (s *Schedule) at(t time.Duration) *ramp {
	if t < 0 || t >= s.duration {
		return nil
	}
	i := sort.Search(len(s.ramps), func(i int) bool { return s.ramps[i].start > t })
	return &s.ramps[i-1]
}

// inverse is the first time at which the integral reaches p. The ramp where it does
// is looked for from the one with index from.
func (s *Schedule) inverse(p position, from int) time.Duration {
	i := s.reach(p, from)
	if i == len(s.ramps) {
		return s.duration
	}
	r := &s.ramps[i]
	return r.start + r.inverse(p.since(r.before))
}

// reach gives the index of the first ramp, at from or behind it, that reaches p.
func (s *Schedule) reach(p position, from int) int {
	if from < len(s.ramps) && !s.ramps[from].after.less(p) {
		return from
	}
	return from + sort.Search(len(s.ramps)-from, func(i int) bool { return !s.ramps[from+i].after.less(p) })
}

// exactRate takes a rate for the decimal that it prints as, so that 0.1 a second over
// five seconds is a half and not a little more.
func exactRate(rate float64) *big.Rat {
	r, _ := new(big.Rat).SetString(strconv.FormatFloat(rate, 'g', -1, 64))
	return r
}

package pace

import (
	"fmt"
	"math/bits"
	"sort"
	"time"
)

// MaxUsers is how many users a profile may have at a time.
const MaxUsers = 1_000_000

// UserStage leads the number of users, linearly, from where it was (0 at first) to
// Count. Over 0 is a jump.
type UserStage struct {
	Count int
	Over  time.Duration
}

// Users is the number of users of a closed profile over time. It is immutable.
type Users struct {
	slopes   []slope
	last     int
	duration time.Duration
}

// slope is a part of it in which the number is linear.
type slope struct {
	start, length time.Duration
	from, to      int
}

// NewUsers makes a profile of stages. It refuses negative numbers and what exceeds the
// bounds of this package.
func NewUsers(stages []UserStage) (*Users, error) {
	u := &Users{}
	for i, st := range stages {
		switch {
		case st.Count < 0:
			return nil, fmt.Errorf("stage %d: %d users are less than none", i+1, st.Count)
		case st.Count > MaxUsers:
			return nil, fmt.Errorf("stage %d: %d users are above %d", i+1, st.Count, MaxUsers)
		case st.Over < 0:
			return nil, fmt.Errorf("stage %d: duration %v is negative", i+1, st.Over)
		case st.Over > MaxDuration-u.duration:
			return nil, fmt.Errorf("stage %d: the schedule lasts longer than %v", i+1, MaxDuration)
		case st.Over > 0:
			u.slopes = append(u.slopes, slope{u.duration, st.Over, u.last, st.Count})
			u.duration += st.Over
		}
		u.last = st.Count
	}
	return u, nil
}

// Duration is how long the profile lasts.
func (u *Users) Duration() time.Duration { return u.duration }

// Most is the highest number of users at any time.
func (u *Users) Most() int {
	var most int
	for _, s := range u.slopes {
		most = max(most, s.from, s.to)
	}
	return most
}

// Count is the number of users at time t: the line between the stages, rounded. From
// the end on, and before the start, it is 0.
func (u *Users) Count(t time.Duration) int {
	if t < 0 || t >= u.duration {
		return 0
	}
	i := sort.Search(len(u.slopes), func(i int) bool { return u.slopes[i].start > t })
	return u.slopes[i-1].count(t - u.slopes[i-1].start)
}

// Next is the first time behind t at which the number of users is another than at t.
// It is not ok when there is none: at the end all users are gone.
func (u *Users) Next(t time.Duration) (at time.Duration, ok bool) {
	was := u.Count(t)
	for _, s := range u.slopes {
		end := s.start + s.length
		if end <= t {
			continue
		}
		low := max(t, s.start)
		if at := s.change(low, was); at < end {
			return at, true
		}
	}
	return u.duration, was != 0
}

// change is the first time from t on at which the number is not was, or the end of the
// slope. The number goes one way only, so it can be searched.
func (s *slope) change(t time.Duration, was int) time.Duration {
	low, high := t, s.start+s.length
	for low < high {
		mid := low + (high-low)/2
		if s.count(mid-s.start) != was {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}

// count is exact: the product has up to 76 bits.
func (s *slope) count(t time.Duration) int {
	low, rise := s.from, s.to-s.from
	if rise < 0 {
		low, rise, t = s.to, -rise, s.length-t
	}
	hi, lo := bits.Mul64(uint64(2*rise), uint64(t))
	lo, carry := bits.Add64(lo, uint64(s.length), 0)
	q, _ := bits.Div64(hi+carry, lo, uint64(2*s.length))
	return low + int(q)
}

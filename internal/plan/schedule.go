package plan

import (
	"time"

	"github.com/authbench/authbench/internal/pace"
)

// Schedule is what a profile comes to before it runs.
type Schedule struct {
	// Duration is how long arrivals come or users run, 0 when the number of iterations
	// decides.
	Duration time.Duration
	// Arrivals is how many iterations are started: exact for evenly spaced arrivals and
	// a number of iterations, the mean for poisson. It is 0 for users: how many they run
	// depends on the target.
	Arrivals uint64
	// Peak is the highest rate of arrivals, in iterations a second, 0 for closed
	// profiles; PeakAt when it is reached first.
	Peak   float64
	PeakAt time.Duration
	// MostUsers is the highest number of users, 0 where there are none.
	MostUsers int
	// Rate is the schedule of an open profile, nil for the others.
	Rate *pace.Schedule
	// Users are those of a profile that has any, nil for the others.
	Users *pace.Users
}

// Open tells a schedule of arrivals from users and numbers of iterations.
func (l *Load) Open() bool { return len(l.Stages) > 0 }

// Schedule works out the schedule. It fails on what exceeds the bounds of pace; the
// profiles of a checked plan do not.
func (l *Load) Schedule() (Schedule, error) {
	switch {
	case l.Open():
		return l.arrivals()
	case len(l.VUs) > 0:
		stages := make([]pace.UserStage, len(l.VUs))
		for i, u := range l.VUs {
			stages[i] = pace.UserStage{Count: u.Count, Over: u.Over}
		}
		users, err := pace.NewUsers(stages)
		if err != nil {
			return Schedule{}, err
		}
		return Schedule{Duration: users.Duration(), MostUsers: users.Most(), Users: users}, nil
	}
	return Schedule{Arrivals: l.Iterations}, nil
}

func (l *Load) arrivals() (Schedule, error) {
	stages := make([]pace.Stage, len(l.Stages))
	for i, st := range l.Stages {
		stages[i] = pace.Stage{Rate: st.Rate, Over: st.Over}
	}
	rate, err := pace.NewSchedule(stages)
	if err != nil {
		return Schedule{}, err
	}
	s := Schedule{Duration: rate.Duration(), Arrivals: rate.Count(), Peak: rate.Peak(), Rate: rate}
	at := time.Duration(0)
	before := 0.0
	for _, st := range l.Stages {
		if st.Over > 0 && before == s.Peak {
			break
		}
		at, before = at+st.Over, st.Rate
		if st.Over > 0 && st.Rate == s.Peak {
			break
		}
	}
	s.PeakAt = at
	return s, nil
}

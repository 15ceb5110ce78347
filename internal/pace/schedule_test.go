package pace_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/pace"
)

func schedule(t testing.TB, stages ...pace.Stage) *pace.Schedule {
	t.Helper()
	s, err := pace.NewSchedule(stages)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func steady(t testing.TB, rate float64, over time.Duration) *pace.Schedule {
	return schedule(t, pace.Stage{Rate: rate}, pace.Stage{Rate: rate, Over: over})
}

type arrival struct {
	N  uint64
	At time.Duration
}

func walk(a *pace.Arrivals) []arrival {
	var out []arrival
	for {
		n, at, ok := a.Next()
		if !ok {
			return out
		}
		out = append(out, arrival{n, at})
	}
}

func TestEven(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	for name, c := range map[string]struct {
		stages []pace.Stage
		want   []time.Duration
	}{
		"nothing":         {nil, nil},
		"only jumps":      {[]pace.Stage{{Rate: 5}, {Rate: 0}}, nil},
		"rate 0":          {[]pace.Stage{{Rate: 0, Over: time.Hour}}, nil},
		"steady":          {[]pace.Stage{{Rate: 4}, {Rate: 4, Over: time.Second}}, []time.Duration{125 * ms, 375 * ms, 625 * ms, 875 * ms}},
		"fractional":      {[]pace.Stage{{Rate: 0.2}, {Rate: 0.2, Over: 15 * time.Second}}, []time.Duration{2500 * ms, 7500 * ms, 12500 * ms}},
		"half an arrival": {[]pace.Stage{{Rate: 0.1}, {Rate: 0.1, Over: 5 * time.Second}}, []time.Duration{5 * time.Second}},
		"less than half":  {[]pace.Stage{{Rate: 0.1}, {Rate: 0.1, Over: 5*time.Second - 1}}, nil},
		// L(t) = t^2 on the way up, and the same mirrored on the way down.
		"up and down": {
			[]pace.Stage{{Rate: 2, Over: time.Second}, {Rate: 0, Over: time.Second}},
			[]time.Duration{707106781, 2*time.Second - 707106781},
		},
		"a pause within an arrival": {
			[]pace.Stage{{Rate: 1}, {Rate: 1, Over: time.Second}, {Rate: 0}, {Rate: 0, Over: time.Minute}, {Rate: 1}, {Rate: 1, Over: time.Second}},
			[]time.Duration{500 * ms, 61500 * ms},
		},
		"the integral stands still at a half": {
			[]pace.Stage{{Rate: 1}, {Rate: 1, Over: 500 * ms}, {Rate: 0}, {Rate: 0, Over: time.Hour}, {Rate: 1}, {Rate: 1, Over: 500 * ms}},
			[]time.Duration{500 * ms},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := schedule(t, c.stages...)
			var got []time.Duration
			for i, a := range walk(s.Even(pace.Part{})) {
				if a.N != uint64(i) {
					t.Errorf("arrival %d has number %d", i, a.N)
				}
				if at := s.At(a.N); at != a.At {
					t.Errorf("arrival %d: the walk says %v, At %v", i, a.At, at)
				}
				got = append(got, a.At)
			}
			if d := cmp.Diff(got, c.want); d != "" {
				t.Errorf("(-got +want):\n%s", d)
			}
			if got, want := s.Count(), uint64(len(c.want)); got != want {
				t.Errorf("count: got %d, want %d", got, want)
			}
			if got := s.At(s.Count()); got != s.Duration() {
				t.Errorf("behind the last one: got %v, want %v", got, s.Duration())
			}
		})
	}
}

func TestRate(t *testing.T) {
	t.Parallel()
	s := schedule(t, pace.Stage{Rate: 10, Over: 10 * time.Second}, pace.Stage{Rate: 50}, pace.Stage{Rate: 30, Over: 10 * time.Second})
	for at, want := range map[time.Duration]float64{
		-1: 0, 0: 0, 5 * time.Second: 5, 10 * time.Second: 50, 15 * time.Second: 40, 20 * time.Second: 0,
	} {
		if got := s.Rate(at); got != want {
			t.Errorf("rate at %v: got %g, want %g", at, got, want)
		}
	}
	for at, want := range map[time.Duration]float64{
		-1: 0, 0: 0, 5 * time.Second: 12.5, 10 * time.Second: 50, 15 * time.Second: 275, 20 * time.Second: 450, time.Hour: 450,
	} {
		if got := s.Expected(at); got != want {
			t.Errorf("expected at %v: got %g, want %g", at, got, want)
		}
	}
	if got, want := s.Duration(), 20*time.Second; got != want {
		t.Errorf("duration: got %v, want %v", got, want)
	}
	if got, want := s.Peak(), 50.0; got != want {
		t.Errorf("peak: got %g, want %g", got, want)
	}
}

func TestScheduleRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stages []pace.Stage
		want   string
	}{
		"nan":      {[]pace.Stage{{Rate: math.NaN()}}, "stage 1: rate NaN is not a number of arrivals"},
		"infinite": {[]pace.Stage{{Rate: 1}, {Rate: math.Inf(1)}}, "stage 2: rate +Inf is not a number of arrivals"},
		"negative": {[]pace.Stage{{Rate: -1}}, "stage 1: rate -1 is negative"},
		"too fast": {[]pace.Stage{{Rate: 2e9}}, "stage 1: rate 2e+09 is above 1e+09"},
		"back":     {[]pace.Stage{{Over: -1}}, "stage 1: duration -1ns is negative"},
		"too long": {[]pace.Stage{{Over: pace.MaxDuration}, {Over: 1}}, "stage 2: the schedule lasts longer than 8784h0m0s"},
		"overflow": {[]pace.Stage{{Over: 1}, {Over: math.MaxInt64}}, "stage 2: the schedule lasts longer than 8784h0m0s"},
		"too many": {[]pace.Stage{{Rate: 1e6}, {Rate: 1e6, Over: 3 * time.Hour}}, "stage 2: the schedule comes to more than 10000000000 arrivals"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := pace.NewSchedule(c.stages)
			if err == nil || err.Error() != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// TestHoursAtFullRate looks at single arrivals far behind the start, where floating
// point numbers of arrivals have long lost their fractions.
func TestHoursAtFullRate(t *testing.T) {
	t.Parallel()
	const hours = 50
	s := steady(t, 50_000, hours*time.Hour)
	if got, want := s.Count(), uint64(50_000*3600*hours); got != want {
		t.Fatalf("count: got %d, want %d", got, want)
	}
	for n := s.Count() - 1000; n < s.Count(); n++ {
		if got, want := s.At(n), time.Duration(n)*20*time.Microsecond+10*time.Microsecond; (got - want).Abs() > 50 {
			t.Fatalf("arrival %d: got %v, want %v", n, got, want)
		}
	}
	// The same arrivals behind billions of others come at the same distances.
	late := schedule(t, pace.Stage{Rate: 50_000}, pace.Stage{Rate: 50_000, Over: hours * time.Hour}, pace.Stage{Rate: 0.001}, pace.Stage{Rate: 0.001, Over: time.Hour})
	first := uint64(50_000 * 3600 * hours)
	for i, want := range []time.Duration{500 * time.Second, 1500 * time.Second, 2500 * time.Second, 3500 * time.Second} {
		if got := late.At(first+uint64(i)) - hours*time.Hour; got != want {
			t.Errorf("rare arrival %d: got %v, want %v", i, got, want)
		}
	}
}

func TestRampsMeet(t *testing.T) {
	t.Parallel()
	s := schedule(t,
		pace.Stage{Rate: 333.3, Over: 7 * time.Second}, pace.Stage{Rate: 12.7, Over: 3 * time.Second},
		pace.Stage{Rate: 900}, pace.Stage{Rate: 0, Over: 11 * time.Second})
	before := time.Duration(-1)
	for _, a := range walk(s.Even(pace.Part{})) {
		if a.At <= before {
			t.Fatalf("arrival %d at %v, the one before at %v", a.N, a.At, before)
		}
		if got, want := s.Expected(a.At), float64(a.N)+0.5; math.Abs(got-want) > 1e-5 {
			t.Fatalf("arrival %d at %v: the integral is %g", a.N, a.At, got)
		}
		before = a.At
	}
}

func FuzzSchedule(f *testing.F) {
	f.Add(1.0, int64(time.Second), 0.2, int64(time.Minute), 50_000.0, int64(0), 0.0, int64(time.Hour), uint64(7))
	f.Add(1e-300, int64(1), 1e9, int64(3), 0.0, int64(0), 1e-9, int64(pace.MaxDuration-4), uint64(0))
	f.Add(math.NaN(), int64(-1), math.Inf(1), int64(math.MaxInt64), 1.0, int64(math.MinInt64), 0.0, int64(0), uint64(math.MaxUint64))
	f.Fuzz(func(t *testing.T, r1 float64, o1 int64, r2 float64, o2 int64, r3 float64, o3 int64, r4 float64, o4 int64, n uint64) {
		s, err := pace.NewSchedule([]pace.Stage{
			{Rate: r1, Over: time.Duration(o1)}, {Rate: r2, Over: time.Duration(o2)},
			{Rate: r3, Over: time.Duration(o3)}, {Rate: r4, Over: time.Duration(o4)},
		})
		if err != nil {
			return
		}
		if s.Count() > pace.MaxArrivals {
			t.Fatalf("%d arrivals", s.Count())
		}
		before := time.Duration(0)
		for i := range uint64(100) {
			m := i
			if s.Count() > 0 {
				m = (n%s.Count())/100*100 + i
			}
			at := s.At(m)
			if at < before || at > s.Duration() {
				t.Fatalf("arrival %d at %v, the one before at %v, the end is %v", m, at, before, s.Duration())
			}
			if rate := s.Rate(at); math.IsNaN(rate) || rate < 0 || rate > s.Peak()*(1+1e-9) {
				t.Fatalf("rate %g at %v", rate, at)
			}
			if m < s.Count() {
				// A nanosecond is all that rounding may cost, and the last bits of the sum.
				slack := s.Peak()*2e-9 + s.Expected(s.Duration())*1e-14 + s.Peak()*at.Seconds()*1e-14 + 1e-9
				if early, late := s.Expected(at-1), s.Expected(at+1); early > float64(m)+0.5+slack || late < float64(m)+0.5-slack {
					t.Fatalf("arrival %d at %v: the integral runs from %g to %g", m, at, early, late)
				}
			}
			before = at
		}
		walked := s.Poisson(pace.Part{}, n)
		before = 0
		for range 100 {
			_, at, ok := walked.Next()
			if !ok {
				break
			}
			if at < before || at > s.Duration() {
				t.Fatalf("random arrival at %v, the one before at %v", at, before)
			}
			before = at
		}
	})
}

package pace_test

import (
	"cmp"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/pace"
)

func part(t testing.TB, i, of int) pace.Part {
	t.Helper()
	p, err := pace.NewPart(i, of)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// lot is an arrival with all that is decided for it.
type lot struct {
	arrival
	Choice    int
	Row, Pick uint64
}

// TestPartsMakeTheWhole is the promise that a run is the same however many processes
// share it.
func TestPartsMakeTheWhole(t *testing.T) {
	t.Parallel()
	const seed, rows = 42, 1009
	s := schedule(t, pace.Stage{Rate: 3000, Over: 10 * time.Second}, pace.Stage{Rate: 500, Over: 20 * time.Second}, pace.Stage{Rate: 0, Over: time.Second})
	mix, err := pace.NewMix(seed, []float64{8, 2, 0.5})
	if err != nil {
		t.Fatal(err)
	}
	perm := pace.NewPermutation(seed, rows)
	lots := func(a *pace.Arrivals) []lot {
		var out []lot
		for _, a := range walk(a) {
			out = append(out, lot{a, mix.Choose(a.N), perm.At(a.N % rows), pace.Pick(seed, a.N, rows)})
		}
		return out
	}
	for name, open := range map[string]func(pace.Part) *pace.Arrivals{
		"even":    s.Even,
		"poisson": func(p pace.Part) *pace.Arrivals { return s.Poisson(p, seed) },
	} {
		whole := lots(open(pace.Part{}))
		if !slices.IsSortedFunc(whole, func(a, b lot) int { return cmp.Compare(a.At, b.At) }) {
			t.Errorf("%s: not in the order of time", name)
		}
		byNumber := func(a, b lot) int { return cmp.Compare(a.N, b.N) }
		slices.SortFunc(whole, byNumber)
		for _, of := range []int{1, 4, 7, 700} {
			var union []lot
			for i := range of {
				p := part(t, i, of)
				for _, l := range lots(open(p)) {
					if !p.Owns(l.N) {
						t.Fatalf("%s: part %d of %d walks %d", name, i, of, l.N)
					}
					union = append(union, l)
				}
			}
			slices.SortFunc(union, byNumber)
			if len(union) != len(whole) {
				t.Fatalf("%s: %d parts have %d arrivals, the whole %d", name, of, len(union), len(whole))
			}
			for i := range whole {
				if union[i] != whole[i] {
					t.Fatalf("%s: %d parts: got %v, want %v", name, of, union[i], whole[i])
				}
			}
		}
	}
}

func TestPartNumbers(t *testing.T) {
	t.Parallel()
	for _, of := range []int{1, 2, 3, 7, 1000, pace.Slots - 1, pace.Slots} {
		seen := make([]int, 3*pace.Slots)
		for i := range of {
			p := part(t, i, of)
			for n := p.First(); n < uint64(len(seen)); n = p.After(n) {
				if !p.Owns(n) {
					t.Fatalf("part %d of %d does not own %d", i, of, n)
				}
				seen[n]++
			}
		}
		for n, times := range seen {
			if times != 1 {
				t.Fatalf("%d parts: %d has %d owners", of, n, times)
			}
		}
	}
	for _, c := range [][2]int{{0, 0}, {-1, 2}, {2, 2}, {0, pace.Slots + 1}} {
		if _, err := pace.NewPart(c[0], c[1]); err == nil {
			t.Errorf("part %d of %d is taken", c[0], c[1])
		}
	}
}

// TestPoissonIsPoisson compares counts in equal intervals and gaps with what a Poisson
// process gives. The bounds are about five standard deviations.
func TestPoissonIsPoisson(t *testing.T) {
	t.Parallel()
	const rate, seconds = 1000, 200
	s := steady(t, rate, seconds*time.Second)
	for seed := range uint64(3) {
		arrivals := walk(s.Poisson(pace.Part{}, seed))
		if got, want := float64(len(arrivals)), float64(rate*seconds); math.Abs(got-want) > 5*math.Sqrt(want) {
			t.Errorf("seed %d: got %g arrivals, want about %g", seed, got, want)
		}
		counts := make([]float64, seconds*10)
		var squares, before, long float64
		for _, a := range arrivals {
			counts[min(int(a.At/(100*time.Millisecond)), len(counts)-1)]++
			gap := a.At.Seconds()*rate - before
			before += gap
			squares += gap * gap
			if gap > 3 {
				long++
			}
		}
		var dispersion float64
		for _, c := range counts {
			dispersion += (c - rate/10) * (c - rate/10) / (rate / 10)
		}
		if got := dispersion / float64(len(counts)); math.Abs(got-1) > 0.16 {
			t.Errorf("seed %d: variance over mean of counts is %g, want about 1", seed, got)
		}
		n := float64(len(arrivals))
		if got := squares / n; math.Abs(got-2) > 0.06 {
			t.Errorf("seed %d: the mean square of gaps is %g, want about 2", seed, got)
		}
		if got, want := long/n, math.Exp(-3); math.Abs(got-want) > 0.003 {
			t.Errorf("seed %d: %g of the gaps are above 3 means, want about %g", seed, got, want)
		}
	}
}

// TestPoissonFollowsTheRate looks at a ramp: the later half has three quarters of the
// arrivals.
func TestPoissonFollowsTheRate(t *testing.T) {
	t.Parallel()
	s := schedule(t, pace.Stage{Rate: 2000, Over: 100 * time.Second})
	var late float64
	all := walk(s.Poisson(pace.Part{}, 9))
	for _, a := range all {
		if a.At >= 50*time.Second {
			late++
		}
	}
	if got := late / float64(len(all)); math.Abs(got-0.75) > 0.01 {
		t.Errorf("got %g of the arrivals in the later half, want about 0.75", got)
	}
}

func TestPoissonIsRareWhenTheRateIs(t *testing.T) {
	t.Parallel()
	s := steady(t, 0.01, 10_000*time.Second)
	got := walk(s.Poisson(pace.Part{}, 1))
	if len(got) < 50 || len(got) > 150 {
		t.Errorf("got %d arrivals, want about 100", len(got))
	}
	if other := walk(s.Poisson(pace.Part{}, 2)); slices.Equal(got, other) {
		t.Error("two seeds give the same arrivals")
	}
}

//nolint:paralleltest // it counts the allocations of the process
func TestNextAllocatesNothing(t *testing.T) {
	s := steady(t, 1e6, time.Hour)
	for name, a := range map[string]*pace.Arrivals{"even": s.Even(pace.Part{}), "poisson": s.Poisson(pace.Part{}, 1)} {
		if got := testing.AllocsPerRun(1000, func() { a.Next() }); got != 0 {
			t.Errorf("%s: got %g allocations, want 0", name, got)
		}
	}
}

func BenchmarkNext(b *testing.B) {
	s := schedule(b, pace.Stage{Rate: 2e6, Over: time.Hour})
	for name, open := range map[string]func() *pace.Arrivals{
		"even":    func() *pace.Arrivals { return s.Even(pace.Part{}) },
		"poisson": func() *pace.Arrivals { return s.Poisson(pace.Part{}, 1) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			a := open()
			for b.Loop() {
				if _, _, ok := a.Next(); !ok {
					a = open()
				}
			}
		})
	}
}

package pace_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/pace"
)

// TestNumbersStay pins what seeds mean: a change makes every recorded seed worthless.
func TestNumbersStay(t *testing.T) {
	t.Parallel()
	perm := pace.NewPermutation(42, 10)
	mix, err := pace.NewMix(42, []float64{1, 1, 1, 1})
	if err != nil {
		t.Fatal(err)
	}
	var rows, picks []uint64
	var choices []int
	for n := range uint64(10) {
		rows = append(rows, perm.At(n))
		picks = append(picks, pace.Pick(42, n, 1000))
		choices = append(choices, mix.Choose(n))
	}
	if d := cmp.Diff(rows, []uint64{6, 2, 8, 5, 3, 7, 1, 4, 9, 0}); d != "" {
		t.Errorf("rows (-got +want):\n%s", d)
	}
	if d := cmp.Diff(picks, []uint64{305, 837, 349, 923, 922, 291, 499, 980, 263, 951}); d != "" {
		t.Errorf("picks (-got +want):\n%s", d)
	}
	if d := cmp.Diff(choices, []int{0, 3, 2, 0, 3, 2, 0, 2, 0, 0}); d != "" {
		t.Errorf("choices (-got +want):\n%s", d)
	}
	if got, want := pace.Derive(42, "phones"), uint64(14538126476614642863); got != want {
		t.Errorf("derived: got %d, want %d", got, want)
	}
}

func TestPermutation(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		for _, size := range []uint64{0, 1, 2, 3, 4, 5, 7, 8, 9, 100, 1023, 1024, 1025, 65_537} {
			p := pace.NewPermutation(seed, size)
			seen := make([]bool, size)
			for i := range size {
				at := p.At(i)
				if at >= size || seen[at] {
					t.Fatalf("seed %d: %d of %d goes to %d, which is outside or taken", seed, i, size, at)
				}
				seen[at] = true
			}
		}
	}
	// No table: a size that no memory holds costs the same.
	huge := pace.NewPermutation(1, 1<<40+1)
	if at := huge.At(1 << 40); at > 1<<40 {
		t.Errorf("got %d, outside", at)
	}
}

// TestPermutationShuffles looks at where the first element of small tables goes, over
// many seeds: everywhere about as often.
func TestPermutationShuffles(t *testing.T) {
	t.Parallel()
	const seeds = 20_000
	for _, size := range []uint64{2, 3, 5, 8, 10} {
		places := make([]float64, size)
		for seed := range uint64(seeds) {
			places[pace.NewPermutation(seed, size).At(0)]++
		}
		want := seeds / float64(size)
		for i, got := range places {
			if math.Abs(got-want) > 5*math.Sqrt(want) {
				t.Errorf("size %d: the first goes to %d %g times, want about %g", size, i, got, want)
			}
		}
	}
}

func TestMix(t *testing.T) {
	t.Parallel()
	m, err := pace.NewMix(7, []float64{8, 1.5, 0.5})
	if err != nil {
		t.Fatal(err)
	}
	const draws = 100_000
	got := make([]float64, 3)
	for n := range uint64(draws) {
		got[m.Choose(n)]++
	}
	for i, share := range []float64{0.8, 0.15, 0.05} {
		if want := share * draws; math.Abs(got[i]-want) > 5*math.Sqrt(want) {
			t.Errorf("choice %d: got %g, want about %g", i, got[i], want)
		}
	}
	for _, weights := range [][]float64{nil, {0}, {1, -1}, {math.NaN()}, {math.Inf(1)}, {math.MaxFloat64, math.MaxFloat64}} {
		if _, err := pace.NewMix(1, weights); err == nil {
			t.Errorf("weights %v are taken", weights)
		}
	}
}

func TestPickIsEven(t *testing.T) {
	t.Parallel()
	const draws, size = 100_000, 10
	var got [size]float64
	for n := range uint64(draws) {
		got[pace.Pick(3, n, size)]++
	}
	for i, times := range got {
		if math.Abs(times-draws/size) > 5*math.Sqrt(draws/size) {
			t.Errorf("%d is picked %g times of %d", i, times, draws)
		}
	}
}

func TestDeriveTellsNamesApart(t *testing.T) {
	t.Parallel()
	seen := map[uint64]string{}
	for _, name := range []string{"", "a", "b", "ab", "ba", "aa", "phones", "phone"} {
		seed := pace.Derive(42, name)
		if other, ok := seen[seed]; ok {
			t.Errorf("%q and %q share a seed", name, other)
		}
		seen[seed] = name
	}
}

func BenchmarkPermutation(b *testing.B) {
	p := pace.NewPermutation(1, 1_000_003)
	b.ReportAllocs()
	var n uint64
	for b.Loop() {
		n = (n + 1) % p.Size()
		p.At(n)
	}
}

package runfile

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/authbench/authbench/internal/stats"
)

// ErrApart tells that files are of runs that cannot be added up.
var ErrApart = errors.New("the runs cannot be merged")

// Merge adds up parts of one run, or runs of one plan. Which of the two follows from
// what the loads say of themselves; the order in which they are given does not matter,
// and none of them is changed.
//
// Parts ran side by side: their seconds are laid upon each other. Runs are laid end to
// end, as if one had followed the other, so that rates remain rates. Histograms and
// counts are exact. What cannot be added up is the worst of all: the verdict, the
// health of the generator, each threshold.
//
// The error is [ErrApart] and says why.
func Merge(loads ...*stats.Load) (*stats.Load, error) {
	if len(loads) == 0 {
		return nil, fmt.Errorf("%w: there is none", ErrApart)
	}
	loads = slices.Clone(loads)
	slices.SortStableFunc(loads, func(a, b *stats.Load) int {
		return cmp.Or(a.Run.Start.Compare(b.Run.Start), cmp.Compare(a.Run.Seed, b.Run.Seed), cmp.Compare(a.Part.Index, b.Part.Index))
	})
	if err := together(loads); err != nil {
		return nil, err
	}
	if len(loads) == 1 {
		return loads[0], nil
	}
	m := &merger{parts: loads[0].Part.Of > 1, series: map[stats.SeriesKey]int{}}
	for _, l := range loads {
		m.add(l)
	}
	return m.finish(loads), nil
}

// together finds what keeps runs apart.
func together(loads []*stats.Load) error {
	first := loads[0]
	for i, l := range loads[1:] {
		switch {
		case l.Profile.PlanHash != first.Profile.PlanHash:
			return fmt.Errorf("%w: plans %s and %s differ", ErrApart, plan(first), plan(l))
		case l.Part.Of > 1 != (first.Part.Of > 1):
			return fmt.Errorf("%w: one is a part of a run, another is a whole run", ErrApart)
		case l.Part.Of > 1 && l.Run.Seed != first.Run.Seed:
			return fmt.Errorf("%w: they are parts of different runs, with seeds %d and %d", ErrApart, first.Run.Seed, l.Run.Seed)
		case l.Part.Of > 1 && l.Part.Of != first.Part.Of:
			return fmt.Errorf("%w: one is a part of %d, another of %d", ErrApart, first.Part.Of, l.Part.Of)
		}
		for _, before := range loads[:i+1] {
			if l.Part.Of > 1 && l.Part.Index == before.Part.Index {
				return fmt.Errorf("%w: part %d is there twice", ErrApart, l.Part.Index)
			}
			if l.Part.Of <= 1 && l.Run.Seed == before.Run.Seed && l.Run.Start.Equal(before.Run.Start) {
				return fmt.Errorf("%w: the run of %s is there twice", ErrApart, l.Run.Start.UTC().Format("2006-01-02 15:04:05"))
			}
		}
	}
	return nil
}

func plan(l *stats.Load) string {
	return fmt.Sprintf("%.60q (%.12q)", l.Profile.Name, l.Profile.PlanHash)
}

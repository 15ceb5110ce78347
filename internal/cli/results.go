package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/authbench/authbench/internal/runfile"
	"github.com/authbench/authbench/internal/stats"
)

// savedRun reads a file that load --out made. Of one that was cut short, what is whole
// is taken, and that it is short is told.
func (a *app) savedRun(name string) (*stats.Load, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, wrong("can not read %s: %s", name, reasonOf(err))
	}
	l, err := runfile.Read(f)
	err = errors.Join(err, f.Close())
	switch {
	case l != nil && errors.Is(err, runfile.ErrTruncated):
		fmt.Fprintf(a.Err, "authbench: %s: %s\n", name, err)
	case err != nil:
		return nil, wrong("%s: %w", name, err)
	}
	return l, nil
}

// incomplete is the code for runs of which some were cut short: whether they were good
// is not known.
func incomplete(loads []*stats.Load) error {
	if slices.ContainsFunc(loads, func(l *stats.Load) bool { return l.Truncated }) {
		return exit(Inconclusive)
	}
	return nil
}

func (a *app) savedRuns(names []string) ([]*stats.Load, error) {
	out := make([]*stats.Load, 0, len(names))
	for _, name := range names {
		l, err := a.savedRun(name)
		if err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}

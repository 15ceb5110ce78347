package cli

import (
	"errors"
	"fmt"
	"os"

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
		fmt.Fprintf(a.Err, "authbench: %s: %s; its last seconds are missing\n", name, runfile.ErrTruncated)
	case err != nil:
		return nil, wrong("%s: %w", name, err)
	}
	return l, nil
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

package cli

import (
	"errors"
	"slices"
)

// maxFaults bounds what is kept: a stream that is broken fails at every result.
const maxFaults = 16

// faults are what went wrong with the outputs of a run. Others go on being written, so
// there may be several; one that comes again is kept once.
type faults struct{ all []error }

func (f *faults) keep(err error) {
	if err == nil || len(f.all) == maxFaults {
		return
	}
	same := func(e error) bool { return e.Error() == err.Error() }
	if !slices.ContainsFunc(f.all, same) {
		f.all = append(f.all, err)
	}
}

// err gives all of them in one, nil when there are none.
func (f *faults) err() error { return errors.Join(f.all...) }

package stats

import "github.com/authbench/authbench/internal/result"

// Counts are numbers of iterations, or executions of a step, by outcome.
type Counts struct {
	Success, Failure, Error, Skipped, Aborted, Dropped uint64
}

// Add counts one more. An outcome that is none counts as an error, so that the
// account adds up.
func (c *Counts) Add(o result.Outcome) {
	switch o {
	case result.Success:
		c.Success++
	case result.Failure:
		c.Failure++
	case result.Skipped:
		c.Skipped++
	case result.Aborted:
		c.Aborted++
	case result.Dropped:
		c.Dropped++
	default:
		c.Error++
	}
}

// Of gives the number for one outcome.
func (c Counts) Of(o result.Outcome) uint64 {
	switch o {
	case result.Success:
		return c.Success
	case result.Failure:
		return c.Failure
	case result.Error:
		return c.Error
	case result.Skipped:
		return c.Skipped
	case result.Aborted:
		return c.Aborted
	case result.Dropped:
		return c.Dropped
	}
	return 0
}

// Started is the number of all that were started: all but the dropped.
func (c Counts) Started() uint64 { return c.Success + c.Failure + c.Error + c.Skipped + c.Aborted }

// Scheduled is the number of all that were due.
func (c Counts) Scheduled() uint64 { return c.Started() + c.Dropped }

// graver reports whether a is to be told rather than b. An iteration that was
// judged wrong, or could not be judged, says more than one that was interrupted.
func graver(a, b result.Outcome) bool { return gravity(a) > gravity(b) }

func gravity(o result.Outcome) int {
	switch o {
	case result.Skipped:
		return 1
	case result.Dropped:
		return 2
	case result.Success:
		return 3
	case result.Aborted:
		return 4
	case result.Failure:
		return 5
	case result.Error:
		return 6
	}
	return 0
}

func (c *Counts) merge(other Counts) {
	c.Success += other.Success
	c.Failure += other.Failure
	c.Error += other.Error
	c.Skipped += other.Skipped
	c.Aborted += other.Aborted
	c.Dropped += other.Dropped
}

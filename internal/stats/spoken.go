package stats

import (
	"fmt"
	"slices"

	"github.com/authbench/authbench/internal/result"
)

// speaks reports whether a condition is on iterations of a scenario that came to an
// outcome. It is when it refers to a number that counts them among what is not success.
// Numbers of steps are of steps, not of iterations, and an object as a whole is no number.
func (j *Judge) speaks(scenario string, o result.Outcome) bool {
	if j == nil {
		return false
	}
	words := map[result.Outcome][]string{
		result.Failure: {"failure", "success_ratio", "failure_ratio"},
		result.Error:   {"error", "error_ratio", "success_ratio", "failure_ratio"},
		result.Aborted: {"aborted", "success_ratio", "failure_ratio"},
		result.Dropped: {"dropped"},
	}[o]
	for _, c := range j.cases {
		for _, r := range c.refs {
			if r.kind == iterationGroup && (r.scenario == "" || r.scenario == scenario) &&
				len(r.rest) == 1 && slices.Contains(words, r.rest[0]) {
				return true
			}
		}
	}
	return false
}

// unspoken counts the measured iterations of an outcome that no threshold is on.
func (l *Load) unspoken(thresholds *Judge, o result.Outcome) (n uint64) {
	for i := range l.Series {
		if s := &l.Series[i]; s.Measure == MeasureIteration && !thresholds.speaks(s.Scenario, o) {
			n += s.Counts.Of(o)
		}
	}
	return n
}

// unspokenFaults says what went wrong that no threshold is on, a sentence for each outcome.
// Without thresholds failures and errors are told elsewhere, and a run that ended itself
// aborted what it did because of that.
func (l *Load) unspokenFaults(thresholds *Judge) []string {
	var out []string
	say := func(o result.Outcome, text string) {
		if n := l.unspoken(thresholds, o); n > 0 {
			out = append(out, fmt.Sprintf(text, n, l.Iterations.Scheduled()))
		}
	}
	if len(l.Thresholds) > 0 {
		say(result.Failure, "%d of %d iterations failed and no threshold mentions that. If some may, add a threshold on metrics.iterations.failure_ratio.")
		say(result.Error, "%d of %d iterations could not be judged and no threshold mentions that. If some need not be, add a threshold on metrics.iterations.error_ratio.")
	}
	if l.Aborted == "" && !l.Interrupted {
		say(result.Aborted, "%d of %d iterations were aborted when graceful_stop was over and no threshold mentions that. Find out why they did not end, raise graceful_stop, or add a threshold on metrics.iterations.aborted.")
	}
	return out
}

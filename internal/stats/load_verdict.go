package stats

import (
	"errors"
	"fmt"

	"github.com/authbench/authbench/internal/result"
)

// judge gives the run its verdict, and the notes that say why when it is inconclusive.
func (l *Load) judge(all *sums, thresholds *Judge, health *healthWatch) {
	l.Notes = health.notes(l.Profile.Open)
	if all.exhausted > 0 {
		l.Notes = append(l.Notes, fmt.Sprintf(
			"%d iterations ended because this machine had no descriptor, port or memory left for a connection. Raise the limit (ulimit -n), let connections be used again (http keep_alive) or lower max_in_flight.",
			all.exhausted))
	}
	if n := l.unspoken(thresholds, result.Dropped); n > 0 {
		l.Notes = append(l.Notes, fmt.Sprintf(
			"%d of %d arrivals were dropped and no threshold mentions that. Raise max_in_flight, lower the rate, or add a threshold on metrics.iterations.dropped.",
			n, l.Iterations.Scheduled()))
	}
	wrong := l.unspokenFaults(thresholds)
	l.Notes = append(l.Notes, wrong...)
	l.Verdict = l.verdict(all.locked, all.exhausted, len(wrong) > 0)
}

// verdict weighs what is known. Where the generator had nothing left to open connections
// with, a threshold that broke says nothing about the target; without thresholds, failures
// of other sorts count as ever. unspoken tells that something went wrong that no threshold
// is on.
func (l *Load) verdict(locked, exhausted uint64, unspoken bool) Verdict {
	n, all := l.Iterations, l.Iterations
	all.merge(l.Warmup)
	switch {
	case l.Interrupted:
		return Interrupted
	case l.Aborted != "":
		return Failed
	case l.Requests.Sent > 0 && l.Requests.Answered == 0 && exhausted == 0:
		return Unanswered
	case all.Success == 0 && locked > 0 && locked == all.Failure+all.Error && l.Requests.Refused == l.Requests.Answered:
		return Refused
	case exhausted > 0 && (len(l.Thresholds) > 0 || all.Failure+all.Error <= exhausted):
		return Inconclusive
	case l.fixtureFailed() || l.broken() || unspoken:
		return Failed
	case n.Failure+n.Error+n.Aborted > 0 && (len(l.Thresholds) == 0 || n.Success == 0):
		return Failed
	case n.Success == 0:
		return NoData
	case len(l.Notes) > 0:
		return Inconclusive
	}
	return Passed
}

// broken finds a threshold that does not hold. One without data does not.
func (l *Load) broken() bool {
	for i := range l.Thresholds {
		if l.Thresholds[i].Verdict != Passed {
			return true
		}
	}
	return false
}

// Check finds out whether the account of a run adds up: whether every arrival that the
// generator dealt with, scheduled of them, has one outcome; whether drops and series are
// parts of the same whole. An error is a fault of this program.
func (l *Load) Check(scheduled uint64) error {
	var faults []error
	if got := l.Iterations.Scheduled() + l.Warmup.Scheduled(); got != scheduled {
		faults = append(faults, fmt.Errorf("%d arrivals were scheduled and %d have an outcome", scheduled, got))
	}
	var drops uint64
	for _, d := range l.Drops {
		drops += d.Count
	}
	if got := l.Iterations.Dropped + l.Warmup.Dropped; got != drops {
		faults = append(faults, fmt.Errorf("%d iterations were dropped and %d have a reason", got, drops))
	}
	var series, ended Counts
	for i := range l.Series {
		if l.Series[i].Measure == MeasureIteration {
			series.merge(l.Series[i].Counts)
		}
	}
	if series != l.Iterations {
		faults = append(faults, fmt.Errorf("scenarios add up to %+v and iterations are %+v", series, l.Iterations))
	}
	for i := range l.Seconds {
		ended.merge(l.Seconds[i].Ended)
	}
	both := l.Iterations
	both.merge(l.Warmup)
	if ended != both {
		faults = append(faults, fmt.Errorf("seconds add up to %+v and iterations are %+v", ended, both))
	}
	return errors.Join(faults...)
}

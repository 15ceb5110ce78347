package stats

import "github.com/authbench/authbench/internal/result"

// Verdict is the one word on a run.
type Verdict string

// The verdicts, from the one that beats all others down.
const (
	// Interrupted says that somebody stopped the run.
	Interrupted Verdict = "interrupted"
	// Unanswered says that requests were sent and not one was answered.
	Unanswered Verdict = "unanswered"
	// Refused says that credentials were refused: every answer was 401 or 403, and
	// nothing succeeded.
	Refused Verdict = "refused"
	// Failed says that an iteration was judged wrong or could not be judged.
	Failed Verdict = "failure"
	// NoData says that a selected scenario was never judged, or that all were skipped.
	NoData Verdict = "no_data"
	// Inconclusive says that iterations were due and not started.
	Inconclusive Verdict = "inconclusive"
	// Passed says that everything that was to run did, and was found right.
	Passed Verdict = "success"
)

func (a *Accumulator) verdict(end End) Verdict {
	n := a.iterations
	switch {
	case end.Interrupted:
		return Interrupted
	case a.requests.Sent > 0 && a.requests.Answered == 0:
		return Unanswered
	case n.Success == 0 && a.locked > 0 && a.locked == n.Failure+n.Error && a.requests.Refused == a.requests.Answered:
		return Refused
	case n.Failure > 0 || n.Error > 0 || a.fixtureFailed:
		return Failed
	case n.Success == 0 || a.unjudgedCase():
		return NoData
	case n.Dropped > 0:
		return Inconclusive
	}
	return Passed
}

// lockedOut reports whether an iteration ended because credentials were refused where
// no refusal was asked for.
func lockedOut(it *result.Iteration) bool {
	for i := range it.Steps {
		s := &it.Steps[i]
		if s.Name == it.Step && wrong(s.Outcome) {
			return s.Reason == result.ReasonHTTP4xx && (s.Status == 401 || s.Status == 403)
		}
	}
	return false
}

// unjudgedCase finds a case of which nothing is known. One that was skipped for a
// reason is known.
func (a *Accumulator) unjudgedCase() bool {
	for _, c := range a.cases {
		if c.counts.Success == 0 && c.counts.Skipped == 0 {
			return true
		}
	}
	return false
}

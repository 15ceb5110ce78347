package stats

// Verdict is the one word on a run.
type Verdict string

// The verdicts, from the one that beats all others down.
const (
	// Interrupted says that somebody stopped the run.
	Interrupted Verdict = "interrupted"
	// Unanswered says that requests were sent and not one was answered.
	Unanswered Verdict = "unanswered"
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
	case n.Failure > 0 || n.Error > 0:
		return Failed
	case n.Success == 0 || a.unjudgedCase():
		return NoData
	case n.Dropped > 0:
		return Inconclusive
	}
	return Passed
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

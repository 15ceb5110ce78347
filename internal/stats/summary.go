package stats

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/authbench/authbench/internal/hist"
	"github.com/authbench/authbench/internal/result"
)

// Summary is what a run came to. It shares nothing with the accumulator, and may be
// read by many.
type Summary struct {
	Run result.Run
	End
	Verdict    Verdict
	Iterations Counts
	// Cases are the scenario instances, in the order of the plan.
	Cases []CaseSummary
	// Failures are in the order of first sight.
	Failures []Failure
	Requests Requests
	// Messages are those that the target was made to send, by channel.
	Messages []Tally
	// Deliveries are the messages that were waited for, by channel.
	Deliveries []DeliverySummary
	// ErrorCodes are the API's, expected ones included.
	ErrorCodes []Tally
}

// Requests counts HTTP requests.
type Requests struct {
	// Sent is all of them, Answered those that any HTTP status came back for.
	Sent, Answered uint64
	// Repeated is how many were second and later attempts.
	Repeated uint64
	// Refused is how many were answered with 401 or 403, asked for or not.
	Refused uint64
	// RateLimited is how many were answered with 429.
	RateLimited uint64
}

// CaseSummary is a scenario instance.
type CaseSummary struct {
	Case
	// Outcome is the gravest of its iterations, 0 when none came to an end.
	Outcome result.Outcome
	// Reason and Note are those of the first iteration with that outcome.
	Reason     result.Reason
	Note       string
	Iterations Counts
	// Elapsed is the sum of the durations of all iterations, whatever came of them.
	Elapsed time.Duration
	// Duration and Wait are of the iterations that were judged.
	Duration, Wait Times
	// Steps are in the order in which they run.
	Steps []StepSummary
}

// StepSummary is a step of a scenario instance, all its for_each keys together.
type StepSummary struct {
	Section    result.Section
	Name, Kind string
	// Outcome is the gravest; Reason and Note are those of the first such execution.
	Outcome    result.Outcome
	Reason     result.Reason
	Note       string
	Executions Counts
	// Expected is how many were refusals that the scenario asked for.
	Expected uint64
	// Duration is service time, Wait what was spent on limiters, delays, pauses and
	// deliveries; each of the executions that had any.
	Duration, Wait Times
}

// DeliverySummary is the messages of one channel that were waited for.
type DeliverySummary struct {
	Channel string
	// Results are by [result.DeliveryResult].
	Results  []Tally
	Duration Times
}

// Times describes a set of durations. All but Count are 0 when there is none.
type Times struct {
	Count                                         uint64
	Min, P50, P90, P95, P99, P999, Max, Mean, Sum time.Duration
}

// NewTimes reads the usual numbers off a histogram.
func NewTimes(h *hist.Histogram) Times {
	return Times{
		Count: h.Count(), Min: h.Min(), P50: h.Quantile(.5), P90: h.Quantile(.9), P95: h.Quantile(.95),
		P99: h.Quantile(.99), P999: h.Quantile(.999), Max: h.Max(), Mean: h.Mean(), Sum: h.Sum(),
	}
}

// Summary gives what was counted so far, judged as if it were all.
func (a *Accumulator) Summary(end End) *Summary {
	s := &Summary{
		Run: a.run, End: end, Verdict: a.verdict(end), Iterations: a.iterations, Requests: a.requests,
		Messages: a.messages.list(), ErrorCodes: a.errorCodes.list(),
	}
	s.Run.Targets = slices.Clone(a.run.Targets)
	for _, c := range a.cases {
		s.Cases = append(s.Cases, c.summary())
	}
	s.Failures = a.failures.copies()
	for _, channel := range slices.Sorted(maps.Keys(a.deliveries)) {
		d := a.deliveries[channel]
		results := make(tally, len(d.results))
		for r, n := range d.results {
			results[string(r)] = n
		}
		s.Deliveries = append(s.Deliveries, DeliverySummary{channel, results.list(), NewTimes(&d.duration)})
	}
	return s
}

func (c *caseSums) summary() CaseSummary {
	out := CaseSummary{
		Case: c.Case, Outcome: c.outcome, Reason: c.reason, Note: c.note, Iterations: c.counts, Elapsed: c.elapsed,
		Duration: NewTimes(&c.duration), Wait: NewTimes(&c.wait),
	}
	for _, s := range c.steps {
		out.Steps = append(out.Steps, StepSummary{
			Section: s.section, Name: s.name, Kind: s.kind, Outcome: s.outcome, Reason: s.reason, Note: s.note,
			Executions: s.counts, Expected: s.expected, Duration: NewTimes(&s.duration), Wait: NewTimes(&s.wait),
		})
	}
	// Stable: within a section, first sight is the order of the file, unless a step
	// ran for the first time after another iteration had passed it by.
	slices.SortStableFunc(out.Steps, func(x, y StepSummary) int { return cmp.Compare(place(x.Section), place(y.Section)) })
	return out
}

func place(s result.Section) int {
	return slices.Index([]result.Section{result.Setup, result.Body, result.Teardown}, s)
}

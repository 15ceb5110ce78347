package stats

import (
	"time"

	"github.com/authbench/authbench/internal/hist"
	"github.com/authbench/authbench/internal/result"
)

// Load is what a load run came to so far. It is plain data: screens, pages, files and
// metrics are made of it, and two of them merge when they are parts of one run or runs
// of one plan.
type Load struct {
	Run     result.Run
	Profile Profile
	// Seeds are those of the runs when this is the sum of several, otherwise nil.
	Seeds []uint64
	// Environment is where the run was made, Part which part of it this is.
	Environment Environment
	Part        Part
	End
	Verdict Verdict
	// Truncated tells that this was read from a file that was cut short; a note says
	// what is missing.
	Truncated bool
	// Notes tell why a run is inconclusive and what to change, one sentence each.
	Notes []string
	// Iterations are those of the measured part, Warmup those before it. Both add up:
	// scheduled is the sum of the outcomes.
	Iterations, Warmup Counts
	// Drops are the dropped ones of both, by [DropReason].
	Drops []Tally
	// Series are in the order of the plan. They hold the measured part alone.
	Series []Series
	// Seconds cover the run without a gap, warm-up included, the open one last.
	Seconds    []Second
	Thresholds []ThresholdResult
	// Failures are those of both.
	Failures []Failure
	// Requests, Endpoints and Messages are of both as well: what was sent was sent.
	Requests Requests
	// Endpoints are what requests went to, by name.
	Endpoints []Endpoint
	// Messages are those that the target was made to send, by channel.
	Messages   []Tally
	Deliveries []DeliverySummary
	ErrorCodes []Tally
	// Health is how the generator did, not the target.
	Health Health
}

// Profile is what was asked for.
type Profile struct {
	Name, Description string
	// PlanHash tells two plans apart; equal plans have the same.
	PlanHash string
	// Open tells a schedule of arrivals from users that run one after the other.
	Open bool
	// Schedule is the profile in words, for people.
	Schedule string
	// Planned is how many arrivals the schedule holds, 0 when time decides.
	Planned uint64
	// Duration is that of the schedule, 0 when the number of iterations decides.
	Duration, Warmup time.Duration
	MaxInFlight      int
	Overflow         string
}

// Environment is where a run was made: what numbers depend on besides the target.
type Environment struct {
	// Go is the version that the program was built with, OS and Arch what it runs on.
	Go, OS, Arch string
}

// Part is the share of a run that one process of several had: number Index, from 0, of
// Of. The zero value is the whole.
type Part struct{ Index, Of int }

// DropReason is why an arrival was never started.
type DropReason = result.DropReason

// The reasons to drop.
const (
	DropConcurrency = result.DropConcurrency
	DropRateLimit   = result.DropRateLimit
	DropDeadline    = result.DropDeadline
	DropDataset     = result.DropDataset
)

// DropReasons lists all reasons.
func DropReasons() []DropReason { return result.DropReasons() }

// Measure is what a series measures.
type Measure string

// The measures. All are durations.
const (
	// MeasureResponse runs from the intended start of an iteration to its end,
	// teardown left out: what a user who came on time waited.
	MeasureResponse Measure = "response"
	// MeasureIteration runs from the actual start.
	MeasureIteration Measure = "iteration"
	// MeasureWait is the part of an iteration that was spent on limiters, pauses and
	// deliveries.
	MeasureWait Measure = "wait"
	// MeasureLateness is the actual start minus the intended one, without the time that
	// was spent on waiting for room in flight or for a fixture.
	MeasureLateness Measure = "lateness"
	// MeasureStep is the service time of a step, MeasureStepWait what it waited.
	MeasureStep     Measure = "step"
	MeasureStepWait Measure = "step_wait"
	// MeasureDelivery runs from the answer to a sending request to the arrival of its
	// message.
	MeasureDelivery Measure = "delivery"
	// MeasurePhase is a part of a request: name resolution, connection and so on.
	MeasurePhase Measure = "phase"
	// MeasureLimiter is what requests waited for a limit of ours.
	MeasureLimiter Measure = "limiter"
)

// SeriesKey names a series. Empty parts do not apply: lateness has none, a delivery
// has a channel, a phase an endpoint.
type SeriesKey struct {
	Measure         Measure
	Scenario, Step  string
	Channel         string
	Endpoint, Phase string
	Limit           string
}

// Series is one measure with all its samples. Histogram belongs to whoever holds the
// Load and is not shared.
type Series struct {
	SeriesKey
	Histogram hist.Histogram
	// Counts are outcomes: of iterations, or of executions of a step.
	Counts Counts
}

// Endpoint is what became of the requests to one route.
type Endpoint struct {
	Name string
	// Codes are by HTTP status, "0" when no answer came. Retries are repeated requests,
	// by the [result.Reason] of the attempt before. Errors are codes of the API.
	Codes, Retries, Errors []Tally
}

// Second is one second of a run, from Offset seconds after its start; of a long run, or
// where the generator stood still, several in one.
type Second struct {
	Offset int
	// Length is how many seconds this covers, 1 or more.
	Length int
	// Wanted is the rate of the schedule in its middle, in iterations a second.
	Wanted float64
	// Started and Ended are iterations; Ended by outcome, by the moment they ended.
	Started uint64
	Ended   Counts
	// Reasons are why the failures and errors among them were, by [result.Reason].
	Reasons []Tally
	// Requests and Refusals (429) that were answered.
	Requests, RateLimited uint64
	// InFlight and Parked are the most at any moment.
	InFlight, Parked int
	// Samples are of the series that had any, by place in Load.Series: all seconds
	// together are the series. Warmup are those that series leave out. Phases and
	// limits have none.
	Samples, Warmup []SecondSamples
}

// SecondSamples are what one series recorded within a second.
type SecondSamples struct {
	Series  int
	Samples hist.Sparse
}

// ThresholdResult is a condition and what became of it.
type ThresholdResult struct {
	Name string
	// Condition is its text.
	Condition string
	// Verdict is Passed, Failed or NoData.
	Verdict Verdict
	// Message is that of the file, evaluated; empty when it holds.
	Message string
	// Observed are the numbers that the condition refers to, at the moment that
	// decided: the one that broke it first, or the last.
	Observed []Observed
	// BrokenAt is since when it is broken, counted from the start; 0 when it is not. One
	// with a window, or one that ends the run, stays broken.
	// Evaluated is how often it was judged.
	BrokenAt  time.Duration
	Evaluated uint64
	Window    time.Duration
	// Aborted tells that it ended the run.
	Aborted bool
}

// Observed is a number that a condition refers to, as the file writes it.
type Observed struct {
	Name    string
	Value   string
	Samples uint64
}

// Health is how the generator did.
type Health struct {
	// CPUs is how many it may use; CPU the part of them that it used, from 0 to 1, at
	// most over ten seconds and over all.
	CPUs            int
	CPUMost, CPUAll float64
	// Goroutines and Memory (bytes of the process) at most.
	Goroutines int
	Memory     uint64
	// Descriptors and Ports at most, with the limits of this machine; 0 where that is
	// not known.
	Descriptors, DescriptorLimit int
	Ports, PortLimit             int
	// LatenessP99 is the worst of any ten seconds.
	LatenessP99 time.Duration
}

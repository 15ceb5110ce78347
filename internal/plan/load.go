package plan

import (
	"time"

	"github.com/authbench/authbench/internal/eval"
)

// Load is a profile: what runs, how much of it and when, and what must hold.
type Load struct {
	Name, Description string
	// Seed is that of the file, nil when it gives none.
	Seed *uint64
	// MaxInFlight bounds the iterations that run at a time.
	MaxInFlight int
	// Overflow says what becomes of an arrival when that many run.
	Overflow Overflow
	// Warmup is the first part of the schedule. It is recorded and left out of
	// thresholds and verdict.
	Warmup time.Duration
	// GracefulStop is how long iterations may go on when the schedule is over.
	GracefulStop time.Duration
	// Poisson draws arrivals at random around the rate; otherwise they are evenly
	// spaced.
	Poisson bool
	// Precise keeps arrivals closer to their time, at the cost of CPU.
	Precise bool
	// Mix is what runs; never empty. Weights are above zero.
	Mix []Share
	// Exactly one of these is given: Stages are an open profile, VUs and Iterations
	// closed ones.
	Stages     []Stage
	VUs        []Users
	Iterations uint64
	// Thresholds are judged while it runs and at its end.
	Thresholds []*Threshold
	Source     eval.Site
}

// Share is a scenario of a mix. Several instances of a for_each share its weight
// evenly.
type Share struct {
	// Name is the declared one.
	Name      string
	Scenarios []*Scenario
	Weight    float64
}

// Stage leads the rate of arrivals, linearly, from where it was (0 at first) to Rate
// iterations a second. Over 0 is a jump.
type Stage struct {
	Rate float64
	Over time.Duration
}

// Users leads the number of users, each of which runs one iteration after the other,
// from what it was (0 at first) to Count. Over 0 is a jump.
type Users struct {
	Count int
	Over  time.Duration
}

// Overflow is what becomes of an arrival for which there is no room in flight.
type Overflow string

// The ways to deal with overflow.
const (
	OverflowDrop  Overflow = "drop"
	OverflowQueue Overflow = "queue"
	OverflowAbort Overflow = "abort"
)

// Threshold is a condition on the numbers of a run. True means good.
type Threshold struct {
	Name string
	// Condition and Message may refer to metrics.
	Condition, Message *eval.Expr
	// Window is how far back the numbers reach, 0 for all since the warm-up.
	Window time.Duration
	// After is when judging begins, counted from the end of the warm-up.
	After time.Duration
	// Abort ends the run when the condition breaks.
	Abort bool
	// MinSamples is how many samples each number that is referred to must have.
	// Below, the threshold is not judged; at the end that is no data, which fails.
	MinSamples uint64
	Source     eval.Site
}

// Fixture is work done once for a run, or once for each user, before the first
// iteration that needs it.
type Fixture struct {
	Name string
	// PerUser tells scope "vu" from scope "run".
	PerUser bool
	// Flow is the fixture as a scenario of its own: steps, teardown, outputs, locals. Its
	// steps are its body. Outputs are what `fixture.NAME` offers; the values of those
	// that are sensitive are marked.
	Flow   *Scenario
	Source eval.Site
}

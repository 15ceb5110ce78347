package result

import "time"

// Drop is an arrival that was due but never started. Its outcome is [Dropped].
type Drop struct {
	// Suite, Scenario, Key and Address are those of the iteration that it would have
	// been.
	Suite, Scenario, Key, Address string
	ID                            uint64
	// Intended is when the schedule had it start.
	Intended time.Time
	// Warmup tells that it belongs to the part of the schedule that is not judged.
	Warmup bool
	Reason DropReason
}

// DropReason is why an arrival was never started. The set is closed: it is a metric
// label.
type DropReason string

// The reasons to drop.
const (
	// DropConcurrency had no room in flight, or in the queue for it.
	DropConcurrency DropReason = "concurrency"
	// DropRateLimit was kept back by a limit.
	DropRateLimit DropReason = "rate_limit"
	// DropDeadline came too late: the schedule or the run ended first.
	DropDeadline DropReason = "deadline"
	// DropDataset found no free row.
	DropDataset DropReason = "dataset"
)

// DropReasons lists all reasons.
func DropReasons() []DropReason {
	return []DropReason{DropConcurrency, DropRateLimit, DropDeadline, DropDataset}
}

package runner

import (
	"time"

	"github.com/authbench/authbench/internal/result"
)

// LoadCounts says what became of arrivals. Scheduled is always the sum of the rest
// when the run is over.
type LoadCounts struct {
	Scheduled, Success, Failure, Error, Skipped, Aborted, Dropped uint64
}

// Sum adds up all outcomes.
func (c LoadCounts) Sum() uint64 {
	return c.Success + c.Failure + c.Error + c.Skipped + c.Aborted + c.Dropped
}

func (c *LoadCounts) add(o result.Outcome) {
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

// LoadEnd is why a profile ended.
type LoadEnd string

// The ends.
const (
	// EndSchedule came when the schedule was over.
	EndSchedule LoadEnd = "schedule"
	// EndStopped was asked for through Stop.
	EndStopped LoadEnd = "stopped"
	// EndInterrupted is that of the context.
	EndInterrupted LoadEnd = "interrupted"
	// EndOverflow came because there was no room in flight, and the profile aborts then.
	EndOverflow LoadEnd = "overflow"
	// EndExhausted came because a dataset had no row left, and stops the run then.
	EndExhausted LoadEnd = "exhausted"
)

// LoadAccount is what a profile came to.
type LoadAccount struct {
	LoadCounts
	// Scenarios are in the order of the mix, one for each instance.
	Scenarios []ScenarioAccount
	// Drops are by reason, in the order of [result.DropReasons].
	Drops []DropCount
	End   LoadEnd
	// Start is time 0 of the schedule.
	Start time.Time
	// Schedule is how long it went on, Overall until the last iteration had ended.
	Schedule, Overall time.Duration
}

// ScenarioAccount is the share of one scenario instance.
type ScenarioAccount struct {
	Scenario, Key, Address string
	LoadCounts
}

// DropCount counts what was dropped for one reason.
type DropCount struct {
	Reason result.DropReason
	Count  uint64
}

func newAccount(shares []*share) LoadAccount {
	a := LoadAccount{Scenarios: make([]ScenarioAccount, len(shares))}
	for i, s := range shares {
		a.Scenarios[i] = ScenarioAccount{Scenario: s.program.Name, Key: s.program.Key, Address: s.program.Address}
	}
	for _, reason := range result.DropReasons() {
		a.Drops = append(a.Drops, DropCount{Reason: reason})
	}
	return a
}

func (a *LoadAccount) scheduled(s *share) {
	a.Scheduled++
	a.Scenarios[s.index].Scheduled++
}

func (a *LoadAccount) ended(s *share, o result.Outcome) {
	a.add(o)
	a.Scenarios[s.index].add(o)
}

func (a *LoadAccount) dropped(s *share, reason result.DropReason) {
	a.ended(s, result.Dropped)
	for i := range a.Drops {
		if a.Drops[i].Reason == reason {
			a.Drops[i].Count++
		}
	}
}

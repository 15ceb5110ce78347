package result

import "time"

// Run is what is known of a run before it starts.
type Run struct {
	// Version is the program's.
	Version string
	// Seed reproduces the run.
	Seed  uint64
	Start time.Time
	// Targets are in the order of the suites, one for each provider of each suite.
	Targets []Target
	// Scenarios is how many scenario instances were selected, Iterations how often
	// they are to run, all together.
	Scenarios, Iterations uint64
}

// TargetKind tells a copy from the real thing.
type TargetKind string

// The kinds of target.
const (
	Live     TargetKind = "live"
	Emulator TargetKind = "emulator"
)

// Target is where the requests of a suite go.
type Target struct {
	// Suite is the path of the configuration as the user gave it.
	Suite string `json:"suite"`
	// Provider is the provider's type, with its alias after a dot if it has one.
	Provider  string     `json:"provider"`
	BaseURL   string     `json:"base_url"`
	ProjectID string     `json:"project_id"`
	Kind      TargetKind `json:"kind"`
}

package plan

import "github.com/authbench/authbench/internal/policy"

type loadView struct {
	Name         string          `json:"name"`
	Description  string          `json:"description"`
	Seed         *uint64         `json:"seed"`
	Mix          []shareView     `json:"mix"`
	Model        string          `json:"model"`
	Arrivals     string          `json:"arrivals"`
	Precise      bool            `json:"precise"`
	MaxInFlight  int             `json:"max_in_flight"`
	Overflow     string          `json:"overflow"`
	Warmup       policy.Duration `json:"warmup"`
	GracefulStop policy.Duration `json:"graceful_stop"`
	Stages       []stageView     `json:"stages"`
	Users        []usersView     `json:"vus"`
	// Duration is 0 and Iterations decides, or Iterations is 0 and the target does.
	Duration   policy.Duration `json:"duration"`
	Iterations uint64          `json:"iterations"`
	// PeakRate is in iterations a second.
	PeakRate   float64            `json:"peak_rate"`
	PeakAt     policy.Duration    `json:"peak_at"`
	MostUsers  int                `json:"most_vus"`
	Requests   uint64             `json:"requests"`
	Messages   uint64             `json:"messages"`
	ByChannel  []ChannelCount     `json:"messages_by_channel"`
	EachSends  eachView           `json:"each_iteration"`
	Providers  []loadProviderView `json:"providers"`
	Exceeded   []string           `json:"exceeded"`
	Thresholds []thresholdView    `json:"thresholds"`
	Source     string             `json:"source"`
}

// The models of a profile.
const (
	modelArrivals   = "arrivals"
	modelUsers      = "vus"
	modelIterations = "iterations"
)

type shareView struct {
	Scenario string  `json:"scenario"`
	Weight   float64 `json:"weight"`
	// Part is that of all iterations, from 0 to 1.
	Part      float64  `json:"part"`
	Instances []string `json:"instances"`
}

type stageView struct {
	From     float64         `json:"from"`
	Rate     float64         `json:"rate"`
	Start    policy.Duration `json:"start"`
	Over     policy.Duration `json:"over"`
	Arrivals uint64          `json:"arrivals"`
	Requests uint64          `json:"requests"`
}

type usersView struct {
	Count int             `json:"count"`
	Over  policy.Duration `json:"over"`
}

type eachView struct {
	Requests float64 `json:"requests"`
	Messages float64 `json:"messages"`
}

type loadProviderView struct {
	Name     string `json:"name"`
	Requests uint64 `json:"requests"`
	Messages uint64 `json:"messages"`
	// PeakRequestsPerSecond is what the schedule asks for at its peak.
	PeakRequestsPerSecond float64     `json:"peak_requests_per_second"`
	Limits                []boundView `json:"limits"`
	// limit is that of the provider on requests a second, 0 without one; atLeast is how
	// long it makes the requests take, in seconds.
	limit, atLeast float64
}

type boundView struct {
	Limit   string  `json:"limit"`
	Allowed float64 `json:"allowed"`
	Asked   float64 `json:"asked"`
	// HoldsFrom is when the limit begins to hold the schedule back, null if never.
	HoldsFrom *policy.Duration `json:"holds_from"`
}

type thresholdView struct {
	Name         string          `json:"name"`
	Condition    string          `json:"condition"`
	ErrorMessage string          `json:"error_message"`
	Window       policy.Duration `json:"window"`
	After        policy.Duration `json:"after"`
	Abort        bool            `json:"abort"`
	MinSamples   uint64          `json:"min_samples"`
	Source       string          `json:"source"`
}

type datasetView struct {
	Name        string          `json:"name"`
	Mode        string          `json:"mode"`
	Rows        int             `json:"rows"`
	Columns     []columnView    `json:"columns"`
	Cooldown    policy.Duration `json:"cooldown"`
	OnExhausted string          `json:"on_exhausted"`
	Source      string          `json:"source"`
}

type columnView struct {
	Name      string `json:"name"`
	Type      string `json:"type"`
	Sensitive bool   `json:"sensitive"`
}

type fixtureView struct {
	Scope string `json:"scope"`
	scenarioView
}

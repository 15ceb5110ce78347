package report

import (
	"encoding/json"
	"io"
	"strconv"
	"time"

	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

// LoadFormatVersion is the version of the document of a load run.
const LoadFormatVersion = "1.0"

// LoadJSON writes the document of a load run, indented.
func LoadJSON(w io.Writer, l *stats.Load) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(loadDocument(l))
}

// LoadDocument gives the document on one line, for the end of an NDJSON stream.
func LoadDocument(l *stats.Load) (json.RawMessage, error) { return json.Marshal(loadDocument(l)) }

type loadJSON struct {
	FormatVersion string          `json:"format_version"`
	Verdict       stats.Verdict   `json:"verdict"`
	Reason        string          `json:"reason"`
	Notes         []string        `json:"notes"`
	Interrupted   bool            `json:"interrupted"`
	Ended         string          `json:"ended_early"`
	Version       string          `json:"version"`
	Seed          string          `json:"seed"`
	StartedAt     time.Time       `json:"started_at"`
	Duration      float64         `json:"duration_ms"`
	Environment   environmentJSON `json:"environment"`
	Targets       []result.Target `json:"targets"`
	Profile       profileJSON     `json:"profile"`
	Iterations    countsJSON      `json:"iterations"`
	Warmup        countsJSON      `json:"warmup"`
	Drops         []stats.Tally   `json:"drops"`
	Series        []seriesJSON    `json:"series"`
	Thresholds    []thresholdJSON `json:"thresholds"`
	Failures      []failureJSON   `json:"failures"`
	Requests      requestsJSON    `json:"requests"`
	Endpoints     []endpointJSON  `json:"endpoints"`
	Messages      []stats.Tally   `json:"messages"`
	Deliveries    []deliveryJSON  `json:"deliveries"`
	ErrorCodes    []stats.Tally   `json:"error_codes"`
	Health        healthJSON      `json:"health"`
}

type environmentJSON struct {
	Go   string `json:"go"`
	OS   string `json:"os"`
	Arch string `json:"arch"`
}

type profileJSON struct {
	Name        string  `json:"name"`
	Description string  `json:"description"`
	PlanHash    string  `json:"plan_hash"`
	Open        bool    `json:"open"`
	Schedule    string  `json:"schedule"`
	Planned     uint64  `json:"planned"`
	Duration    float64 `json:"duration_ms"`
	Warmup      float64 `json:"warmup_ms"`
	MaxInFlight int     `json:"max_in_flight"`
	Overflow    string  `json:"overflow"`
}

type seriesJSON struct {
	Measure  stats.Measure `json:"measure"`
	Scenario string        `json:"scenario"`
	Step     string        `json:"step"`
	Channel  string        `json:"channel"`
	Endpoint string        `json:"endpoint"`
	Phase    string        `json:"phase"`
	Limit    string        `json:"limit"`
	Counts   countsJSON    `json:"counts"`
	Rate     float64       `json:"rate"`
	Duration timesJSON     `json:"duration_ms"`
}

type thresholdJSON struct {
	Name      string         `json:"name"`
	Condition string         `json:"condition"`
	Verdict   stats.Verdict  `json:"verdict"`
	Message   string         `json:"message"`
	Observed  []observedJSON `json:"observed"`
	BrokenAt  *float64       `json:"broken_at_ms"`
	Evaluated uint64         `json:"evaluated"`
	Window    float64        `json:"window_ms"`
	Aborted   bool           `json:"aborted"`
}

type observedJSON struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	Samples uint64 `json:"samples"`
}

type endpointJSON struct {
	Name    string        `json:"name"`
	Codes   []stats.Tally `json:"codes"`
	Retries []stats.Tally `json:"retries"`
	Errors  []stats.Tally `json:"errors"`
}

type healthJSON struct {
	CPUs            int     `json:"cpus"`
	CPUMost         float64 `json:"cpu_most"`
	CPUAll          float64 `json:"cpu_all"`
	Goroutines      int     `json:"goroutines"`
	Memory          uint64  `json:"memory_bytes"`
	Descriptors     int     `json:"descriptors"`
	DescriptorLimit int     `json:"descriptor_limit"`
	Ports           int     `json:"ports"`
	PortLimit       int     `json:"port_limit"`
	Lateness        float64 `json:"lateness_p99_ms"`
}

func loadDocument(l *stats.Load) loadJSON {
	p, h := l.Profile, l.Health
	out := loadJSON{
		FormatVersion: LoadFormatVersion, Verdict: l.Verdict, Reason: loadReason(l), Notes: list(l.Notes), Interrupted: l.Interrupted, Ended: ending(l),
		Version: l.Run.Version, Seed: strconv.FormatUint(l.Run.Seed, 10), StartedAt: l.Run.Start.UTC(), Duration: exactMillis(l.Wall),
		Environment: environmentJSON(l.Environment), Targets: list(l.Run.Targets),
		Profile: profileJSON{p.Name, p.Description, p.PlanHash, p.Open, p.Schedule, p.Planned, exactMillis(p.Duration),
			exactMillis(p.Warmup), p.MaxInFlight, p.Overflow},
		Iterations: counts(l.Iterations), Warmup: counts(l.Warmup), Drops: list(l.Drops),
		Series: []seriesJSON{}, Thresholds: []thresholdJSON{}, Failures: []failureJSON{}, Requests: requestsJSON(l.Requests),
		Endpoints: []endpointJSON{}, Messages: list(l.Messages), Deliveries: []deliveryJSON{}, ErrorCodes: list(l.ErrorCodes),
		Health: healthJSON{h.CPUs, h.CPUMost, h.CPUAll, h.Goroutines, h.Memory, h.Descriptors, h.DescriptorLimit, h.Ports,
			h.PortLimit, exactMillis(h.LatenessP99)},
	}
	for i := range l.Series {
		s := &l.Series[i]
		out.Series = append(out.Series, seriesJSON{
			s.Measure, s.Scenario, s.Step, s.Channel, s.Endpoint, s.Phase, s.Limit, counts(s.Counts), newRow(l, s).Rate, times(stats.NewTimes(&s.Histogram)),
		})
	}
	for _, t := range l.Thresholds {
		out.Thresholds = append(out.Thresholds, thresholdDocument(t))
	}
	for _, f := range l.Failures {
		out.Failures = append(out.Failures, failureDocument(f))
	}
	for _, e := range l.Endpoints {
		out.Endpoints = append(out.Endpoints, endpointJSON{e.Name, list(e.Codes), list(e.Retries), list(e.Errors)})
	}
	for _, d := range l.Deliveries {
		out.Deliveries = append(out.Deliveries, deliveryJSON{d.Channel, list(d.Results), times(d.Duration)})
	}
	return out
}

// thresholdDocument leaves the moment null for one that never broke.
func thresholdDocument(t stats.ThresholdResult) thresholdJSON {
	out := thresholdJSON{
		Name: t.Name, Condition: t.Condition, Verdict: t.Verdict, Message: t.Message, Observed: []observedJSON{},
		Evaluated: t.Evaluated, Window: exactMillis(t.Window), Aborted: t.Aborted,
	}
	for _, o := range t.Observed {
		out.Observed = append(out.Observed, observedJSON(o))
	}
	if t.BrokenAt > 0 {
		at := exactMillis(t.BrokenAt)
		out.BrokenAt = &at
	}
	return out
}

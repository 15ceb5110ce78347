package runfile

import (
	"time"

	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

// The types of this file are the lines of a run file. Times are whole nanoseconds,
// histograms are hist.Sparse in base64. They change only together with FormatVersion.

type lineType string

const (
	typeTotals    lineType = "totals"
	typeSeries    lineType = "series"
	typeThreshold lineType = "threshold"
	typeFailure   lineType = "failure"
	typeSecond    lineType = "second"
	typeEnd       lineType = "end"
)

type headerLine struct {
	Type          lineType        `json:"type"`
	FormatVersion string          `json:"format_version"`
	Version       string          `json:"version"`
	Seed          uint64          `json:"seed,string"`
	Seeds         []uint64        `json:"seeds,omitempty"`
	StartedAt     time.Time       `json:"started_at"`
	Targets       []result.Target `json:"targets"`
	Scenarios     uint64          `json:"scenarios"`
	Iterations    uint64          `json:"iterations"`
	Environment   environment     `json:"environment"`
	Part          part            `json:"part"`
	Profile       profile         `json:"profile"`
}

type environment struct {
	Go   string `json:"go"`
	OS   string `json:"os"`
	Arch string `json:"arch"`
}

type part struct {
	Index int `json:"index"`
	Of    int `json:"of"`
}

type profile struct {
	Name        string        `json:"name"`
	Description string        `json:"description"`
	PlanHash    string        `json:"plan_hash"`
	Open        bool          `json:"open"`
	Schedule    string        `json:"schedule"`
	Planned     uint64        `json:"planned"`
	Duration    time.Duration `json:"duration_ns"`
	Warmup      time.Duration `json:"warmup_ns"`
	MaxInFlight int           `json:"max_in_flight"`
	Overflow    string        `json:"overflow"`
}

type totalsLine struct {
	Type        lineType      `json:"type"`
	Verdict     stats.Verdict `json:"verdict"`
	Truncated   bool          `json:"truncated,omitempty"`
	Notes       []string      `json:"notes"`
	Wall        time.Duration `json:"wall_ns"`
	Interrupted bool          `json:"interrupted"`
	Aborted     string        `json:"aborted,omitempty"`
	Early       string        `json:"early,omitempty"`
	Iterations  counts        `json:"iterations"`
	Warmup      counts        `json:"warmup"`
	Drops       []stats.Tally `json:"drops"`
	Requests    requests      `json:"requests"`
	Endpoints   []endpoint    `json:"endpoints"`
	Messages    []stats.Tally `json:"messages"`
	Deliveries  []delivery    `json:"deliveries"`
	ErrorCodes  []stats.Tally `json:"error_codes"`
	Health      health        `json:"health"`
}

type counts struct {
	Success uint64 `json:"success"`
	Failure uint64 `json:"failure"`
	Error   uint64 `json:"error"`
	Skipped uint64 `json:"skipped"`
	Aborted uint64 `json:"aborted"`
	Dropped uint64 `json:"dropped"`
}

type requests struct {
	Sent        uint64 `json:"sent"`
	Answered    uint64 `json:"answered"`
	Repeated    uint64 `json:"repeated"`
	Refused     uint64 `json:"refused"`
	RateLimited uint64 `json:"rate_limited"`
}

type endpoint struct {
	Name    string        `json:"name"`
	Codes   []stats.Tally `json:"codes"`
	Retries []stats.Tally `json:"retries"`
	Errors  []stats.Tally `json:"errors"`
}

type delivery struct {
	Channel  string        `json:"channel"`
	Results  []stats.Tally `json:"results"`
	Duration times         `json:"duration_ns"`
}

type times struct {
	Count uint64        `json:"count"`
	Min   time.Duration `json:"min"`
	P50   time.Duration `json:"p50"`
	P90   time.Duration `json:"p90"`
	P95   time.Duration `json:"p95"`
	P99   time.Duration `json:"p99"`
	P999  time.Duration `json:"p999"`
	Max   time.Duration `json:"max"`
	Mean  time.Duration `json:"mean"`
	Sum   time.Duration `json:"sum"`
}

type health struct {
	CPUs            int           `json:"cpus"`
	CPUMost         float64       `json:"cpu_most"`
	CPUAll          float64       `json:"cpu_all"`
	Goroutines      int           `json:"goroutines"`
	Memory          uint64        `json:"memory_bytes"`
	Descriptors     int           `json:"descriptors"`
	DescriptorLimit int           `json:"descriptor_limit"`
	Ports           int           `json:"ports"`
	PortLimit       int           `json:"port_limit"`
	LatenessP99     time.Duration `json:"lateness_p99_ns"`
}

type seriesLine struct {
	Type      lineType      `json:"type"`
	Measure   stats.Measure `json:"measure"`
	Scenario  string        `json:"scenario"`
	Step      string        `json:"step"`
	Channel   string        `json:"channel"`
	Endpoint  string        `json:"endpoint"`
	Phase     string        `json:"phase"`
	Limit     string        `json:"limit"`
	Counts    counts        `json:"counts"`
	Histogram []byte        `json:"histogram"`
}

type thresholdLine struct {
	Type      lineType      `json:"type"`
	Name      string        `json:"name"`
	Condition string        `json:"condition"`
	Verdict   stats.Verdict `json:"verdict"`
	Message   string        `json:"message"`
	Observed  []observed    `json:"observed"`
	BrokenAt  time.Duration `json:"broken_at_ns"`
	Evaluated uint64        `json:"evaluated"`
	Window    time.Duration `json:"window_ns"`
	Aborted   bool          `json:"aborted"`
}

type observed struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	Samples uint64 `json:"samples"`
}

type failureLine struct {
	Type      lineType       `json:"type"`
	Suite     string         `json:"suite"`
	Scenario  string         `json:"scenario"`
	Key       string         `json:"key"`
	Address   string         `json:"address"`
	Section   result.Section `json:"section"`
	Step      string         `json:"step"`
	Kind      string         `json:"kind"`
	ErrorCode string         `json:"error_code"`
	Reason    result.Reason  `json:"reason"`
	Outcome   result.Outcome `json:"outcome"`
	Count     uint64         `json:"count"`
	Samples   []sample       `json:"samples"`
}

type sample struct {
	Iteration uint64        `json:"iteration"`
	Seed      uint64        `json:"seed,string"`
	StartedAt time.Time     `json:"started_at"`
	Duration  time.Duration `json:"duration_ns"`
	Message   string        `json:"message"`
	Step      *result.Step  `json:"step"`
}

type secondLine struct {
	Type        lineType        `json:"type"`
	Offset      int             `json:"offset"`
	Length      int             `json:"length"`
	Wanted      float64         `json:"wanted"`
	Started     uint64          `json:"started"`
	Ended       counts          `json:"ended"`
	Reasons     []stats.Tally   `json:"reasons"`
	Requests    uint64          `json:"requests"`
	RateLimited uint64          `json:"rate_limited"`
	InFlight    int             `json:"in_flight"`
	Parked      int             `json:"parked"`
	Samples     []secondSamples `json:"samples"`
	Warmup      []secondSamples `json:"warmup"`
}

type secondSamples struct {
	Series    int    `json:"series"`
	Histogram []byte `json:"histogram"`
}

type endLine struct {
	Type  lineType `json:"type"`
	Lines int      `json:"lines"`
}

package report

import (
	"encoding/json"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

// FormatVersion is the version of the summary document.
const FormatVersion = "1.0"

// JSON writes the summary document, indented.
func JSON(w io.Writer, s *stats.Summary) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(document(s))
}

// Document gives the summary document on one line, for the end of an NDJSON stream.
func Document(s *stats.Summary) (json.RawMessage, error) { return json.Marshal(document(s)) }

type summaryJSON struct {
	FormatVersion string          `json:"format_version"`
	Verdict       stats.Verdict   `json:"verdict"`
	Interrupted   bool            `json:"interrupted"`
	Version       string          `json:"version"`
	Seed          string          `json:"seed"`
	StartedAt     time.Time       `json:"started_at"`
	Duration      float64         `json:"duration_ms"`
	Targets       []result.Target `json:"targets"`
	Iterations    countsJSON      `json:"iterations"`
	Scenarios     []caseJSON      `json:"scenarios"`
	Failures      []failureJSON   `json:"failures"`
	Requests      requestsJSON    `json:"requests"`
	Messages      []stats.Tally   `json:"messages"`
	Deliveries    []deliveryJSON  `json:"deliveries"`
	ErrorCodes    []stats.Tally   `json:"error_codes"`
}

type countsJSON struct {
	Scheduled uint64 `json:"scheduled"`
	Started   uint64 `json:"started"`
	Success   uint64 `json:"success"`
	Failure   uint64 `json:"failure"`
	Error     uint64 `json:"error"`
	Skipped   uint64 `json:"skipped"`
	Aborted   uint64 `json:"aborted"`
	Dropped   uint64 `json:"dropped"`
}

type timesJSON struct {
	Count uint64  `json:"count"`
	Min   float64 `json:"min"`
	Mean  float64 `json:"mean"`
	P50   float64 `json:"p50"`
	P90   float64 `json:"p90"`
	P95   float64 `json:"p95"`
	P99   float64 `json:"p99"`
	P999  float64 `json:"p999"`
	Max   float64 `json:"max"`
}

type caseJSON struct {
	Suite       string        `json:"suite"`
	Scenario    string        `json:"scenario"`
	Key         string        `json:"key"`
	Address     string        `json:"address"`
	Description string        `json:"description"`
	Tags        []string      `json:"tags"`
	Outcome     string        `json:"outcome"`
	Reason      result.Reason `json:"reason"`
	Message     string        `json:"message"`
	Iterations  countsJSON    `json:"iterations"`
	Elapsed     float64       `json:"elapsed_ms"`
	Duration    timesJSON     `json:"duration_ms"`
	Wait        timesJSON     `json:"wait_ms"`
	Steps       []stepJSON    `json:"steps"`
}

type stepJSON struct {
	Section    result.Section `json:"section"`
	Name       string         `json:"name"`
	Kind       string         `json:"kind"`
	Outcome    string         `json:"outcome"`
	Reason     result.Reason  `json:"reason"`
	Message    string         `json:"message"`
	Executions countsJSON     `json:"executions"`
	Expected   uint64         `json:"expected_refusals"`
	Duration   timesJSON      `json:"duration_ms"`
	Wait       timesJSON      `json:"wait_ms"`
}

type failureJSON struct {
	Suite     string         `json:"suite"`
	Scenario  string         `json:"scenario"`
	Key       string         `json:"key"`
	Address   string         `json:"address"`
	Section   result.Section `json:"section"`
	Step      string         `json:"step"`
	Kind      string         `json:"kind"`
	ErrorCode string         `json:"error_code"`
	Outcome   string         `json:"outcome"`
	Reason    result.Reason  `json:"reason"`
	Count     uint64         `json:"count"`
	Samples   []sampleJSON   `json:"samples"`
}

type sampleJSON struct {
	Iteration uint64       `json:"iteration"`
	Seed      string       `json:"seed"`
	StartedAt time.Time    `json:"started_at"`
	Duration  float64      `json:"duration_ms"`
	Message   string       `json:"message"`
	Step      *result.Step `json:"step"`
}

type requestsJSON struct {
	Sent        uint64 `json:"sent"`
	Answered    uint64 `json:"answered"`
	Repeated    uint64 `json:"repeated"`
	Refused     uint64 `json:"refused"`
	RateLimited uint64 `json:"rate_limited"`
}

type deliveryJSON struct {
	Channel  string        `json:"channel"`
	Results  []stats.Tally `json:"results"`
	Duration timesJSON     `json:"duration_ms"`
}

func document(s *stats.Summary) summaryJSON {
	out := summaryJSON{
		FormatVersion: FormatVersion, Verdict: s.Verdict, Interrupted: s.Interrupted,
		Version: s.Run.Version, Seed: strconv.FormatUint(s.Run.Seed, 10), StartedAt: s.Run.Start.UTC(),
		Duration: exactMillis(s.Wall), Targets: list(s.Run.Targets), Iterations: counts(s.Iterations),
		Scenarios: []caseJSON{}, Failures: []failureJSON{}, Requests: requestsJSON(s.Requests),
		Messages: list(s.Messages), Deliveries: []deliveryJSON{}, ErrorCodes: list(s.ErrorCodes),
	}
	for _, c := range s.Cases {
		out.Scenarios = append(out.Scenarios, caseDocument(c))
	}
	for _, f := range s.Failures {
		out.Failures = append(out.Failures, failureDocument(f))
	}
	for _, d := range s.Deliveries {
		out.Deliveries = append(out.Deliveries, deliveryJSON{d.Channel, list(d.Results), times(d.Duration)})
	}
	return out
}

func caseDocument(c stats.CaseSummary) caseJSON {
	out := caseJSON{
		Suite: c.Suite, Scenario: c.Scenario, Key: c.Key, Address: c.Address, Description: c.Description,
		Tags: list(c.Tags), Outcome: outcomeWord(c.Outcome), Reason: c.Reason, Message: c.Note,
		Iterations: counts(c.Iterations), Elapsed: exactMillis(c.Elapsed), Duration: times(c.Duration), Wait: times(c.Wait), Steps: []stepJSON{},
	}
	for _, st := range c.Steps {
		out.Steps = append(out.Steps, stepJSON{
			Section: st.Section, Name: st.Name, Kind: st.Kind, Outcome: outcomeWord(st.Outcome), Reason: st.Reason,
			Message: st.Note, Executions: counts(st.Executions), Expected: st.Expected,
			Duration: times(st.Duration), Wait: times(st.Wait),
		})
	}
	return out
}

func failureDocument(f stats.Failure) failureJSON {
	out := failureJSON{
		Suite: f.Suite, Scenario: f.Scenario, Key: f.Key, Address: f.Address, Section: f.Section, Step: f.Step,
		Kind: f.Kind, ErrorCode: f.ErrorCode, Outcome: outcomeWord(f.Outcome), Reason: f.Reason, Count: f.Count,
		Samples: []sampleJSON{},
	}
	for _, s := range f.Samples {
		out.Samples = append(out.Samples, sampleJSON{
			Iteration: s.Iteration, Seed: strconv.FormatUint(s.Seed, 10), StartedAt: s.Start.UTC(),
			Duration: exactMillis(s.Duration), Message: s.Message, Step: s.Step,
		})
	}
	return out
}

func counts(c stats.Counts) countsJSON {
	return countsJSON{c.Scheduled(), c.Started(), c.Success, c.Failure, c.Error, c.Skipped, c.Aborted, c.Dropped}
}

func times(t stats.Times) timesJSON {
	return timesJSON{
		t.Count, exactMillis(t.Min), exactMillis(t.Mean), exactMillis(t.P50), exactMillis(t.P90),
		exactMillis(t.P95), exactMillis(t.P99), exactMillis(t.P999), exactMillis(t.Max),
	}
}

// exactMillis is a number of milliseconds to the microsecond.
func exactMillis(d time.Duration) float64 { return math.Round(float64(d)/1e3) / 1e3 }

func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

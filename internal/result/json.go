package result

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/authbench/authbench/internal/diag"
)

// FormatVersion is the version of the NDJSON events.
const FormatVersion = "1.0"

// Encoder writes a run as NDJSON: one object a line, each with a type. The first
// event is run_start and carries the format version; then come one iteration event
// for each iteration and diagnostic events as they arise; summary is the last.
// It is for one goroutine. Each event is one Write.
type Encoder struct {
	w   io.Writer
	buf bytes.Buffer
}

// NewEncoder makes an encoder. The caller keeps w, and closes it.
func NewEncoder(w io.Writer) *Encoder { return &Encoder{w: w} }

// Start writes what is known before the run.
func (e *Encoder) Start(r Run) error {
	return e.write(struct {
		FormatVersion string     `json:"format_version"`
		Type          string     `json:"type"`
		Version       string     `json:"version"`
		Seed          seed       `json:"seed"`
		StartedAt     *time.Time `json:"started_at"`
		Targets       []Target   `json:"targets"`
		Scenarios     uint64     `json:"scenarios"`
		Iterations    uint64     `json:"iterations"`
	}{FormatVersion, "run_start", r.Version, seed(r.Seed), moment(r.Start), list(r.Targets), r.Scenarios, r.Iterations})
}

// Iteration writes one iteration. It is not kept.
func (e *Encoder) Iteration(it *Iteration) error {
	return e.write(struct {
		Type string `json:"type"`
		iterationJSON
	}{"iteration", it.wire()})
}

// Diagnostics writes one event for each message that belongs to no iteration.
func (e *Encoder) Diagnostics(l diag.List) error {
	for _, d := range l {
		if err := e.write(struct {
			Type       string          `json:"type"`
			Diagnostic diag.Diagnostic `json:"diagnostic"`
		}{"diagnostic", d}); err != nil {
			return err
		}
	}
	return nil
}

// Summary writes the last event. document is a JSON object, made by a report.
func (e *Encoder) Summary(document json.RawMessage) error {
	return e.write(struct {
		Type    string          `json:"type"`
		Summary json.RawMessage `json:"summary"`
	}{"summary", document})
}

func (e *Encoder) write(event any) error {
	e.buf.Reset()
	enc := json.NewEncoder(&e.buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(event); err != nil {
		return err
	}
	_, err := e.w.Write(e.buf.Bytes())
	return err
}

// millis is a duration as a number of milliseconds, exact to the nanosecond.
type millis time.Duration

func (m millis) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(m)/float64(time.Millisecond), 'f', -1, 64), nil
}

func (m *millis) UnmarshalJSON(data []byte) error {
	var ms float64
	if err := json.Unmarshal(data, &ms); err != nil {
		return err
	}
	*m = millis(math.Round(ms * float64(time.Millisecond)))
	return nil
}

// seed is written as text: many readers of JSON keep only 53 bits of a number.
type seed uint64

func (s seed) MarshalText() ([]byte, error) { return strconv.AppendUint(nil, uint64(s), 10), nil }

func (s *seed) UnmarshalText(text []byte) error {
	n, err := strconv.ParseUint(string(text), 10, 64)
	*s = seed(n)
	return err
}

// moment gives a time in UTC, or nil for the zero time.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func fromMoment(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

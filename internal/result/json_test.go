package result_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/result"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC)

// full has a value in every field, so that a field left out of the JSON is seen.
func full() result.Iteration {
	return result.Iteration{
		Suite: "scenarios", Scenario: "update_phone", Key: "sms", Address: `scenario.update_phone["sms"]`,
		ID: 7, Seed: math.MaxUint64, Outcome: result.Failure, Reason: result.ReasonAssertion, Step: "after",
		Message: "assertion <failed> & more", Start: noon, Duration: 1234567891 * time.Nanosecond, Wait: time.Millisecond,
		Intended: noon.Add(-time.Second), Lateness: 7, Queued: 5, Warmup: true, VU: 9, TeardownFailed: true,
		Outputs: []result.Output{{Name: "user", Value: json.RawMessage(`{"id":"U1"}`), Sensitive: false}, {Name: "jwt", Value: json.RawMessage(`"***"`), Sensitive: true}},
		Steps: []result.Step{{
			Section: result.Body, Name: "after", Key: "k", Kind: "descope_user_load", Outcome: result.Failure,
			Reason: result.ReasonAssertion, Message: "m", Expected: true, Status: 200, ErrorCode: "E1", Start: noon,
			Duration: 3, Wait: 5, Limited: result.Limited{result.LimitClass: 2 * time.Millisecond}, Attempts: 2, Backoffs: 1, Sent: "sms", TokenFault: result.TokenExpired,
			TokenLifetimes: result.Lifetimes{Session: time.Hour, Refresh: 24 * time.Hour},
			Delivery:       &result.Delivery{Inbox: "sms", Channel: "sms", Result: result.Delivered, Duration: 9, Requests: 3, Failed: 1},
			Diagnostics:    diag.List{{Severity: diag.Error, Summary: "Assertion failed", Detail: "d"}},
			Exchanges: []result.Exchange{{
				Method: "GET", URL: "http://x/", Endpoint: "/v1/mgmt/user", Status: 200, Reason: result.ReasonOther, ErrorCode: "E1",
				Attempt: 2, Start: noon, Duration: 11, RequestID: "r", Request: "{}", Response: "[]",
				Phases: result.Phases{Resolve: 1, Connect: 2, TLS: 3, Processing: 4, Transfer: 5},
			}},
		}},
	}
}

func TestIterationRoundTrip(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]result.Iteration{
		"full":  full(),
		"empty": {Outcome: result.Skipped},
	} {
		data, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if name == "empty" && bytes.Contains(data, []byte(`"steps":null`)) {
			t.Errorf("a list is null: %s", data)
		}
		var got result.Iteration
		if err := json.Unmarshal(data, &got); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(got, want, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s (-got +want):\n%s", name, d)
		}
	}
}

func TestStepRoundTrip(t *testing.T) {
	t.Parallel()
	want := full().Steps[0]
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got result.Step
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(got, want, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("(-got +want):\n%s", d)
	}
}

func TestDurationsAreExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := time.Duration(rapid.Int64Range(0, int64(24*time.Hour)).Draw(t, "ns"))
		data, err := json.Marshal(result.Iteration{Outcome: result.Success, Duration: want})
		if err != nil {
			t.Fatal(err)
		}
		var got result.Iteration
		if err := json.Unmarshal(data, &got); err != nil || got.Duration != want {
			t.Fatalf("got %v, %v, want %v", got.Duration, err, want)
		}
	})
}

func TestEncoder(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	e := result.NewEncoder(&b)
	it := full()
	for _, err := range []error{
		e.Start(result.Run{
			Version: "1.2.3", Seed: 42, Start: noon, Scenarios: 1, Iterations: 2,
			Targets: []result.Target{{Suite: "scenarios", Provider: "descope", BaseURL: "http://127.0.0.1:1", ProjectID: "P1", Kind: result.Emulator}},
		}),
		e.Iteration(&it),
		e.Diagnostics(diag.List{{Severity: diag.Warning, Summary: "Unused variable"}}),
		e.Summary(json.RawMessage("{\n  \"verdict\": \"success\"\n}")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	want := []string{
		`{"format_version":"1.0","type":"run_start","version":"1.2.3","seed":"42","started_at":"2026-03-01T12:00:00.123456789Z","targets":[{"suite":"scenarios","provider":"descope","base_url":"http://127.0.0.1:1","project_id":"P1","kind":"emulator"}],"scenarios":1,"iterations":2}`,
		"",
		`{"type":"diagnostic","diagnostic":{"severity":"warning","summary":"Unused variable","detail":"","sections":[]}}`,
		`{"type":"summary","summary":{"verdict":"success"}}`,
	}
	if len(lines) != len(want) {
		t.Fatalf("got %d lines, want %d:\n%s", len(lines), len(want), b.String())
	}
	for i := range want {
		if want[i] != "" && lines[i] != want[i] {
			t.Errorf("line %d:\ngot  %s\nwant %s", i+1, lines[i], want[i])
		}
	}
	if !strings.HasPrefix(lines[1], `{"type":"iteration","suite":"scenarios",`) || !strings.Contains(lines[1], `"duration_ms":1234.567891`) ||
		!strings.Contains(lines[1], "assertion <failed> & more") {
		t.Errorf("iteration event: %s", lines[1])
	}
	var got result.Iteration
	if err := json.Unmarshal([]byte(lines[1]), &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(got, it, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("iteration event (-got +want):\n%s", d)
	}
}

type fullDisk struct{}

var errFull = errors.New("disk full")

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

func TestEncoderReportsWriteErrors(t *testing.T) {
	t.Parallel()
	if err := result.NewEncoder(fullDisk{}).Start(result.Run{}); !errors.Is(err, errFull) {
		t.Errorf("got %v, want %v", err, errFull)
	}
}

func TestOutcomeWords(t *testing.T) {
	t.Parallel()
	for _, want := range result.Outcomes() {
		var got result.Outcome
		if err := got.UnmarshalText([]byte(want.String())); err != nil || got != want {
			t.Errorf("%v: got %v, %v", want, got, err)
		}
	}
	var o result.Outcome
	if err := o.UnmarshalText(nil); err == nil {
		t.Error("the empty word is taken")
	}
}

func BenchmarkEncodeIteration(b *testing.B) {
	it := full()
	e := result.NewEncoder(io.Discard)
	b.ReportAllocs()
	for b.Loop() {
		if err := e.Iteration(&it); err != nil {
			b.Fatal(err)
		}
	}
}

// TestFixtureIsComplete keeps the round trip honest when a field is added.
func TestFixtureIsComplete(t *testing.T) {
	t.Parallel()
	it := full()
	for _, v := range []any{it, it.Steps[0], *it.Steps[0].Delivery, it.Steps[0].Exchanges[0], it.Steps[0].Exchanges[0].Phases} {
		value := reflect.ValueOf(v)
		for i := range value.NumField() {
			if name := value.Type().Field(i).Name; name != "Place" && value.Field(i).IsZero() {
				t.Errorf("%T: full leaves %s empty", v, name)
			}
		}
	}
}

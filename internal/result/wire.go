package result

import (
	"encoding/json"
	"time"

	"github.com/authbench/authbench/internal/diag"
)

// The types of this file are the JSON form of an iteration: times in milliseconds,
// lists never null. They change only together with FormatVersion.

type iterationJSON struct {
	Suite          string     `json:"suite"`
	Scenario       string     `json:"scenario"`
	Key            string     `json:"key"`
	Address        string     `json:"address"`
	ID             uint64     `json:"iteration"`
	Seed           seed       `json:"seed"`
	Outcome        Outcome    `json:"outcome"`
	Reason         Reason     `json:"reason"`
	Step           string     `json:"step"`
	Message        string     `json:"message"`
	StartedAt      *time.Time `json:"started_at"`
	Duration       millis     `json:"duration_ms"`
	Wait           millis     `json:"wait_ms"`
	Intended       *time.Time `json:"intended_at,omitempty"`
	Lateness       millis     `json:"lateness_ms,omitempty"`
	Queued         millis     `json:"queued_ms,omitempty"`
	Warmup         bool       `json:"warmup,omitempty"`
	VU             int        `json:"vu,omitempty"`
	TeardownFailed bool       `json:"teardown_failed"`
	Steps          []stepJSON `json:"steps"`
	Outputs        []Output   `json:"outputs"`
}

type stepJSON struct {
	Section        Section           `json:"section"`
	Name           string            `json:"name"`
	Key            string            `json:"key"`
	Kind           string            `json:"kind"`
	Outcome        Outcome           `json:"outcome"`
	Reason         Reason            `json:"reason"`
	Message        string            `json:"message"`
	Expected       bool              `json:"expected"`
	Status         int               `json:"status"`
	ErrorCode      string            `json:"error_code"`
	StartedAt      *time.Time        `json:"started_at"`
	Duration       millis            `json:"duration_ms"`
	Wait           millis            `json:"wait_ms"`
	Limited        map[string]millis `json:"limited_ms"`
	Attempts       int               `json:"attempts"`
	Backoffs       int               `json:"backoffs"`
	Exchanges      []exchangeJSON    `json:"exchanges"`
	Delivery       *deliveryJSON     `json:"delivery"`
	Sent           string            `json:"sent"`
	TokenFault     TokenFault        `json:"token_fault"`
	TokenLifetimes map[string]millis `json:"token_lifetimes_ms"`
	Diagnostics    diag.List         `json:"diagnostics"`
}

type exchangeJSON struct {
	Method    string     `json:"method"`
	URL       string     `json:"url"`
	Endpoint  string     `json:"endpoint"`
	Status    int        `json:"status"`
	Reason    Reason     `json:"reason"`
	ErrorCode string     `json:"error_code"`
	Attempt   int        `json:"attempt"`
	StartedAt *time.Time `json:"started_at"`
	Duration  millis     `json:"duration_ms"`
	Phases    phasesJSON `json:"phases"`
	RequestID string     `json:"request_id"`
	Request   string     `json:"request"`
	Response  string     `json:"response"`
}

type phasesJSON struct {
	Resolve    millis `json:"resolve_ms"`
	Connect    millis `json:"connect_ms"`
	TLS        millis `json:"tls_ms"`
	Processing millis `json:"processing_ms"`
	Transfer   millis `json:"transfer_ms"`
}

type deliveryJSON struct {
	Inbox    string         `json:"inbox"`
	Channel  string         `json:"channel"`
	Result   DeliveryResult `json:"result"`
	Duration millis         `json:"duration_ms"`
	Requests int            `json:"requests"`
	Failed   int            `json:"failed"`
}

// MarshalJSON gives the form that iteration events have, without their type.
func (it Iteration) MarshalJSON() ([]byte, error) { return json.Marshal(it.wire()) }

// UnmarshalJSON reads an iteration event, or what [Iteration.MarshalJSON] gives.
func (it *Iteration) UnmarshalJSON(data []byte) error {
	var in iterationJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	*it = Iteration{
		Suite: in.Suite, Scenario: in.Scenario, Key: in.Key, Address: in.Address, ID: in.ID, Seed: uint64(in.Seed),
		Outcome: in.Outcome, Reason: in.Reason, Step: in.Step, Message: in.Message,
		Start: fromMoment(in.StartedAt), Duration: time.Duration(in.Duration), Wait: time.Duration(in.Wait),
		Intended: fromMoment(in.Intended), Lateness: time.Duration(in.Lateness), Queued: time.Duration(in.Queued), Warmup: in.Warmup, VU: in.VU,
		TeardownFailed: in.TeardownFailed, Outputs: in.Outputs,
	}
	for _, s := range in.Steps {
		it.Steps = append(it.Steps, s.step())
	}
	return nil
}

// MarshalJSON gives the form that a step has in an iteration event.
func (s Step) MarshalJSON() ([]byte, error) { return json.Marshal(s.wire()) }

// UnmarshalJSON reads what [Step.MarshalJSON] gives.
func (s *Step) UnmarshalJSON(data []byte) error {
	var in stepJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	*s = in.step()
	return nil
}

func (it *Iteration) wire() iterationJSON {
	out := iterationJSON{
		Suite: it.Suite, Scenario: it.Scenario, Key: it.Key, Address: it.Address, ID: it.ID, Seed: seed(it.Seed),
		Outcome: it.Outcome, Reason: it.Reason, Step: it.Step, Message: it.Message,
		StartedAt: moment(it.Start), Duration: millis(it.Duration), Wait: millis(it.Wait),
		Intended: moment(it.Intended), Lateness: millis(it.Lateness), Queued: millis(it.Queued), Warmup: it.Warmup, VU: it.VU,
		TeardownFailed: it.TeardownFailed, Steps: make([]stepJSON, 0, len(it.Steps)), Outputs: list(it.Outputs),
	}
	for i := range it.Steps {
		out.Steps = append(out.Steps, it.Steps[i].wire())
	}
	return out
}

func (s *Step) wire() stepJSON {
	out := stepJSON{
		Section: s.Section, Name: s.Name, Key: s.Key, Kind: s.Kind, Outcome: s.Outcome, Reason: s.Reason,
		Message: s.Message, Expected: s.Expected, Status: s.Status, ErrorCode: s.ErrorCode,
		StartedAt: moment(s.Start), Duration: millis(s.Duration), Wait: millis(s.Wait), Attempts: s.Attempts, Limited: s.Limited.wire(), Backoffs: s.Backoffs,
		Exchanges: make([]exchangeJSON, 0, len(s.Exchanges)), Sent: s.Sent, TokenFault: s.TokenFault,
		TokenLifetimes: map[string]millis{}, Diagnostics: s.Diagnostics,
	}
	for _, x := range s.Exchanges {
		out.Exchanges = append(out.Exchanges, x.wire())
	}
	for kind, d := range s.TokenLifetimes.All() {
		out.TokenLifetimes[kind] = millis(d)
	}
	if d := s.Delivery; d != nil {
		out.Delivery = &deliveryJSON{d.Inbox, d.Channel, d.Result, millis(d.Duration), d.Requests, d.Failed}
	}
	return out
}

func (s stepJSON) step() Step {
	out := Step{
		Section: s.Section, Name: s.Name, Key: s.Key, Kind: s.Kind, Outcome: s.Outcome, Reason: s.Reason,
		Message: s.Message, Expected: s.Expected, Status: s.Status, ErrorCode: s.ErrorCode,
		Start: fromMoment(s.StartedAt), Duration: time.Duration(s.Duration), Wait: time.Duration(s.Wait),
		Limited: limitedOf(s.Limited), Attempts: s.Attempts, Backoffs: s.Backoffs, Sent: s.Sent, TokenFault: s.TokenFault, Diagnostics: s.Diagnostics,
	}
	for _, x := range s.Exchanges {
		out.Exchanges = append(out.Exchanges, x.exchange())
	}
	out.TokenLifetimes = Lifetimes{
		Session: time.Duration(s.TokenLifetimes[sessionToken]), Refresh: time.Duration(s.TokenLifetimes[refreshToken]),
	}
	if d := s.Delivery; d != nil {
		out.Delivery = &Delivery{d.Inbox, d.Channel, d.Result, time.Duration(d.Duration), d.Requests, d.Failed}
	}
	return out
}

func (x Exchange) wire() exchangeJSON {
	return exchangeJSON{
		Method: x.Method, URL: x.URL, Endpoint: x.Endpoint, Status: x.Status, Reason: x.Reason,
		ErrorCode: x.ErrorCode, Attempt: x.Attempt, StartedAt: moment(x.Start), Duration: millis(x.Duration),
		Phases: phasesJSON{
			millis(x.Phases.Resolve), millis(x.Phases.Connect), millis(x.Phases.TLS),
			millis(x.Phases.Processing), millis(x.Phases.Transfer),
		},
		RequestID: x.RequestID, Request: x.Request, Response: x.Response,
	}
}

func (x exchangeJSON) exchange() Exchange {
	return Exchange{
		Method: x.Method, URL: x.URL, Endpoint: x.Endpoint, Status: x.Status, Reason: x.Reason,
		ErrorCode: x.ErrorCode, Attempt: x.Attempt, Start: fromMoment(x.StartedAt), Duration: time.Duration(x.Duration),
		Phases: Phases{
			time.Duration(x.Phases.Resolve), time.Duration(x.Phases.Connect), time.Duration(x.Phases.TLS),
			time.Duration(x.Phases.Processing), time.Duration(x.Phases.Transfer),
		},
		RequestID: x.RequestID, Request: x.Request, Response: x.Response,
	}
}

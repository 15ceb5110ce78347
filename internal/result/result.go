package result

import (
	"encoding/json"
	"time"

	"github.com/authbench/authbench/internal/diag"
)

// Section tells which part of a scenario a step belongs to.
type Section string

// The sections, in the order in which they run.
const (
	Setup    Section = "setup"
	Body     Section = "run"
	Teardown Section = "teardown"
)

// Iteration is one execution of one scenario instance.
type Iteration struct {
	// Suite is the configuration that it belongs to: the path as the user gave it.
	Suite string
	// Scenario is the declared name; Key the for_each key, empty without one.
	Scenario, Key string
	// Address is `scenario.NAME` or `scenario.NAME["key"]`.
	Address string
	// ID is unique in the run and, with Seed, reproduces the iteration.
	ID   uint64
	Seed uint64
	// Outcome is the worst of the steps; Reason and Step tell the first that made it so.
	Outcome Outcome
	Reason  Reason
	// Step is the name of the deciding step, empty on success.
	Step string
	// Message is one line for people on why it is not a success.
	Message string
	// Start is wall-clock time, Duration is monotonic, teardown left out.
	Start    time.Time
	Duration time.Duration
	// Intended is when a schedule had it start, the zero time without a schedule.
	// Lateness is by how much the start missed that: Start may round, this does not.
	Intended time.Time
	Lateness time.Duration
	// Queued is the part of Lateness that it waited for room in flight or for a fixture:
	// the profile's wish, and no fault of the generator.
	Queued time.Duration
	// Warmup tells that it belongs to the part of a schedule that is not judged.
	Warmup bool
	// VU is the place among those that run at a time, from 0.
	VU int
	// Wait is the part of Duration spent on limiters, pauses and message delivery.
	Wait    time.Duration
	Steps   []Step
	Outputs []Output
	// TeardownFailed tells that a teardown step failed. It never changes Outcome from
	// failure, but turns a success into an error.
	TeardownFailed bool
}

// Output is a value that a scenario gives at its end.
type Output struct {
	Name string `json:"name"`
	// Value is JSON; a sensitive value is the JSON string "***".
	Value     json.RawMessage `json:"value"`
	Sensitive bool            `json:"sensitive"`
}

// Step is one executed, or skipped, step.
type Step struct {
	Section Section
	// Name is the declared name; Key the for_each key, empty without one.
	Name, Key string
	// Place is that of the name in the scenario, from 1 over all sections; the keys of
	// a for_each share it. Whoever does not know leaves it 0. It is not written down.
	Place   int
	Kind    string
	Outcome Outcome
	Reason  Reason
	// Message is one line for people: why it was skipped or what went wrong.
	Message string
	// Expected tells that a refusal was asked for with expect and came.
	Expected bool
	// Status is the last HTTP status, 0 when no answer came or none was asked for.
	Status    int
	ErrorCode string
	Start     time.Time
	// Duration is the service time of the last attempt: request sent to answer read.
	Duration time.Duration
	// Wait is time spent on limiters, retry and poll delays, pauses and deliveries.
	Wait time.Duration
	// Limited is the part of Wait that was spent on limits.
	Limited  Limited
	Attempts int
	// Backoffs is how often it held back because of a 429, as on_429 asks.
	Backoffs int
	// Exchanges are the requests that were made, in order.
	Exchanges []Exchange
	// Delivery is set for a step that waited for a message.
	Delivery *Delivery
	// Sent is the channel of a message that the target was made to send, or empty.
	Sent string
	// TokenLifetimes is the time from issue to expiry of the tokens that were
	// received, by kind (session, refresh).
	TokenLifetimes Lifetimes
	// TokenFault is the check that a token did not stand, empty when none failed.
	TokenFault TokenFault
	// Diagnostics explain a failure or an error, evidence included.
	Diagnostics diag.List
}

// Exchange is one HTTP request and what came back.
type Exchange struct {
	Method string
	// URL is the request's, redacted.
	URL string
	// Endpoint is the route, without identifiers: a metric label. `http_request`
	// steps have the constant "other".
	Endpoint string
	// Status is 0 when no answer came.
	Status int
	// Reason is set when no usable answer came.
	Reason    Reason
	ErrorCode string
	Attempt   int
	Start     time.Time
	Duration  time.Duration
	Phases    Phases
	RequestID string
	// Request and Response are redacted bodies, kept only for steps that did not
	// succeed, cut to a few kilobytes.
	Request, Response string
}

// Cause tells why a request was repeated after x: empty when x was answered well, and
// the scenario asked again of its own accord.
func (x *Exchange) Cause() Reason {
	switch {
	case x.Reason != ReasonNone:
		return x.Reason
	case x.Status == 429:
		return ReasonRateLimited
	case x.Status >= 500:
		return ReasonHTTP5xx
	case x.Status >= 400:
		return ReasonHTTP4xx
	}
	return ReasonNone
}

// Phases are the parts of a request. A phase that did not happen is 0.
type Phases struct {
	Resolve, Connect, TLS, Processing, Transfer time.Duration
}

// TokenFault names a check of a token. The set is closed: it is a metric label.
type TokenFault string

// The token faults.
const (
	TokenSignature TokenFault = "signature"
	TokenExpired   TokenFault = "expired"
	TokenIssuer    TokenFault = "issuer"
	TokenAudience  TokenFault = "audience"
	TokenClaim     TokenFault = "claim"
)

// TokenFaults lists all token faults.
func TokenFaults() []TokenFault {
	return []TokenFault{TokenSignature, TokenExpired, TokenIssuer, TokenAudience, TokenClaim}
}

// DeliveryResult is what became of a message that was waited for.
type DeliveryResult string

// The delivery results.
const (
	Delivered         DeliveryResult = "delivered"
	DeliveryLate      DeliveryResult = "late"
	DeliveryLost      DeliveryResult = "lost"
	DeliveryMalformed DeliveryResult = "malformed"
	DeliveryError     DeliveryResult = "error"
)

// Delivery is the fate of one message.
type Delivery struct {
	Inbox string
	// Channel is sms, email, whatsapp or voice; "other" when no message came.
	Channel string
	Result  DeliveryResult
	// Duration runs from the answer to the sending step to the arrival, 0 unless
	// Result is delivered or late.
	Duration time.Duration
	// Requests is how often the inbox was asked, Failed how many of these failed.
	Requests, Failed int
}

// Package result holds what running produced: iterations, their steps, the HTTP
// exchanges behind them and the verdict on each.
//
// Values of this package are made by the runner, already free of secrets, and read
// by statistics, reports and metrics. The package judges nothing. Start at
// [Iteration]; its NDJSON form is in json.go.
package result

import "fmt"

// Outcome is the verdict on an iteration or a step. The word is the same in HCL,
// JSON, metrics and reports. Outcomes are ordered: the worse is the greater.
type Outcome uint8

// The outcomes.
const (
	// Skipped did not run, for a reason that is given.
	Skipped Outcome = iota + 1
	// Success was judged and found right.
	Success
	// Failure was judged and found wrong.
	Failure
	// Error could not be judged.
	Error
	// Aborted was interrupted before it could be judged.
	Aborted
	// Dropped was due but never started.
	Dropped
)

// Outcomes lists all outcomes in their order.
func Outcomes() []Outcome { return []Outcome{Skipped, Success, Failure, Error, Aborted, Dropped} }

var outcomeNames = [...]string{"", "skipped", "success", "failure", "error", "aborted", "dropped"}

// String gives the word, or the empty text for the zero value.
func (o Outcome) String() string {
	if int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return fmt.Sprintf("outcome(%d)", o)
}

// MarshalText gives the word.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText takes the word.
func (o *Outcome) UnmarshalText(text []byte) error {
	for i, name := range outcomeNames {
		if i > 0 && name == string(text) {
			*o = Outcome(i)
			return nil
		}
	}
	return fmt.Errorf("unknown outcome %q", text)
}

// Reason is why an outcome is not success. The set is closed: it is a metric label.
type Reason string

// The reasons.
const (
	ReasonNone              Reason = ""
	ReasonDNS               Reason = "dns"
	ReasonConnect           Reason = "connect"
	ReasonTLS               Reason = "tls"
	ReasonTimeout           Reason = "timeout"
	ReasonHTTP4xx           Reason = "http_4xx"
	ReasonHTTP5xx           Reason = "http_5xx"
	ReasonRateLimited       Reason = "rate_limited"
	ReasonAssertion         Reason = "assertion"
	ReasonDeliveryLost      Reason = "delivery_lost"
	ReasonDeliveryMalformed Reason = "delivery_malformed"
	ReasonCodeRejected      Reason = "code_rejected"
	ReasonTokenInvalid      Reason = "token_invalid"
	ReasonInbox             Reason = "inbox"
	ReasonSetup             Reason = "setup"
	ReasonCleanup           Reason = "cleanup"
	ReasonCanceled          Reason = "canceled"
	// ReasonExhausted is a fault of the machine that authbench runs on: it had no
	// descriptor, port or memory left for a connection. It says nothing about the target.
	ReasonExhausted Reason = "exhausted"
	ReasonInternal  Reason = "internal"
	ReasonOther     Reason = "other"
)

// Reasons lists all reasons but the empty one, in the order of the documentation.
func Reasons() []Reason {
	return []Reason{
		ReasonDNS, ReasonConnect, ReasonTLS, ReasonTimeout, ReasonHTTP4xx, ReasonHTTP5xx, ReasonRateLimited,
		ReasonAssertion, ReasonDeliveryLost, ReasonDeliveryMalformed, ReasonCodeRejected, ReasonTokenInvalid,
		ReasonInbox, ReasonSetup, ReasonCleanup, ReasonCanceled, ReasonExhausted, ReasonInternal, ReasonOther,
	}
}

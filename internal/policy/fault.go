package policy

import "strings"

// Where a fault strikes.
const (
	PhaseBefore      = "before"       // the request is answered by the fault, and nothing happens
	PhaseAfterCommit = "after_commit" // what was asked for has happened; the client may not learn of it
	PhaseDelivery    = "delivery"     // the answer is as ever, the message fares badly
	PhaseJWKS        = "jwks"         // on the public keys
)

// FaultPhases lists the phases.
func FaultPhases() []string {
	return []string{PhaseBefore, PhaseAfterCommit, PhaseDelivery, PhaseJWKS}
}

// What a fault does.
const (
	// FaultStatus answers with an error. Its status is 503 if none is named.
	FaultStatus = "status"
	// FaultReset closes the connection without an answer, with a TCP reset where the
	// connection is one of TCP.
	FaultReset = "reset"
	// FaultHang answers nothing until the client gives up, or for the latency if it
	// has one; then the connection is closed.
	FaultHang = "hang"
	// FaultDrip sends the body of the answer a few bytes at a time.
	FaultDrip = "drip"
	// FaultTruncate announces the whole body, sends half of it and closes the connection.
	FaultTruncate = "truncate"
	// FaultGarbage sends a body that is no JSON, as long as the answer would be.
	FaultGarbage = "garbage"
	// FaultLatency lets time pass: before the request is carried out, before it is
	// answered, or before the message arrives.
	FaultLatency = "latency"
	// FaultLoss loses the message.
	FaultLoss = "loss"
	// FaultDuplicate sends the message twice.
	FaultDuplicate = "duplicate"
	// FaultStale shows the public keys as they were before the last rotation.
	FaultStale = "stale"
)

// FaultActions lists what a fault of a phase may do. Of an unknown phase there is
// nothing.
func FaultActions(phase string) []string {
	answers := []string{FaultStatus, FaultReset, FaultHang, FaultDrip, FaultTruncate, FaultGarbage, FaultLatency}
	switch phase {
	case PhaseBefore, PhaseAfterCommit:
		return answers
	case PhaseDelivery:
		return []string{FaultLatency, FaultLoss, FaultDuplicate}
	case PhaseJWKS:
		return append(answers, FaultStale)
	}
	return nil
}

// Fault makes requests go wrong on purpose. Whether it strikes is decided for each
// request that it matches, in order: the first Skip requests are let by, of the others
// each is struck with the probability, until Count were. Of several faults of a phase
// the first that strikes does; a later one does not see the request. A Fault may be
// copied; what its pointers lead to is shared by copies and must not be changed.
type Fault struct {
	Name string `json:"name"`
	// Match is a path, or a beginning of paths with a * at its end, behind a method
	// and a space if only one is meant: "POST /v1/auth/otp/*". Empty matches all.
	// On delivery it is the request that sends the message.
	Match  string `json:"match,omitempty"`
	Phase  string `json:"phase"`  // one of FaultPhases
	Action string `json:"action"` // one of FaultActions of the phase

	Probability *float64 `json:"probability,omitempty"` // nil strikes always
	Skip        int      `json:"skip,omitempty"`
	Count       int      `json:"count,omitempty"` // 0 means without end

	// Status of the answer; 0 leaves it as it would be, which is 503 where nothing
	// was carried out.
	Status     int    `json:"status,omitempty"`
	ErrorCode  string `json:"error_code,omitempty"`  // of a status
	RetryAfter string `json:"retry_after,omitempty"` // the header of that name, as it is sent
	// Latency comes before everything else the fault does. It is real time, except on
	// delivery, where it is added to the latency of the message.
	Latency        *Latency `json:"latency,omitempty"`
	BytesPerSecond int      `json:"bytes_per_second,omitempty"` // of a drip
}

// Matches tells whether a request is one of the fault's.
func (f *Fault) Matches(method, path string) bool {
	pattern := f.Match
	if pattern == "" {
		return true
	}
	if verb, rest, ok := strings.Cut(pattern, " "); ok {
		if verb != method {
			return false
		}
		pattern = rest
	}
	if start, open := strings.CutSuffix(pattern, "*"); open {
		return strings.HasPrefix(path, start)
	}
	return path == pattern
}

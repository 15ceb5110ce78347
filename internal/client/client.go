// Package client sends HTTP requests behind one small interface and measures their
// phases.
//
// It bounds what it reads, verifies TLS, follows no redirect and never retries:
// what happened on the wire is what the caller sees. It knows no API. Start at
// [Client]; [New] gives one, and its Do in h1.go is the way of a request.
package client

import (
	"context"
	"time"
)

// Client sends requests. It is safe for concurrent use.
type Client interface {
	// Do sends req and reads the whole answer, within ctx. A non-nil error is always
	// a *Error. Whoever gets a Response owns it, unless the request has a Room.
	Do(ctx context.Context, req *Request) (*Response, error)
	// Close drops idle connections. The client must not be used after it.
	Close()
}

// Request is a request to send. The client does not change it.
type Request struct {
	Method string
	// URL is absolute.
	URL    string
	Header Header
	// Body may be nil. Nobody reads it any more when Do has returned.
	Body []byte
	// User selects whose connection carries the request under KeepAlivePerUser. Any
	// number serves; it is not sent, and other policies do not read it.
	User int
	// Room is memory for the answer, which is good until it is used again; only the texts
	// of the header last. It is nil for an answer that the caller owns.
	Room *Room
}

// Response is a whole answer.
type Response struct {
	Status int
	Header Header
	Body   []byte
	Timing
}

// Timing is when a request ran and for how long.
type Timing struct {
	// Start is taken just before the request is handed to the transport.
	Start time.Time
	// Duration runs from Start to the last byte of the answer, name resolution,
	// connecting and TLS included.
	Duration time.Duration
	Phases   Phases
}

// Phases are the parts of a request's duration. A phase that did not happen, on a
// kept-alive connection for example, is 0.
type Phases struct {
	Resolve, Connect, TLS, Processing, Transfer time.Duration
}

// Fault is why no usable answer came. The set is closed.
type Fault string

// The faults.
const (
	FaultDNS       Fault = "dns"
	FaultConnect   Fault = "connect"
	FaultTLS       Fault = "tls"
	FaultTimeout   Fault = "timeout"
	FaultReset     Fault = "reset"     // the connection broke before or within the answer
	FaultTruncated Fault = "truncated" // the body ended before its declared length
	FaultOversized Fault = "oversized" // the body is larger than the limit
	FaultCanceled  Fault = "canceled"  // the caller gave up
	FaultRequest   Fault = "request"   // the request itself can not be sent
	FaultProtocol  Fault = "protocol"  // what came is not HTTP
)

// Error tells that no usable answer came.
type Error struct {
	Fault Fault
	// Address is the host and port that was asked.
	Address string
	// Status is that of a truncated or oversized answer, else 0.
	Status int
	// Exhausted tells that this machine had no descriptor, port or memory left for a
	// connection: the target is not to blame. The fault is FaultConnect or FaultDNS.
	Exhausted bool
	Timing
	// Err is the cause. Its text holds neither path, query nor headers, nor any part
	// of an answer. It wraps the error of a context that ended.
	Err error
}

// Error implements error. The text names the address and never a path or query.
func (e *Error) Error() string { return string(e.Fault) + ": " + e.Address + ": " + e.Err.Error() }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

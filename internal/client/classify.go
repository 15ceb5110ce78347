package client

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"time"
)

// Causes whose own texts would quote what came over the wire, or say little.
var (
	errBroken    = errors.New("the connection broke before the answer was complete")
	errTruncated = errors.New("the answer ended before its declared length")
	errNoAnswer  = errors.New("no answer within the time allowed")
	errGivenUp   = errors.New("given up by the caller")
)

// failed makes an error of what ended here.
func failed(t Timing, fault Fault, address string, err error) *Error {
	t.Duration = time.Since(t.Start)
	return &Error{Fault: fault, Address: address, Timing: t, Err: err}
}

// unreached makes an error of a request without the head of an answer: of one for
// which no connection was had, or that net/http carried.
func unreached(ctx context.Context, t Timing, address string, err error, tr *trace) *Error {
	t.Phases = tr.phases(time.Time{})
	fault, cause := classify(ctx, err, tr)
	e := failed(t, fault, address, cause)
	e.Exhausted = (fault == FaultConnect || fault == FaultDNS) && isExhausted(err)
	return e
}

// broke makes an error of what ended an exchange on a connection of our own.
func broke(c *conn, t Timing, address string, err error, inBody bool) *Error {
	e := &Error{Address: address, Timing: t, Err: err}
	if errors.Is(err, errOversized) || errors.Is(err, errHeaderSize) {
		e.Fault = FaultOversized
		return e
	}
	if errors.Is(err, errNotHTTP) {
		e.Fault = FaultProtocol
		return e
	}
	if fault, err := ended(c.ctx); err != nil {
		e.Fault, e.Err = fault, err
		return e
	}
	var op *net.OpError
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		e.Fault, e.Err = FaultTimeout, endError{errNoAnswer, context.DeadlineExceeded}
	case inBody && errors.Is(err, io.ErrUnexpectedEOF):
		e.Fault, e.Err = FaultTruncated, errTruncated
	case c.secure && errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error"):
		e.Fault = FaultTLS // an alert: a server may refuse a certificate after the handshake
	default:
		e.Fault, e.Err = FaultReset, errBroken
	}
	return e
}

// classify tells why no head of an answer came.
func classify(ctx context.Context, err error, tr *trace) (Fault, error) {
	if fault, err := ended(ctx); err != nil {
		return fault, err
	}
	if isLate(ctx, err) {
		return FaultTimeout, endError{errNoAnswer, context.DeadlineExceeded}
	}
	gotConn, handshake := tr.where()
	var dns *net.DNSError
	var secure tlsError
	switch {
	case handshake || errors.As(err, &secure):
		return FaultTLS, err
	case !gotConn && errors.As(err, &dns):
		return FaultDNS, err
	case !gotConn:
		return FaultConnect, err
	case broken(err):
		return FaultReset, errBroken
	case strings.Contains(err.Error(), "response headers exceeded"):
		return FaultOversized, errHeaderSize
	}
	return FaultProtocol, errNotHTTP
}

// classifyBody tells why a body could not be read to its end.
func classifyBody(ctx context.Context, err error) (Fault, error) {
	if errors.Is(err, errOversized) {
		return FaultOversized, err
	}
	if fault, err := ended(ctx); err != nil {
		return fault, err
	}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return FaultTruncated, errTruncated
	case broken(err):
		return FaultReset, errBroken
	}
	return FaultProtocol, errNotHTTP
}

// Clocked is a context that can tell its error at a time which is known already. It
// saves the reading of the clock that its Err would make before each request.
type Clocked interface {
	context.Context
	ErrAt(now time.Time) error
}

// endedAt is ended at a time that is known already.
func endedAt(ctx context.Context, now time.Time) (Fault, error) {
	if c, ok := ctx.(Clocked); ok {
		return faultOf(c.ErrAt(now))
	}
	return ended(ctx)
}

// ended gives the fault of a context that is over, and an error that wraps its cause.
func ended(ctx context.Context) (Fault, error) { return faultOf(ctx.Err()) }

func faultOf(err error) (Fault, error) {
	switch {
	case err == nil:
		return "", nil
	case errors.Is(err, context.DeadlineExceeded):
		return FaultTimeout, endError{errNoAnswer, err}
	default:
		return FaultCanceled, endError{errGivenUp, err}
	}
}

// isLate reports whether a socket saw the deadline of the context before the context did.
func isLate(ctx context.Context, err error) bool {
	at, ok := ctx.Deadline()
	if !ok || time.Now().Before(at) {
		return false
	}
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}

// endError reads like its first error and is the second as well.
type endError [2]error

func (e endError) Error() string   { return e[0].Error() }
func (e endError) Unwrap() []error { return e[:] }

// isExhausted reports whether a connection failed for want of something on this
// machine. An address that is no address of this machine gives the error of ports that
// ran out, but from another call.
func isExhausted(err error) bool {
	for _, target := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM} {
		if errors.Is(err, target) {
			return true
		}
	}
	if call, ok := errors.AsType[*os.SyscallError](err); ok {
		return call.Syscall == "connect" && errors.Is(call.Err, syscall.EADDRNOTAVAIL) ||
			call.Syscall == "bind" && errors.Is(call.Err, syscall.EADDRINUSE)
	}
	var dns *net.DNSError // keeps the text of its cause only
	return errors.As(err, &dns) && strings.Contains(dns.Err, syscall.EMFILE.Error())
}

// broken reports whether the peer went away. Errors of net/http that have no type
// are known by their texts.
func broken(err error) bool {
	for _, target := range []error{io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED, net.ErrClosed} {
		if errors.Is(err, target) {
			return true
		}
	}
	text := err.Error()
	for _, known := range []string{"server closed idle connection", "stream error", "GOAWAY", "client connection lost"} {
		if strings.Contains(text, known) {
			return true
		}
	}
	return false
}

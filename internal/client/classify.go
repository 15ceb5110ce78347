package client

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
)

// Causes whose own texts would quote what came over the wire, or say little.
var (
	errNotHTTP    = errors.New("what came is not HTTP")
	errBroken     = errors.New("the connection broke before the answer was complete")
	errTruncated  = errors.New("the answer ended before its declared length")
	errNoAnswer   = errors.New("no answer within the time allowed")
	errGivenUp    = errors.New("given up by the caller")
	errHeaderSize = errors.New("the headers of the answer are larger than the limit")
)

// classify tells why no header of an answer came.
func classify(ctx context.Context, err error, tr *trace) (Fault, error) {
	if fault, err := ended(ctx); err != nil {
		return fault, err
	}
	gotConn, handshake := tr.where()
	var dns *net.DNSError
	switch {
	case handshake:
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

// ended gives the fault of a context that is over, and an error that wraps its cause.
func ended(ctx context.Context) (Fault, error) {
	switch err := ctx.Err(); {
	case err == nil:
		return "", nil
	case errors.Is(err, context.DeadlineExceeded):
		return FaultTimeout, endError{errNoAnswer, err}
	default:
		return FaultCanceled, endError{errGivenUp, err}
	}
}

// endError reads like its first error and is the second as well.
type endError [2]error

func (e endError) Error() string   { return e[0].Error() }
func (e endError) Unwrap() []error { return e[:] }

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

package steps

import (
	"errors"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/result"
)

// Faulted gives the Reply of a request without a usable answer. A target that can
// not be reached leaves nothing to judge; one that hangs or answers rubbish failed.
func Faulted(err error) Reply {
	var ce *client.Error
	if !errors.As(err, &ce) {
		return Reply{Unjudged: true, Reason: result.ReasonInternal, Message: err.Error()}
	}
	r := Reply{Reason: reasonOf(ce), Message: err.Error(), Status: ce.Status, Start: ce.Start, Duration: ce.Duration}
	switch ce.Fault {
	case client.FaultDNS, client.FaultConnect, client.FaultTLS, client.FaultCanceled, client.FaultRequest:
		r.Unjudged = true
	}
	return r
}

func fail(x *result.Exchange, err error) {
	var ce *client.Error
	if !errors.As(err, &ce) {
		x.Reason = result.ReasonInternal
		return
	}
	x.Reason, x.Status = reasonOf(ce), ce.Status
	x.Start, x.Duration, x.Phases = ce.Start, ce.Duration, phases(ce.Phases)
}

// Exhausted reports whether err came because this machine had nothing left to open a
// connection with.
func Exhausted(err error) bool {
	ce, ok := errors.AsType[*client.Error](err)
	return ok && ce.Exhausted
}

func reasonOf(ce *client.Error) result.Reason {
	if ce.Exhausted {
		return result.ReasonExhausted
	}
	switch ce.Fault {
	case client.FaultDNS:
		return result.ReasonDNS
	case client.FaultConnect, client.FaultReset:
		return result.ReasonConnect
	case client.FaultTLS:
		return result.ReasonTLS
	case client.FaultTimeout:
		return result.ReasonTimeout
	case client.FaultCanceled:
		return result.ReasonCanceled
	case client.FaultRequest:
		return result.ReasonInternal
	}
	return result.ReasonOther
}

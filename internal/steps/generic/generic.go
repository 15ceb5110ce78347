// Package generic holds the step kinds that belong to no service: a plain HTTP
// request, a pause, and the wait for a message.
//
// It knows no API and no message source by name. Start at [Kinds].
package generic

import (
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// Kinds lists the kinds of this package.
func Kinds() []*steps.Kind {
	return []*steps.Kind{requestKind(), pauseKind(), messageKind()}
}

// unmet gives the reply of a wait that something else ended.
func unmet(end steps.WaitEnd) steps.Reply {
	if end.How == steps.WaitTimeout {
		return steps.Reply{Reason: result.ReasonTimeout, Message: "the step's timeout came first"}
	}
	return steps.Reply{Unjudged: true, Reason: result.ReasonCanceled, Message: "given up by the caller"}
}

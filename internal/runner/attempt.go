package runner

import (
	"time"

	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// attempt is how far a step is with getting an answer.
type attempt struct {
	// first is when the first attempt was begun.
	first time.Time
	// retries and backoffs are how often it was repeated, and why.
	retries, backoffs int
	// paid counts the limits that were waited for, turn is the one at hand.
	paid int
	turn turn
	// limit is the one that turn belongs to; told that a rest is that of the target.
	limit result.Limit
	told  bool
	// until is the end of a wait, after which rested follows, or cut when there is no
	// time for it.
	until       time.Time
	rested, cut stage
	// standing tells that it has a place in the gate's line, budgeted that a message
	// was counted, sending that a kind is at work.
	standing, budgeted, sending bool
	// met tells that poll got what it waits for, or that nothing is waited for.
	met bool
}

// admit begins an attempt: limits first, then the marks of waits, then the request
// under the step's timeout.
func (it *iteration) admit() stage {
	a, c := &it.attempt, &it.rec.call
	if c.stray != "" {
		return it.unmade(steps.Reply{Unjudged: true, Reason: result.ReasonOther, Message: "not sent: " + c.stray + " is a live target without limits"})
	}
	if c.channel != "" {
		if err := c.gate.spend(); err != nil {
			return it.unmade(steps.Reply{Unjudged: true, Reason: result.ReasonOther, Message: err.Error()})
		}
		a.budgeted = true
	}
	if err := it.ended(); err != nil {
		return it.refuse(err)
	}
	a.paid = 0
	if c.requests == 0 {
		return (*iteration).send
	}
	if c.gate.limits.MaxRequestsInFlight > 0 {
		a.standing = true
		if !c.gate.line.join(it) {
			return (*iteration).stand
		}
	}
	return (*iteration).pay
}

// stand waits for a place in flight.
func (it *iteration) stand() stage {
	line := &it.rec.call.gate.line
	if err := it.ended(); err != nil {
		return it.refuse(err)
	}
	if !line.holds(it) {
		return it.waitFor(result.LimitInFlight, time.Time{}, (*iteration).stand)
	}
	return (*iteration).pay
}

// refuse ends an attempt whose wait for a turn ended without one.
func (it *iteration) refuse(err error) stage {
	reply := steps.Reply{Unjudged: true, Reason: result.ReasonTimeout}
	if it.interrupted() {
		reply.Reason, reply.Message = result.ReasonCanceled, "interrupted before it was sent"
		return it.unmade(reply)
	}
	if budget := it.spent(); budget != nil {
		err = budget
	}
	reply.Message = "not sent: " + err.Error()
	return it.unmade(reply)
}

// unmade ends a step for which nothing was sent.
func (it *iteration) unmade(reply steps.Reply) stage {
	it.abandon()
	it.take(reply)
	it.attempt.met = true
	return (*iteration).settle
}

// abandon gives back what an attempt holds.
func (it *iteration) abandon() {
	a := &it.attempt
	if a.sending {
		it.collect()
	} else if a.budgeted {
		it.rec.call.gate.refund()
	}
	a.budgeted = false
	it.stepAside()
}

// stepAside gives up the place in flight.
func (it *iteration) stepAside() {
	if it.attempt.standing {
		it.attempt.standing = false
		it.rec.call.gate.line.leave(it)
	}
}

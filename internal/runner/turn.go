package runner

import (
	"errors"
	"time"

	"golang.org/x/time/rate"

	"github.com/authbench/authbench/internal/result"
)

// limit bounds requests in time. It is safe for concurrent use.
type limit interface {
	// book takes the next turn that there is.
	book(now time.Time) turn
	// name says which one it is.
	name() result.Limit
}

// turn is when a request may be sent.
type turn interface {
	DelayFrom(now time.Time) time.Duration
	// CancelAt gives the turn back.
	CancelAt(now time.Time)
}

// perSecond is a limit of requests a second.
type perSecond struct {
	limiter *rate.Limiter
	limit   result.Limit
}

func (p *perSecond) name() result.Limit { return p.limit }

func (p *perSecond) book(now time.Time) turn { return p.limiter.ReserveN(now, 1) }

var errNoTurn = errors.New("the limits leave no turn before the time is up")

// pay takes a turn of every limit, for each request of the attempt. The place in flight
// is held meanwhile: a turn must be used when it comes, or a freed place would release
// a burst.
func (it *iteration) pay() stage {
	a, c := &it.attempt, &it.rec.call
	if a.paid >= c.requests*len(c.limits) {
		return (*iteration).open
	}
	now := it.now
	next := c.limits[a.paid%len(c.limits)]
	a.turn, a.limit = next.book(now), next.name()
	d := a.turn.DelayFrom(now)
	if !it.span.leaves(now, d) {
		a.turn.CancelAt(now)
		return it.refuse(errNoTurn)
	}
	a.until = now.Add(d)
	return (*iteration).awaitTurn
}

// awaitTurn waits for a turn.
func (it *iteration) awaitTurn() stage {
	a := &it.attempt
	if err := it.ended(); err != nil {
		a.turn.CancelAt(it.now)
		return it.refuse(err)
	}
	if it.now.Before(a.until) {
		return it.waitFor(a.limit, a.until, (*iteration).awaitTurn)
	}
	a.turn = nil
	a.paid++
	return (*iteration).pay
}

// open waits while the target wants to be left alone.
func (it *iteration) open() stage {
	if d := it.rec.call.gate.opens().Sub(it.now); d > 0 {
		it.attempt.limit, it.attempt.told = result.LimitRetryAfter, true
		return it.rest(d, (*iteration).open, (*iteration).shut)
	}
	return (*iteration).send
}

func (it *iteration) shut() stage {
	if err := it.ended(); err != nil {
		return it.refuse(err)
	}
	return it.refuse(errNoTurn)
}

// rest waits for d and goes on with rested. It goes on with cut when the section ends
// first, and at once when that leaves too little time: waiting would change nothing.
func (it *iteration) rest(d time.Duration, rested, cut stage) stage {
	now := it.now
	if it.ended() != nil || !it.span.leaves(now, d) {
		return cut
	}
	a := &it.attempt
	a.until, a.rested, a.cut = now.Add(d), rested, cut
	return (*iteration).resting
}

func (it *iteration) resting() stage {
	a := &it.attempt
	if it.ended() != nil {
		return a.cut
	}
	if it.now.Before(a.until) {
		if a.told {
			return it.waitFor(a.limit, a.until, (*iteration).resting)
		}
		return it.wait(a.until, (*iteration).resting)
	}
	a.told = false
	return a.rested
}

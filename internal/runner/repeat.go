package runner

import (
	"slices"
	"strconv"
	"time"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// The reaction to a 429 under on_429 = "backoff".
const (
	maxBackoffs  = 8
	firstBackoff = time.Second
	maxBackoff   = time.Minute
)

// answered decides whether an attempt is repeated: after a 429 to back off from, or
// after a failure that retry names. An answer that expect asks for is no failure.
func (it *iteration) answered() stage {
	rec, a := it.rec, &it.attempt
	s, c, reply := rec.source, &rec.call, &rec.reply
	if reply.OK || it.ended() != nil {
		return (*iteration).attempted
	}
	var delay time.Duration
	switch {
	case c.backsOff(reply) && a.backoffs < maxBackoffs:
		delay = max(reply.RetryAfter, grow(firstBackoff, maxBackoff, a.backoffs))
		a.backoffs++
	case s.Retry != nil && a.retries+1 < s.Retry.Attempts && repeats(s.Retry, reply):
		delay = max(reply.RetryAfter, grow(s.Retry.MinDelay, s.Retry.MaxDelay, a.retries))
		a.retries++
	default:
		return (*iteration).attempted
	}
	if it.asExpected(s, rec) {
		return (*iteration).attempted
	}
	if c.backsOff(reply) {
		c.gate.close(delay)
		rec.Backoffs++
		a.limit, a.told = result.LimitRetryAfter, true
	}
	return it.rest(delay, (*iteration).admit, (*iteration).unrepeated)
}

// unrepeated is when there was no time to repeat an attempt.
func (it *iteration) unrepeated() stage {
	if it.interrupted() {
		it.take(steps.Reply{Unjudged: true, Reason: result.ReasonCanceled, Message: "interrupted before it was repeated", Start: it.rec.reply.Start})
	}
	return (*iteration).attempted
}

// attempted decides whether the step is repeated until its result means what poll
// waits for.
func (it *iteration) attempted() stage {
	rec, a := it.rec, &it.attempt
	s := rec.source
	a.met = true
	if s.Poll == nil || rec.reply.Unjudged {
		return (*iteration).settle
	}
	it.scope.SetSelf(rec)
	met, diags := truth(s.Poll.Until, it.scope)
	// The result of an attempt that failed often lacks what until asks for.
	if diags.HasErrors() && rec.reply.OK {
		rec.broken(result.ReasonOther, "until could not be evaluated", diags)
		return (*iteration).settle
	}
	if met {
		return (*iteration).settle
	}
	a.met = false
	interval := s.Poll.Interval
	if interval <= 0 {
		interval = time.Second
	}
	if it.now.Sub(a.first)+interval > s.Poll.Timeout {
		return (*iteration).settle
	}
	return it.rest(interval, (*iteration).again, (*iteration).settle)
}

// again polls once more; what went before does not count against retry.
func (it *iteration) again() stage {
	it.attempt.retries, it.attempt.backoffs = 0, 0
	return (*iteration).admit
}

func (c *call) backsOff(reply *steps.Reply) bool {
	return reply.Reason == result.ReasonRateLimited && c.gate.limits.On429 == "backoff"
}

// repeats reports whether a failure is one that is repeated.
func repeats(r *plan.Retry, reply *steps.Reply) bool {
	return slices.ContainsFunc(r.On, func(on string) bool {
		switch on {
		case "timeout":
			return reply.Reason == result.ReasonTimeout
		case "connection":
			return reply.Reason == result.ReasonConnect || reply.Reason == result.ReasonDNS || reply.Reason == result.ReasonExhausted
		}
		if reply.Problem != nil && reply.Problem.Code == on {
			return true
		}
		return matchesStatus(on, reply.Status)
	})
}

// matchesStatus compares a status with a number or a class such as "4xx".
func matchesStatus(want string, status int) bool {
	if status == 0 {
		return false
	}
	if len(want) == 3 && want[1:] == "xx" {
		return int(want[0]-'0') == status/100
	}
	return want == strconv.Itoa(status)
}

// grow doubles a delay for each repetition. A limit of 0 is no limit.
func grow(first, limit time.Duration, times int) time.Duration {
	d := first
	for range times {
		if d > time.Hour {
			break
		}
		d *= 2
	}
	if limit > 0 {
		d = min(d, limit)
	}
	return d
}

package runner

import (
	"context"
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

// attempts repeats an attempt while the file asks for it: after a 429 to back off
// from, or after a failure that retry names. An answer that expect asks for is none.
func (it *iteration) attempts(ctx context.Context, s *step, c *call, rec *record) steps.Reply {
	retries, backoffs := 0, 0
	for {
		reply, made := it.attempt(ctx, s, c, rec)
		if !made || reply.OK || ctx.Err() != nil {
			return reply
		}
		var delay time.Duration
		switch {
		case c.backsOff(reply) && backoffs < maxBackoffs:
			delay = max(reply.RetryAfter, grow(firstBackoff, maxBackoff, backoffs))
			backoffs++
		case s.Retry != nil && retries+1 < s.Retry.Attempts && repeats(s.Retry, reply):
			delay = max(reply.RetryAfter, grow(s.Retry.MinDelay, s.Retry.MaxDelay, retries))
			retries++
		default:
			return reply
		}
		if it.asExpected(s, c, rec, reply) {
			return reply
		}
		if c.backsOff(reply) {
			c.gate.close(delay)
		}
		if !it.pause(ctx, delay, rec) {
			if interrupted(ctx) {
				return steps.Reply{Unjudged: true, Reason: result.ReasonCanceled, Message: "interrupted before it was repeated", Start: reply.Start}
			}
			return reply
		}
	}
}

func (c *call) backsOff(reply steps.Reply) bool {
	return reply.Reason == result.ReasonRateLimited && c.gate.limits.On429 == "backoff"
}

// repeats reports whether a failure is one that is repeated.
func repeats(r *plan.Retry, reply steps.Reply) bool {
	return slices.ContainsFunc(r.On, func(on string) bool {
		switch on {
		case "timeout":
			return reply.Reason == result.ReasonTimeout
		case "connection":
			return reply.Reason == result.ReasonConnect || reply.Reason == result.ReasonDNS
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

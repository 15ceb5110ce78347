package runner

import (
	"fmt"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// judge decides what a reply comes to. met tells that poll got what it waits for.
func (it *iteration) judge(s *step, rec *record, met bool) {
	reply := &rec.reply
	rec.fill(reply)
	switch {
	case it.interrupted() && (!met || reply.Reason == result.ReasonCanceled || !reply.OK && reply.Status == 0):
		rec.worsen(result.Aborted, result.ReasonCanceled, "interrupted")
		return
	case rec.Outcome != 0: // until could not be evaluated
		return
	case reply.Unjudged && reply.Reason == result.ReasonCanceled && it.spent() != nil:
		it.fails(s, rec, result.ReasonTimeout, it.spent().Error())
		return
	case reply.Unjudged:
		message := or(reply.Message, "the target could not be asked")
		rec.worsen(result.Error, or(reply.Reason, result.ReasonOther), message,
			s.Source.Diagnostic(diag.Error, "Step could not be judged", sentence(message)))
		return
	}
	if !it.expect(s, rec, reply) {
		return
	}
	it.completed[s.index] = true
	if !met {
		message := fmt.Sprintf("until was not true within %s, %d attempts", s.Poll.Timeout, rec.Attempts)
		d := s.Poll.Until.Site().Diagnostic(diag.Error, "Poll timed out", sentence(message))
		d.Sections = s.Poll.Until.Explain(it.scope)
		rec.worsen(result.Failure, result.ReasonTimeout, message, d)
		return
	}
	it.assert(s, rec)
}

// fill takes over what the reply says about itself.
func (rec *record) fill(reply *steps.Reply) {
	rec.Status, rec.Duration = reply.Status, reply.Duration
	if !reply.Start.IsZero() {
		rec.Start = reply.Start
	}
	rec.Delivery, rec.TokenLifetimes, rec.TokenFault = reply.Delivery, reply.TokenLifetimes, reply.TokenFault
	if reply.Problem != nil {
		rec.ErrorCode = reply.Problem.Code
	}
}

func (it *iteration) fails(s *step, rec *record, reason result.Reason, message string) {
	rec.worsen(result.Failure, reason, message, s.Source.Diagnostic(diag.Error, "Step failed", sentence(message)))
}

// expect decides whether the reply is the outcome that counts as success: the one
// that is expected, or else 2xx and no error.
func (it *iteration) expect(s *step, rec *record, reply *steps.Reply) bool {
	if s.Expect != nil {
		w, diags := expectationOf(s.Expect, it.scope)
		if diags.HasErrors() {
			rec.broken(result.ReasonOther, "expect could not be evaluated", diags)
			return false
		}
		if !w.isDefault() {
			return it.expectThis(s, rec, reply, w) && inTime(s, rec, reply)
		}
	}
	switch {
	case reply.OK:
		it.completed[s.index] = true
		return inTime(s, rec, reply)
	case reply.Reason == result.ReasonRateLimited && rec.call.gate.limits.On429 == "observe":
		rec.Outcome, rec.Reason, rec.Message = result.Skipped, reply.Reason, "the target limits the rate, which is only observed"
	default:
		it.fails(s, rec, or(reply.Reason, result.ReasonOther), or(reply.Message, "the step did not succeed"))
	}
	return false
}

func (it *iteration) expectThis(s *step, rec *record, reply *steps.Reply, w expectation) bool {
	if w.matches(reply) {
		rec.Expected = !reply.OK
		return true
	}
	site := s.Source
	if s.Expect.Source.Range.Filename != "" {
		site = s.Expect.Source
	}
	if !reply.OK || !w.refusal() {
		message := fmt.Sprintf("expected %s, got %s", w, answer(reply))
		it.completed[s.index] = reply.OK
		rec.worsen(result.Failure, or(reply.Reason, result.ReasonAssertion), message,
			site.Diagnostic(diag.Error, "Unexpected answer", sentence(message)))
		return false
	}
	// Whatever was expected, the target did something that has to be cleaned up.
	it.completed[s.index] = true
	message := fmt.Sprintf("expected %s, the request succeeded", w)
	if reply.Status != 0 {
		message += fmt.Sprintf(" with %d", reply.Status)
	}
	detail := sentence(message)
	if reply.TokenLifetimes != (result.Lifetimes{}) {
		detail += " The session that it created is real, and stays valid until it expires or is revoked."
	}
	rec.worsen(result.Failure, result.ReasonAssertion, message, site.Diagnostic(diag.Error, "Expected refusal did not come", detail))
	return false
}

// asExpected reports whether the reply is what expect asks for, so that a refusal
// which is wanted is not repeated.
func (it *iteration) asExpected(s *step, rec *record) bool {
	if s.Expect == nil {
		return false
	}
	it.scope.SetSelf(rec)
	w, diags := expectationOf(s.Expect, it.scope)
	return !diags.HasErrors() && !w.isDefault() && w.matches(&rec.reply)
}

// inTime judges max_latency, in addition to what the answer must be.
func inTime(s *step, rec *record, reply *steps.Reply) bool {
	if s.Expect == nil || s.Expect.MaxLatency <= 0 || reply.Duration <= s.Expect.MaxLatency {
		return true
	}
	message := fmt.Sprintf("answered in %s, expected at most %s", round(reply.Duration), s.Expect.MaxLatency)
	rec.worsen(result.Failure, result.ReasonAssertion, message,
		s.Expect.Source.Diagnostic(diag.Error, "Answer too slow", sentence(message)))
	return false
}

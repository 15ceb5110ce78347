package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// attempt makes one attempt: limits first, then the marks of waits, then the
// request under the step's timeout. made is false when nothing was sent.
func (it *iteration) attempt(ctx context.Context, s *step, c *call, rec *record) (reply steps.Reply, made bool) {
	if c.channel != "" {
		if err := c.gate.spend(); err != nil {
			return steps.Reply{Unjudged: true, Reason: result.ReasonOther, Message: err.Error()}, false
		}
		defer func() {
			if !made {
				c.gate.refund()
			}
		}()
	}
	waiting := time.Now()
	leave, err := c.gate.enter(ctx, c.requests)
	rec.Wait += time.Since(waiting)
	if err != nil {
		return notSent(ctx, err), false
	}
	defer leave()
	if rec.Attempts == 0 {
		if err := it.mark(ctx, s, c, rec); err != nil {
			if interrupted(ctx) {
				return notSent(ctx, err), false
			}
			return steps.Reply{Unjudged: true, Reason: result.ReasonInbox, Message: "not sent: " + err.Error()}, false
		}
	}
	made = true
	return it.send(ctx, s, c, rec), made
}

// notSent tells why an attempt was not made: the wait for a turn ended without one.
func notSent(ctx context.Context, err error) steps.Reply {
	reply := steps.Reply{Unjudged: true, Reason: result.ReasonTimeout}
	if interrupted(ctx) {
		reply.Reason, reply.Message = result.ReasonCanceled, "interrupted before it was sent"
		return reply
	}
	if budget := spent(ctx); budget != nil {
		err = budget
	}
	reply.Message = "not sent: " + err.Error()
	return reply
}

func (it *iteration) send(ctx context.Context, s *step, c *call, rec *record) (reply steps.Reply) {
	st := &it.states[s.index]
	env := &steps.Env{
		Conn: s.conn, HTTP: c.http,
		Inbox: s.source, Mark: st.mark, HasMark: st.hasMark, SentAt: st.sentAt,
	}
	if s.Inbox != nil {
		env.InboxName = s.Inbox.Name
	}
	if s.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.Timeout)
		defer cancel()
	}
	rec.Attempts++
	// Deferred, so that what went over the wire before a panic is not lost.
	defer func() { rec.collect(env) }()
	started := time.Now()
	reply = s.Kind.Run(ctx, env, c.args)
	if reply.Start.IsZero() {
		reply.Start = started
	}
	it.heed(s, c, rec, &reply)
	return reply
}

// heed keeps what must not be lost of a reply, whether it is the last one or not.
func (it *iteration) heed(s *step, c *call, rec *record, reply *steps.Reply) {
	it.secrets = append(it.secrets, reply.Secrets...)
	for i := range s.Kind.Results {
		if a := &s.Kind.Results[i]; a.Sensitive {
			if v, ok := reply.Values[a.Name]; ok {
				it.secrets = eval.Texts(v, it.secrets)
			}
		}
	}
	rec.Wait += reply.Wait
	if reply.OK && c.channel != "" {
		rec.Sent = c.channel
	}
	answered := reply.Start.Add(reply.Duration)
	for _, w := range s.waits {
		it.states[w.index].sentAt = answered
	}
}

// collect takes over the exchanges of an attempt.
func (rec *record) collect(env *steps.Env) {
	exchanges, evidence := env.Exchanges()
	for i := range exchanges {
		exchanges[i].Attempt = rec.Attempts
	}
	rec.Exchanges = append(rec.Exchanges, exchanges...)
	rec.evidence = append(rec.evidence, evidence...)
}

// mark notes where the inboxes stand that this step's message is awaited in. A
// message that could not be told from an older one is not worth sending, so a mark
// that fails stops the step.
func (it *iteration) mark(ctx context.Context, s *step, c *call, rec *record) error {
	if len(s.waits) == 0 {
		return nil
	}
	start := time.Now()
	defer func() { rec.Wait += time.Since(start) }()
	if s.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.Timeout)
		defer cancel()
	}
	for _, w := range s.waits {
		st := &it.states[w.index]
		// A wait for any of several sends takes messages from the first of them on.
		if st.hasMark {
			continue
		}
		m, err := w.source.Mark(ctx, capture.Send{Recipient: it.recipient(w), Channel: c.channel})
		if err != nil {
			if errors.Is(err, context.DeadlineExceeded) {
				err = fmt.Errorf("no answer within %s", s.Timeout)
			}
			return fmt.Errorf("inbox %s could not be marked: %w", w.Inbox.Name, err)
		}
		st.mark, st.hasMark = m, true
	}
	return nil
}

// recipient evaluates whom a wait asks for, if that is known before its turn.
// Otherwise nothing is evaluated: a local that fails now would stay failed.
func (it *iteration) recipient(w *step) string {
	if w.recipient == nil {
		return ""
	}
	for _, name := range w.recipientSteps {
		if !it.scope.HasStep(name) {
			return ""
		}
	}
	for i := range w.args {
		a := &w.args[i]
		if a.spec.Name != recipientArg {
			continue
		}
		each := w.Each
		if each == cty.NilVal {
			each = it.program.Each
		}
		defer it.scope.SetEach(it.scope.SetEach(each))
		v, diags := a.evaluate(it.scope)
		if diags.HasErrors() {
			return ""
		}
		it.secrets = append(it.secrets, v.secrets...)
		text, _ := eval.Of(v.plain).AsText()
		return text
	}
	return ""
}

package runner

import (
	"context"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// send makes the attempt. Before the first one it marks the inboxes.
func (it *iteration) send() stage {
	rec := it.rec
	s := rec.source
	if rec.Attempts == 0 && len(s.waits) > 0 {
		err := it.mark(s, rec)
		if err != nil {
			if it.interrupted() {
				return it.refuse(err)
			}
			reply := steps.Reply{Unjudged: true, Reason: result.ReasonInbox, Message: "not sent: " + err.Error()}
			if steps.Exhausted(err) {
				reply.Reason = result.ReasonExhausted
			}
			return it.unmade(reply)
		}
	}
	it.prepareEnv(s, rec)
	if rec.Attempts == 0 {
		it.env.Spare = rec.spare // a later attempt leaves the evidence of this one alone
	}
	rec.Attempts++
	it.attempt.sending = true
	if s.Kind.Await != nil {
		return (*iteration).await
	}
	it.take(s.Kind.Run(it.timed(s.Timeout), &it.env, rec.call.args))
	it.renew(&it.try)
	it.readReceipts(s)
	return (*iteration).received
}

func (it *iteration) prepareEnv(s *step, rec *record) {
	env := &it.env
	env.Reset()
	env.Conn, env.HTTP, env.User, env.Control = s.conn, rec.call.http, it.arrival.vu, s.control
	env.Inbox = s.source
	if s.message >= 0 {
		m := &it.sends[s.message]
		env.Mark, env.HasMark, env.SentAt = m.mark, m.marked, m.at
	}
	if s.Inbox != nil {
		env.InboxName = s.Inbox.Name
	}
}

// take puts a reply in the place of the one before, whose secrets stay secret.
func (it *iteration) take(reply steps.Reply) {
	rec := it.rec
	if rec.reply.Values != nil || len(rec.reply.Secrets) > 0 {
		it.secrets = rec.answerSecrets(it.secrets)
	}
	rec.reply, rec.whole = reply, cty.NilVal
}

// received takes in what the attempt came to.
func (it *iteration) received() stage {
	rec := it.rec
	if rec.reply.Start.IsZero() {
		rec.reply.Start = it.now
	}
	it.now = time.Now()
	it.heed(rec.source, rec)
	it.collect()
	it.stepAside()
	return (*iteration).answered
}

// timed gives the context of an attempt; 0 is no bound but that of the section.
func (it *iteration) timed(d time.Duration) context.Context {
	if d <= 0 {
		return it.span
	}
	it.try.begin(it.span, it.now, d, nil)
	return it.try
}

// heed takes in what a reply means for other steps, whether it is the last one or not.
func (it *iteration) heed(s *step, rec *record) {
	reply := &rec.reply
	rec.Wait += reply.Wait
	if reply.OK && rec.call.channel != "" {
		rec.Sent = rec.call.channel
	}
	answered := reply.Start.Add(reply.Duration)
	for _, w := range s.waits {
		it.sends[w.message].at = answered
	}
}

// collect takes over what went over the wire in an attempt.
func (it *iteration) collect() {
	rec := it.rec
	it.attempt.sending, it.attempt.budgeted = false, false
	exchanges, evidence := it.env.Exchanges()
	for i := range exchanges {
		exchanges[i].Attempt = rec.Attempts
	}
	rec.Exchanges = append(rec.Exchanges, exchanges...)
	rec.evidence = append(rec.evidence, evidence...)
}

package generic

import (
	"fmt"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

func messageKind() *steps.Kind {
	kept := &patterns{}
	return &steps.Kind{
		Name: "inbox_message",
		Doc:  "Waits for a message that another step made the target send, and takes it: nobody else gets it. Older messages are never taken.",
		Args: []steps.Arg{
			{Name: "inbox", Type: cty.String, Role: steps.RoleInbox, Required: true, Doc: "The inbox, as `inbox.NAME`."},
			{Name: "to", Type: cty.String, Required: true, Echo: true, Doc: "The recipient: a number or an address."},
			{Name: "after", Type: cty.String, Role: steps.RoleAfter, Required: true, Doc: "The sending step, as `step.NAME.started_at`."},
			{Name: "subject", Type: cty.String, Doc: "Text that must occur in the subject."},
			{Name: "contains", Type: cty.String, Doc: "Text that must occur in the body."},
			{Name: "extract", Type: cty.Map(cty.String), Block: true, Doc: "Parts to take out of the body: a regular expression with one group for each name."},
		},
		Results: []steps.Attr{
			{Name: "channel", Type: cty.String, Doc: "How the message came: sms, email, whatsapp or voice."},
			{Name: "subject", Type: cty.String, Doc: "Subject, or null."},
			{Name: "body", Type: cty.String, Sensitive: true, Doc: "Text of the message."},
			{Name: "links", Type: cty.List(cty.String), Sensitive: true, Doc: "Addresses in the body, in order."},
			{Name: "extracted", Type: cty.EmptyObject, LikeBlock: "extract", Sensitive: true, Doc: "What the patterns of `extract` found."},
			{Name: "received_at", Type: cty.String, Doc: "When the message arrived, RFC 3339, UTC, by the inbox's clock."},
			{Name: "latency_ms", Type: cty.Number, Doc: "From the answer to the sending step to the arrival, in milliseconds."},
		},
		Identifiers: []string{"to"},
		Check:       kept.check,
		Await:       func(env *steps.Env, a steps.Args) steps.Waiting { return message(kept, env, a) },
	}
}

// message waits, or says at once that there is nothing to wait for.
func message(kept *patterns, env *steps.Env, a steps.Args) steps.Waiting {
	switch {
	case env.Inbox == nil:
		return never(result.ReasonInternal, "the step has no inbox")
	case !env.HasMark && !env.SentAt.IsZero():
		return never(result.ReasonInbox, "the answer to the step named in after did not tell where the inbox stood, so its message can not be told from older ones")
	case !env.HasMark:
		return never(result.ReasonOther, "the step named in after did not run, so there is nothing to wait for")
	}
	match := capture.Match{Recipient: a.String("to"), Subject: a.String("subject"), Contains: a.String("contains")}
	w := wait{inbox: env.InboxName, to: match.Recipient, sentAt: env.SentAt, kept: kept, wanted: a.Value("extract")}
	return steps.Waiting{Match: &match, Reply: w.reply}
}

func never(reason result.Reason, why string) steps.Waiting {
	return steps.Waiting{Reply: func(steps.WaitEnd) steps.Reply {
		return steps.Reply{Unjudged: true, Reason: reason, Message: why}
	}}
}

// wait is what the reply of a wait is made from.
type wait struct {
	inbox, to string
	sentAt    time.Time
	kept      *patterns
	wanted    cty.Value
}

func (w wait) reply(end steps.WaitEnd) steps.Reply {
	var r steps.Reply
	if end.How == steps.WaitMet {
		r = w.received(end)
	} else {
		r = w.missed(end)
	}
	r.Start, r.Wait = end.Start, end.Waited
	return r
}

func (w wait) received(end steps.WaitEnd) steps.Reply {
	m := end.Message
	latency := between(w.sentAt, m.ReceivedAt, end.Start.Add(end.Waited))
	d := &result.Delivery{Inbox: w.inbox, Channel: m.Channel, Result: result.Delivered, Duration: latency, Requests: m.Requests}
	v := &received{message: m, latency: latency}
	extracted, err := w.kept.extract(v.room[:0], w.wanted, m.Body)
	if err != nil {
		d.Result, d.Duration = result.DeliveryMalformed, 0
		return steps.Reply{
			Reason: result.ReasonDeliveryMalformed, Values: v, Delivery: d,
			Message: fmt.Sprintf("the message to %s came, but %s", w.to, err),
		}
	}
	v.extracted = extracted
	return steps.Reply{OK: true, Values: v, Delivery: d}
}

// missed gives the reply of a wait without a message.
func (w wait) missed(end steps.WaitEnd) steps.Reply {
	d := &result.Delivery{Inbox: w.inbox, Channel: "other", Result: result.DeliveryLost, Requests: end.Seen.Requests}
	switch end.How {
	case steps.WaitFailed:
		d.Result, d.Failed = result.DeliveryError, 1
		r := steps.Reply{Unjudged: true, Reason: result.ReasonInbox, Delivery: d, Message: fmt.Sprintf("inbox %s can not be asked: %s", w.inbox, end.Err)}
		if steps.Exhausted(end.Err) {
			r.Reason = result.ReasonExhausted
		}
		return r
	case steps.WaitCanceled:
		return unmet(end)
	}
	text := fmt.Sprintf("no message to %s in inbox %s within %s", w.to, w.inbox, end.Waited.Round(time.Millisecond))
	if !w.sentAt.IsZero() {
		text += fmt.Sprintf("; the sending step was answered %s ago", end.Start.Add(end.Waited).Sub(w.sentAt).Round(time.Millisecond))
	}
	switch {
	case end.Seen.Passed > 0:
		text += fmt.Sprintf("; %s came and did not match subject or contains", messages(end.Seen.Passed))
	case end.Seen.Taken > 0:
		text += fmt.Sprintf("; %s came and went to another step", messages(end.Seen.Taken))
	default:
		text += "; no message came that was not taken before"
	}
	return steps.Reply{Reason: result.ReasonDeliveryLost, Message: text, Delivery: d}
}

func messages(n int) string {
	if n == 1 {
		return "1 message"
	}
	return fmt.Sprintf("%d messages", n)
}

// between is the time from sent to received. Two clocks are compared: what they can
// not agree on is bounded by what passed here.
func between(sent, received, now time.Time) time.Duration {
	if sent.IsZero() || received.IsZero() {
		return 0
	}
	return min(max(0, received.Sub(sent)), max(0, now.Sub(sent)))
}

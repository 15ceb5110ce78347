package generic

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

func messageKind() *steps.Kind {
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
		Check: checkExtract,
		Run:   message,
	}
}

func message(ctx context.Context, env *steps.Env, a steps.Args) steps.Reply {
	if env.Inbox == nil {
		return steps.Reply{Unjudged: true, Reason: result.ReasonInternal, Message: "the step has no inbox"}
	}
	if !env.HasMark {
		return steps.Reply{Unjudged: true, Reason: result.ReasonOther, Message: "the step named in after did not run, so there is nothing to wait for"}
	}
	start := time.Now()
	m, err := capture.Wait(ctx, env.Inbox, env.Mark, capture.Match{Recipient: a.String("to"), Subject: a.String("subject"), Contains: a.String("contains")})
	if err != nil {
		r := missed(ctx, env, a.String("to"), time.Since(start), err)
		r.Start, r.Wait = start, time.Since(start)
		return r
	}
	now := time.Now()
	r := steps.Reply{OK: true, Start: start, Wait: now.Sub(start)}
	latency := between(env.SentAt, m.ReceivedAt, now)
	r.Delivery = &result.Delivery{Inbox: env.InboxName, Channel: m.Channel, Result: result.Delivered, Duration: latency, Requests: m.Requests}
	r.Values = values(m, latency)
	extracted, err := extract(a.Strings("extract"), m.Body)
	if err != nil {
		r.OK, r.Reason = false, result.ReasonDeliveryMalformed
		r.Delivery.Result, r.Delivery.Duration = result.DeliveryMalformed, 0
		r.Message = fmt.Sprintf("the message to %s came, but %s", a.String("to"), err)
		return r
	}
	r.Values["extracted"] = extracted
	return r
}

// missed gives the reply of a wait without a message.
func missed(ctx context.Context, env *steps.Env, to string, waited time.Duration, err error) steps.Reply {
	d := &result.Delivery{Inbox: env.InboxName, Channel: "other", Result: result.DeliveryLost}
	var none *capture.Missed
	switch {
	case !errors.As(err, &none):
		d.Result, d.Failed = result.DeliveryError, 1
		return steps.Reply{Unjudged: true, Reason: result.ReasonInbox, Delivery: d, Message: fmt.Sprintf("inbox %s can not be asked: %s", env.InboxName, err)}
	case !errors.Is(err, context.DeadlineExceeded):
		return ended(ctx)
	}
	d.Requests = none.Requests
	text := fmt.Sprintf("no message to %s in inbox %s within %s", to, env.InboxName, waited.Round(time.Millisecond))
	if !env.SentAt.IsZero() {
		text += fmt.Sprintf("; the sending step was answered %s ago", time.Since(env.SentAt).Round(time.Millisecond))
	}
	switch {
	case none.Passed > 0:
		text += fmt.Sprintf("; %s came and did not match subject or contains", messages(none.Passed))
	case none.Taken > 0:
		text += fmt.Sprintf("; %s came and went to another step", messages(none.Taken))
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

func values(m capture.Message, latency time.Duration) map[string]cty.Value {
	links := cty.ListValEmpty(cty.String)
	if len(m.Links) > 0 {
		list := make([]cty.Value, len(m.Links))
		for i, l := range m.Links {
			list[i] = cty.StringVal(l)
		}
		links = cty.ListVal(list)
	}
	subject := cty.NullVal(cty.String)
	if m.Subject != "" {
		subject = cty.StringVal(m.Subject)
	}
	return map[string]cty.Value{
		"channel": cty.StringVal(m.Channel), "subject": subject, "body": cty.StringVal(m.Body), "links": links,
		"received_at": cty.StringVal(m.ReceivedAt.UTC().Format(time.RFC3339Nano)),
		"latency_ms":  cty.NumberFloatVal(float64(latency) / float64(time.Millisecond)),
	}
}

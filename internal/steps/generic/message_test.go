package generic_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// box is an inbox that gives one message after a while, or an error, or nothing.
type box struct {
	message *capture.Message
	after   time.Duration
	missed  capture.Missed
	err     error
}

func (b *box) Mark(context.Context, capture.Send) (capture.Mark, error) { return capture.Mark{}, nil }
func (b *box) Close() error                                             { return nil }

func (b *box) Watch(mark capture.Mark, match capture.Match, found func(capture.Message, error)) func() (capture.Seen, bool) {
	return capture.Blocking(func(ctx context.Context) (capture.Message, error) { return b.wait(ctx, mark, match) }, found)
}

func (b *box) wait(ctx context.Context, _ capture.Mark, m capture.Match) (capture.Message, error) {
	if b.err != nil {
		return capture.Message{}, b.err
	}
	var due <-chan time.Time
	if b.message != nil {
		due = time.After(b.after)
	}
	select {
	case <-due:
		got := *b.message
		got.Recipient = m.Recipient
		return got, nil
	case <-ctx.Done():
		missed := b.missed
		missed.Err = ctx.Err()
		return capture.Message{}, &missed
	}
}

func receive(t *testing.T, b *box, patterns map[string]cty.Value) steps.Reply {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	env := &steps.Env{Inbox: b, InboxName: "sms", HasMark: true, SentAt: time.Now()}
	args := steps.ArgsOf(map[string]cty.Value{"to": text("+15555550101"), "extract": cty.NullVal(cty.Map(cty.String))})
	if patterns != nil {
		args.Set("extract", eval.Of(cty.MapVal(patterns)))
	}
	return kind(t, "inbox_message").Attempt(ctx, env, args)
}

// Why nothing can be waited for is said as it is.
func TestWaitWithoutAMark(t *testing.T) {
	t.Parallel()
	for want, env := range map[string]*steps.Env{
		"did not run":                        {Inbox: &box{}},
		"did not tell where the inbox stood": {Inbox: &box{}, SentAt: time.Now()},
	} {
		r := kind(t, "inbox_message").Attempt(t.Context(), env, steps.ArgsOf(map[string]cty.Value{"to": text("x")}))
		if r.OK || !r.Unjudged || !strings.Contains(r.Message, want) {
			t.Errorf("got %q, want %q", r.Message, want)
		}
	}
}

func TestMessageIsTakenApart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sent := time.Now()
		m := &capture.Message{Channel: "sms", Body: "see https://x.test/?t=tok-1 , code 123456.", Links: []string{"https://x.test/?t=tok-1"}, ReceivedAt: sent.Add(2 * time.Second), Requests: 3}
		r := receive(t, &box{message: m, after: 2 * time.Second}, map[string]cty.Value{"token": text(`[?&]t=([A-Za-z0-9._-]+)`), "code": text(`\b([0-9]{6})\b`)})
		if !r.OK || r.Wait != 2*time.Second || r.Duration != 0 {
			t.Fatalf("reply %+v", r)
		}
		want := cty.ObjectVal(map[string]cty.Value{"token": text("tok-1"), "code": text("123456")})
		if !r.Value("extracted").RawEquals(want) || !r.Value("latency_ms").RawEquals(cty.NumberFloatVal(2000)) || !r.Value("subject").IsNull() {
			t.Errorf("values are %#v", r.Values)
		}
		if d := r.Delivery; d == nil || *d != (result.Delivery{Inbox: "sms", Channel: "sms", Result: result.Delivered, Duration: 2 * time.Second, Requests: 3}) {
			t.Errorf("delivery is %+v", d)
		}
	})
}

func TestLatencyIsBoundedByWhatPassed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for skew, want := range map[time.Duration]time.Duration{-time.Hour: 0, time.Hour: time.Second} {
			m := &capture.Message{Channel: "sms", ReceivedAt: time.Now().Add(skew)}
			if r := receive(t, &box{message: m, after: time.Second}, nil); !r.OK || r.Delivery.Duration != want {
				t.Errorf("clock off by %s: latency %s, want %s", skew, r.Delivery.Duration, want)
			}
		}
	})
}

func TestMessageThatCanNotBeTakenApart(t *testing.T) {
	t.Parallel()
	m := &capture.Message{Channel: "sms", Body: "canary one 111111 and 222222"}
	for name, tt := range map[string]struct{ pattern, want string }{
		"missing": {`t=(\w+)`, `matches the pattern of "x"`},
		"two":     {`([0-9]{6})`, "2 different texts"},
		"groups":  {`[0-9]+`, "it has 0 groups"},
		"broken":  {`(`, "not a regular expression"},
	} {
		r := receive(t, &box{message: m}, map[string]cty.Value{"x": text(tt.pattern)})
		if r.OK || r.Unjudged || r.Reason != result.ReasonDeliveryMalformed || !strings.Contains(r.Message, tt.want) || r.Delivery.Result != result.DeliveryMalformed {
			t.Errorf("%s: reply %+v, want %q", name, r, tt.want)
		}
		if strings.Contains(r.Message, "canary") || strings.Contains(r.Message, "111111") {
			t.Errorf("%s: the message quotes the body: %s", name, r.Message)
		}
	}
	same := &capture.Message{Channel: "sms", Body: "111111, I say 111111"}
	if r := receive(t, &box{message: same}, map[string]cty.Value{"x": text(`([0-9]{6})`)}); !r.OK {
		t.Errorf("the same text twice: %s", r.Message)
	}
}

func TestNoMessage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for name, tt := range map[string]struct {
			box      box
			unjudged bool
			reason   result.Reason
			delivery result.DeliveryResult
			want     string
		}{
			"nothing":   {box{missed: capture.Missed{Seen: capture.Seen{Requests: 2}}}, false, result.ReasonDeliveryLost, result.DeliveryLost, "no message to +15555550101 in inbox sms within 5s; the sending step was answered 5s ago; no message came"},
			"unmatched": {box{missed: capture.Missed{Seen: capture.Seen{Passed: 1}}}, false, result.ReasonDeliveryLost, result.DeliveryLost, "1 message came and did not match"},
			"taken":     {box{missed: capture.Missed{Seen: capture.Seen{Taken: 2}}}, false, result.ReasonDeliveryLost, result.DeliveryLost, "2 messages came and went to another step"},
			"no inbox":  {box{err: errors.New("refused")}, true, result.ReasonInbox, result.DeliveryError, "inbox sms can not be asked: refused"},
		} {
			r := receive(t, &tt.box, nil)
			if r.OK || r.Unjudged != tt.unjudged || r.Reason != tt.reason || !strings.Contains(r.Message, tt.want) {
				t.Errorf("%s: reply %+v, want %q", name, r, tt.want)
			}
			if r.Delivery == nil || r.Delivery.Result != tt.delivery || r.Delivery.Channel != "other" {
				t.Errorf("%s: delivery %+v, want %s", name, r.Delivery, tt.delivery)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		r := kind(t, "inbox_message").Attempt(ctx, &steps.Env{Inbox: &box{}, HasMark: true}, steps.ArgsOf(map[string]cty.Value{"to": text("x")}))
		if r.OK || !r.Unjudged || r.Reason != result.ReasonCanceled {
			t.Errorf("cancelled: reply %+v", r)
		}
		if r := kind(t, "inbox_message").Attempt(t.Context(), &steps.Env{Inbox: &box{}}, steps.Args{}); !r.Unjudged {
			t.Errorf("without a mark: reply %+v", r)
		}
	})
}

func TestExtractIsCheckedStatically(t *testing.T) {
	t.Parallel()
	p := kind(t, "inbox_message").Check(steps.ArgsOf(map[string]cty.Value{"extract": cty.MapVal(map[string]cty.Value{
		"b": text("(a)(b)"), "a": text("["), "c": text("(ok)"), "d": cty.UnknownVal(cty.String), "e": text("(" + strings.Repeat("x", 5000) + ")"),
	})}))
	if len(p) != 3 || !strings.Contains(p[0].Detail, `"a" can not be used: it is not a regular expression`) || !strings.Contains(p[1].Detail, `"b" can not be used: it has 2 groups`) {
		t.Errorf("problems %+v", p)
	}
}

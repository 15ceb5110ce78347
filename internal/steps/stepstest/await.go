package stepstest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// awaited ends a wait in each way that there is, and holds what the kind makes of it
// against what every reply must be.
func awaited(t *testing.T, c Case) {
	start := time.Now()
	for _, tt := range []struct {
		how      steps.WaitHow
		ok       bool
		unjudged bool
		reasons  []result.Reason
	}{
		{how: steps.WaitMet, ok: true},
		{how: steps.WaitTimeout, reasons: []result.Reason{result.ReasonTimeout, result.ReasonDeliveryLost}},
		{how: steps.WaitCanceled, unjudged: true, reasons: []result.Reason{result.ReasonCanceled}},
		{how: steps.WaitFailed, unjudged: true, reasons: []result.Reason{result.ReasonInbox}},
	} {
		env := &steps.Env{Inbox: silent{}, InboxName: "sms", HasMark: true}
		w := c.Kind.Await(env, c.args())
		if w.Match == nil && tt.how == steps.WaitFailed {
			continue // it asks nobody
		}
		end := steps.WaitEnd{How: tt.how, Start: start, Waited: time.Second}
		switch {
		case tt.how == steps.WaitFailed:
			end.Err = errors.New("refused")
		case tt.how == steps.WaitMet && w.Match != nil:
			end.Message = &capture.Message{Recipient: w.Match.Recipient, Channel: "sms", Body: c.Body}
		}
		r := w.Reply(end)
		checkReply(t, c.Kind, r)
		if r.OK != tt.ok || r.Unjudged != tt.unjudged || !r.OK && !slices.Contains(tt.reasons, r.Reason) {
			t.Errorf("a wait that ended by %d: ok %v, unjudged %v, reason %q (%s)", tt.how, r.OK, r.Unjudged, r.Reason, r.Message)
		}
		if !r.Start.Equal(start) || r.Wait != time.Second || r.Duration != 0 {
			t.Errorf("a wait that ended by %d: start %s, wait %s, duration %s", tt.how, r.Start, r.Wait, r.Duration)
		}
	}
}

// silent is an inbox in which nothing arrives.
type silent struct{}

func (silent) Mark(context.Context, capture.Send) (capture.Mark, error) { return capture.Mark{}, nil }

func (silent) Watch(capture.Mark, capture.Match, func(capture.Message, error)) func() (capture.Seen, bool) {
	return func() (capture.Seen, bool) { return capture.Seen{}, true }
}

func (silent) Close() error { return nil }

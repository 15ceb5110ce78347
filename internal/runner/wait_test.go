package runner_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/steps"
)

// mailbox is a source in memory: a cursor is the number of messages before it.
type mailbox struct {
	mu       sync.Mutex
	messages []capture.Message
	taken    map[int]bool
	sends    []capture.Send
	err      error
}

func (m *mailbox) deliver(to, body string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.messages = append(m.messages, capture.Message{Recipient: to, Body: body})
}

func (m *mailbox) Mark(_ context.Context, send capture.Send) (capture.Mark, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sends = append(m.sends, send)
	return capture.NewMark(strconv.Itoa(len(m.messages))), m.err
}

func (m *mailbox) Watch(mark capture.Mark, match capture.Match, found func(capture.Message, error)) func() (capture.Seen, bool) {
	return capture.Blocking(func(ctx context.Context) (capture.Message, error) { return m.wait(ctx, mark, match) }, found)
}

func (m *mailbox) wait(_ context.Context, mark capture.Mark, match capture.Match) (capture.Message, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	from, err := strconv.Atoi(mark.Cursor())
	if err != nil {
		return capture.Message{}, err
	}
	for i := from; i < len(m.messages); i++ {
		if m.messages[i].Recipient == match.Recipient && !m.taken[i] {
			if m.taken == nil {
				m.taken = map[int]bool{}
			}
			m.taken[i] = true
			return m.messages[i], nil
		}
	}
	return capture.Message{}, errors.New("nothing there")
}

func (m *mailbox) Close() error { return nil }

// waits makes a kind that waits for a message to its argument `to`.
func waits(see func(*steps.Env)) *steps.Kind {
	return kind("wait", func(ctx context.Context, env *steps.Env, args steps.Args) steps.Reply {
		if see != nil {
			see(env)
		}
		if !env.HasMark {
			return steps.Reply{Unjudged: true, Reason: result.ReasonInbox, Message: "no mark"}
		}
		msg, err := capture.Wait(ctx, env.Inbox, env.Mark, capture.Match{Recipient: args.String("to")})
		if err != nil {
			return steps.Reply{Reason: result.ReasonDeliveryLost, Message: err.Error()}
		}
		r := ok(map[string]cty.Value{"jwt": cty.StringVal(msg.Body)})
		r.Wait = time.Second
		return r
	})
}

// sends makes a kind that delivers a message to its id.
func sends(m *mailbox, text string) *steps.Kind {
	k := kind("send", func(_ context.Context, _ *steps.Env, args steps.Args) steps.Reply {
		m.deliver(args.String("id"), text)
		return ok(nil)
	})
	k.Sends = func(steps.Args) string { return "sms" }
	return k
}

func TestMarkComesBeforeTheSend(t *testing.T) {
	t.Parallel()
	box := &mailbox{}
	box.deliver("+1", "stale")
	inbox := &plan.Inbox{Name: "sms"}
	env := runner.Environment{Inboxes: map[*plan.Inbox]capture.Source{inbox: box}}
	send := body(t, "send", sends(box, "fresh"), "id", `"+1"`)
	wait := body(t, "text", waits(nil), "to", `step.send.id`)
	wait.Inbox, wait.After = inbox, &plan.StepRef{Name: "send"}
	wait.Asserts = []plan.Assert{{Condition: expr(t, `nonsensitive(self.jwt) == "fresh"`)}}
	synctest.Test(t, func(t *testing.T) {
		o := run(t, planOf(scenario("x", send, wait)), env, runner.Options{})
		if it := o.first(t); it.Outcome != result.Success {
			t.Fatalf("%s: %s", it.Outcome, it.Message)
		}
		if got := o.step(t, "text").Wait; got != time.Second {
			t.Errorf("wait is %s", got)
		}
	})
	// `to` refers to the step that is about to send: it can not be known yet.
	if diff := cmp.Diff(box.sends, []capture.Send{{Channel: "sms"}}); diff != "" {
		t.Error(diff)
	}
}

func TestMarkKnowsTheRecipientWhenItCan(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ to, want string }{
		"a local":                       {`local.phone`, "+12025550100"},
		"a step that ran":               {`step.before.id`, "+7"},
		"a local of a step to come":     {`local.late`, ""},
		"each of the wait":              {`each.value`, "of the wait"},
		"the answer of the send itself": {`step.send.id`, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box, inbox := &mailbox{}, &plan.Inbox{Name: "sms"}
			wait := body(t, "text", waits(nil), "to", tc.to)
			wait.Inbox, wait.After, wait.Each = inbox, &plan.StepRef{Name: "send"}, eval.Each("k", cty.StringVal("of the wait"))
			sc := scenario("x", body(t, "before", succeeds("fake"), "id", `"+7"`), body(t, "send", sends(box, "hello"), "id", tc.to), wait)
			if tc.to == `step.send.id` || tc.to == `each.value` {
				sc.Body[1].Args[0].Value = text("of the wait")
			}
			if tc.to == `local.late` {
				sc.Body[1].Args[0].Value = text("later")
			}
			sc.Locals = map[string]*eval.Expr{
				"digits": expr(t, `"2025550100"`), "phone": expr(t, `"+1${local.digits}"`), "late": expr(t, `step.send.id`),
			}
			env := runner.Environment{Inboxes: map[*plan.Inbox]capture.Source{inbox: box}}
			it := run(t, planOf(sc), env, runner.Options{}).first(t)
			if it.Outcome != result.Success {
				t.Errorf("%s: %s", it.Outcome, it.Message)
			}
			if got := box.sends[0].Recipient; got != tc.want {
				t.Errorf("marked for %q, want %q", got, tc.want)
			}
		})
	}
}

func TestOneMarkForRetriesAndPolls(t *testing.T) {
	t.Parallel()
	box, inbox := &mailbox{}, &plan.Inbox{Name: "sms"}
	send := body(t, "send", sequence(status(503), good))
	send.Retry = &plan.Retry{Attempts: 3, On: []string{"503"}, MinDelay: time.Second}
	send.Poll = &plan.Poll{Until: expr(t, `self.attempts > 3`), Interval: time.Second, Timeout: time.Minute}
	var sentAt time.Time
	wait := body(t, "text", waits(func(env *steps.Env) { sentAt = env.SentAt }), "to", `"+1"`)
	wait.Inbox, wait.After = inbox, &plan.StepRef{Name: "send"}
	env := runner.Environment{Inboxes: map[*plan.Inbox]capture.Source{inbox: box}}
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		run(t, planOf(scenario("x", send, wait)), env, runner.Options{})
		if len(box.sends) != 1 || sentAt.Sub(start) != 3*time.Second {
			t.Errorf("%d marks, last answer after %s", len(box.sends), sentAt.Sub(start))
		}
	})
}

func TestMarkFailureStopsTheSend(t *testing.T) {
	t.Parallel()
	box, inbox := &mailbox{err: errors.New("401")}, &plan.Inbox{Name: "sms"}
	wait := body(t, "text", waits(nil), "to", `"+1"`)
	wait.Inbox, wait.After = inbox, &plan.StepRef{Name: "send"}
	env := runner.Environment{Inboxes: map[*plan.Inbox]capture.Source{inbox: box}}
	o := run(t, planOf(scenario("x", body(t, "send", sends(box, "x"), "id", `"+1"`), wait)), env, runner.Options{})
	got := o.step(t, "send")
	if got.Outcome != result.Error || got.Reason != result.ReasonInbox || got.Message != "not sent: inbox sms could not be marked: 401" || len(box.messages) != 0 {
		t.Errorf("got %s %s %q, %d messages", got.Outcome, got.Reason, got.Message, len(box.messages))
	}
}

func TestWaitWithoutItsSend(t *testing.T) {
	t.Parallel()
	box, inbox := &mailbox{}, &plan.Inbox{Name: "sms"}
	send := body(t, "send", sends(box, "x"), "id", `"+1"`)
	send.When = eval.Constant(cty.False)
	wait := body(t, "text", waits(nil), "to", `"+1"`)
	wait.Inbox, wait.After = inbox, &plan.StepRef{Name: "send"}
	env := runner.Environment{Inboxes: map[*plan.Inbox]capture.Source{inbox: box}}
	if got := run(t, planOf(scenario("x", send, wait)), env, runner.Options{}).first(t); got.Message != "no mark" {
		t.Errorf("got %s: %s", got.Outcome, got.Message)
	}
}

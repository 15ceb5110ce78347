package runner_test

import (
	"context"
	"slices"
	"strconv"
	"testing"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/steps"
)

// teller is a mailbox whose target says in its answer where the inbox stood.
type teller struct{ mailbox }

const stoodAt = "Stood-At"

func (*teller) MarkIn(header func(string) string) (capture.Mark, bool) {
	at := header(stoodAt)
	return capture.NewMark(at), at != ""
}

// A mark is asked for until an answer was seen to tell it, and wherever a wait may follow
// an answer that was lost.
func TestMarkIsReadOutOfTheAnswer(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		mend  func(*plan.Step)
		tells []bool // of each iteration: the answer tells
		marks int
		bad   int // iterations whose wait knows no mark
	}{
		"learned from the first":        {tells: []bool{true, true, true}, marks: 1},
		"never told":                    {tells: []bool{false, false, false}, marks: 3},
		"told no more":                  {tells: []bool{true, false, true, true}, marks: 3, bad: 1},
		"a step that may be refused":    {mend: func(s *plan.Step) { s.Expect = &plan.Expect{} }, tells: []bool{true, true}, marks: 2},
		"a step that is repeated":       {mend: func(s *plan.Step) { s.Retry = &plan.Retry{Attempts: 2} }, tells: []bool{true, true}, marks: 2},
		"a step that may fail in peace": {mend: func(s *plan.Step) { s.ContinueOnFailure = true }, tells: []bool{true, true}, marks: 2},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box, inbox := &teller{}, &plan.Inbox{Name: "sms"}
			round := 0
			kind := kind("send", func(context.Context, *steps.Env, steps.Args) steps.Reply {
				r := ok(nil)
				if tc.tells[round] {
					r.Header = client.Header{{Name: stoodAt, Value: strconv.Itoa(len(box.messages))}}
				}
				round++
				box.deliver("+1", "fresh")
				return r
			})
			kind.Sends = func(steps.Args) string { return "sms" }
			send := body(t, "send", kind)
			if tc.mend != nil {
				tc.mend(send)
			}
			wait := body(t, "text", waits(nil), "to", `"+1"`)
			wait.Inbox, wait.After = inbox, &plan.StepRef{Name: "send"}
			env := runner.Environment{Inboxes: map[*plan.Inbox]capture.Source{inbox: box}}
			o := run(t, planOf(scenario("x", send, wait)), env, runner.Options{Repeat: len(tc.tells), Parallelism: 1})
			bad := 0
			for _, it := range o.iterations {
				if it.Outcome != result.Success {
					bad++
				}
			}
			if len(box.sends) != tc.marks || bad != tc.bad {
				t.Errorf("%d marks were asked for and %d iterations went wrong, want %d and %d", len(box.sends), bad, tc.marks, tc.bad)
			}
		})
	}
}

// What the answer tells is nearer to the send than any mark: a message of somebody else
// that came just before the send is older.
func TestReceiptIsExact(t *testing.T) {
	t.Parallel()
	box, inbox := &teller{}, &plan.Inbox{Name: "sms"}
	k := kind("send", func(context.Context, *steps.Env, steps.Args) steps.Reply {
		box.deliver("+1", "stale")
		r := ok(nil)
		r.Header = client.Header{{Name: stoodAt, Value: strconv.Itoa(len(box.messages))}}
		box.deliver("+1", "fresh")
		return r
	})
	k.Sends = func(steps.Args) string { return "sms" }
	wait := body(t, "text", waits(nil), "to", `"+1"`)
	wait.Inbox, wait.After = inbox, &plan.StepRef{Name: "send"}
	wait.Asserts = []plan.Assert{{Condition: expr(t, `nonsensitive(self.jwt) == "fresh"`)}}
	env := runner.Environment{Inboxes: map[*plan.Inbox]capture.Source{inbox: box}}
	o := run(t, planOf(scenario("x", body(t, "send", k), wait)), env, runner.Options{Repeat: 2, Parallelism: 1})
	var got []result.Outcome
	for _, it := range o.iterations {
		got = append(got, it.Outcome)
	}
	if want := []result.Outcome{result.Failure, result.Success}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v: the first is marked in advance", got, want)
	}
}

package emulator

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/capture"
)

const someone = "user-1@example.test"

// watching begins to wait and gives what is told: the IDs of messages, and "failed".
func watching(t *testing.T, h *hub, match capture.Match) (told *[]string, stop func() (capture.Seen, bool)) {
	t.Helper()
	told = &[]string{}
	match.Recipient = someone
	return told, h.Watch(capture.NewMark("0"), match, func(m capture.Message, err error) {
		if err != nil {
			*told = append(*told, "failed")
		} else {
			*told = append(*told, m.ID)
		}
	})
}

func (h *hub) calling(in *room) { h.call(in, h.desk.callers()) }

// coming has the feed list messages to someone, by their bodies.
func (h *hub) coming(first uint64, bodies ...string) {
	messages := make([]message, len(bodies))
	for i, body := range bodies {
		messages[i] = message{ID: body, Recipient: someone, Body: body, Number: first + uint64(i)}
	}
	h.arrived(messages, first+uint64(len(bodies))-1)
}

// Whoever must call again does not stand behind those who began later.
func TestWhoCallsAgainGoesFirst(t *testing.T) {
	t.Parallel()
	inbox := &canned{}
	h := hubOn(t, inbox)
	var in room
	first, _ := watching(t, h, capture.Match{})
	inbox.none(0, 1)
	h.calling(&in)
	second, _ := watching(t, h, capture.Match{})
	inbox.fill(0, 1)
	calls := h.desk.callers()
	third, _ := watching(t, h, capture.Match{})
	h.call(&in, calls) // the message goes to the first, so that the second calls again
	fourth, _ := watching(t, h, capture.Match{})
	inbox.calls = fmt.Appendf(nil, `{"format_version":1,"cursor":"2","found":[{"id":"next","recipient":%q,"cursor":"2"},{"later":true},{"later":true}]}`, someone)
	h.calling(&in)
	if len(*first) != 1 || len(*second) != 1 || len(*third) != 0 {
		t.Fatalf("told were %q, %q and %q; want the first two", *first, *second, *third)
	}
	fifth, _ := watching(t, h, capture.Match{})
	inbox.calls = fmt.Appendf(nil, `{"format_version":1,"cursor":"3","found":[{"id":"last","recipient":%q,"cursor":"3"},{},{}]}`, someone)
	h.calling(&in)
	if len(*third) != 1 || len(*fourth)+len(*fifth) != 0 {
		t.Errorf("told were %q, %q and %q; want the third alone", *third, *fourth, *fifth)
	}
}

// A claim that could not be carried out ends its watch. Another that wants the message asks
// for it: the feed lists it no more, and it may be there.
func TestFailedClaimLeavesTheMessageToOthers(t *testing.T) {
	t.Parallel()
	inbox := &canned{}
	h := hubOn(t, inbox)
	var in room
	first, _ := watching(t, h, capture.Match{})
	second, _ := watching(t, h, capture.Match{})
	inbox.none(0, 2)
	h.calling(&in)
	h.coming(1, "one")
	h.unsettled(h.desk.take().claims, errors.New("no answer"))
	if len(*first) != 1 || len(*second) != 0 {
		t.Fatalf("told were %q and %q, want that the first failed", *first, *second)
	}
	if calls := h.desk.callers(); len(calls) != 1 || h.waiting != 0 {
		t.Errorf("%d watches call and %d wait; want that the second calls", len(calls), h.waiting)
	}
}

// A message that a call took is ours whatever becomes of a claim of it.
func TestFailedClaimOfWhatIsOurs(t *testing.T) {
	t.Parallel()
	inbox := &canned{}
	h := hubOn(t, inbox)
	var in room
	first, _ := watching(t, h, capture.Match{})
	inbox.none(0, 1)
	h.calling(&in)
	second, _ := watching(t, h, capture.Match{})
	h.coming(1, "one")
	claims := h.desk.take().claims
	inbox.calls = fmt.Appendf(nil, `{"format_version":1,"cursor":"1","found":[{"id":"one","recipient":%q,"body":"one","cursor":"1"}]}`, someone)
	h.calling(&in)
	h.unsettled(claims, errors.New("no answer"))
	if fmt.Sprint(*first, *second) != "[one] []" {
		t.Errorf("told were %q and %q, want that the first got the message", *first, *second)
	}
}

// Nothing is asked for who does not wait any more: another process may wait for it.
func TestNobodyCallsForWhoIsGone(t *testing.T) {
	t.Parallel()
	h := hubOn(t, &canned{})
	_, stop := watching(t, h, capture.Match{})
	stop()
	if calls := h.desk.callers(); len(calls) != 0 {
		t.Errorf("%d watches call, want none", len(calls))
	}
}

// What only those waited for who are gone is kept no more, whoever else waits for the
// recipient.
func TestShelfDropsWhatNobodyWaitsFor(t *testing.T) {
	t.Parallel()
	inbox := &canned{}
	h := hubOn(t, inbox)
	var in room
	watching(t, h, capture.Match{Contains: "never"})
	inbox.none(0, 1)
	h.calling(&in)
	_, stop := watching(t, h, capture.Match{Contains: "text"})
	h.coming(1, "text 1", "text 2")
	if len(h.shelf.entries[someone]) != 2 {
		t.Fatalf("%d messages are kept, want both until it is known who gets them", len(h.shelf.entries[someone]))
	}
	stop()
	if n := len(h.shelf.entries[someone]); n != 0 {
		t.Errorf("%d messages are kept that nobody waits for", n)
	}
	watching(t, h, capture.Match{Contains: "text"})
	h.coming(3, "text 3")
	h.fail(errors.New("the feed broke"))
	if n := len(h.shelf.entries); n != 0 {
		t.Errorf("messages of %d recipients are kept, and all watches failed", n)
	}
}

// A message that did not match counts once, however often is asked.
func TestPassedIsCountedOnce(t *testing.T) {
	t.Parallel()
	inbox := &canned{}
	h := hubOn(t, inbox)
	var in room
	_, stop := watching(t, h, capture.Match{Contains: "text"})
	inbox.calls = []byte(`{"format_version":1,"cursor":"2","found":[{"passed":2}]}`)
	h.calling(&in)
	h.coming(3, "other", "text")
	inbox.refuses = true
	h.exchange(&in, h.desk.take(), nil) // somebody else has it
	inbox.calls = []byte(`{"format_version":1,"cursor":"4","found":[{"passed":3}]}`)
	h.calling(&in)
	if seen, _ := stop(); seen.Passed != 3 {
		t.Errorf("%d messages did not match, want 3", seen.Passed)
	}
}

// A request for many who wait for long texts is one that the emulator reads.
func TestCallsAreBounded(t *testing.T) {
	t.Parallel()
	h := hubOn(t, &canned{})
	const count = 3000
	for range count {
		watching(t, h, capture.Match{Contains: strings.Repeat("text <", 100)})
	}
	called := 0
	for calls := h.desk.callers(); len(calls) > 0; calls = h.desk.callers() {
		called += len(calls)
		if n := len(appendCalls(nil, calls)); n > 1<<20 {
			t.Fatalf("a request of %d bytes", n)
		}
	}
	if called != count {
		t.Errorf("%d called, want %d", called, count)
	}
}

// Who stops a watch again is told the same, and waits for no answer that does not come.
func TestStopAgain(t *testing.T) {
	t.Parallel()
	inbox := &canned{}
	h := hubOn(t, inbox)
	var in room
	_, stop := watching(t, h, capture.Match{Contains: "text"})
	inbox.calls = []byte(`{"format_version":1,"cursor":"2","found":[{"passed":2}]}`)
	h.calling(&in)
	seen, ended := stop()
	h.asked++
	if again, still := stop(); !ended || !still || again != seen {
		t.Errorf("%+v, %v and then %+v, %v; want that it ended both times", seen, ended, again, still)
	}
	told, stop := watching(t, h, capture.Match{})
	inbox.fill(0, 1)
	h.calling(&in)
	for range 2 {
		if _, ended := stop(); ended || len(*told) != 1 {
			t.Errorf("ended is %v and told were %q, want that it was told", ended, *told)
		}
	}
}

package emulator

import (
	"errors"
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

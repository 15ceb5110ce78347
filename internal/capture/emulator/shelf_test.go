package emulator

import (
	"strconv"
	"testing"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/secret"
)

// hubOn makes a hub whose feed and desk do not run.
func hubOn(t *testing.T, inbox *canned) *hub {
	t.Helper()
	s, err := New(Options{URL: "http://127.0.0.1:1", Token: secret.New("t"), Project: "P1", Client: inbox})
	if err != nil {
		t.Fatal(err)
	}
	h := s.(*hub)
	h.feed.running, h.desk.running = true, true
	return h
}

// Of a listing only what somebody waits for is kept, and that only until it is given.
func TestShelfHoldsWhatIsWaitedFor(t *testing.T) {
	t.Parallel()
	const count = 1000
	inbox := &canned{}
	inbox.fill(0, count)
	inbox.none(0, count/2)
	h := hubOn(t, inbox)
	var in room
	got := map[string]int{}
	for i := 1; i <= count; i += 2 {
		h.Watch(capture.NewMark("0"), capture.Match{Recipient: "user-" + strconv.Itoa(i) + "@example.test"}, func(m capture.Message, err error) {
			if err != nil {
				t.Error(err)
			}
			got[m.Recipient]++
		})
	}
	h.call(&in, h.desk.callers())
	if h.waiting != count/2 {
		t.Errorf("%d wait for the feed, want %d", h.waiting, count/2)
	}
	l, err := h.api.list(t.Context(), &in, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	h.arrived(l.Messages, l.Cursor)
	if n := len(h.shelf.entries); n != count/2 {
		t.Errorf("messages of %d recipients are kept, want %d", n, count/2)
	}
	h.exchange(&in, h.desk.take(), nil)
	if len(got) != count/2 {
		t.Errorf("%d recipients got their message, want %d", len(got), count/2)
	}
	if n := len(h.shelf.entries); n != 0 || h.live != 0 || h.waiting != 0 || len(h.watches) != 0 {
		t.Errorf("messages of %d recipients are kept, %d watches are alive and %d wait; want none", n, h.live, h.waiting)
	}
}

// What was claimed for watches that are over stays for the next, up to a limit.
func TestShelfKeepsWhatIsOurs(t *testing.T) {
	t.Parallel()
	s := newShelf()
	s.limit = 2
	for n := range uint64(5) {
		s.keep(s.put(&message{ID: strconv.FormatUint(n, 10), Recipient: "a", Number: n + 1}))
	}
	s.put(&message{ID: "nobody's", Recipient: "a", Number: 9})
	w := &watch{recipient: "a"}
	s.leave(w, nil)
	for _, want := range []string{"3", "4"} {
		e := s.first(w)
		if e == nil || e.ID != want || !e.ours {
			t.Fatalf("%+v, want message %s, which is ours", e, want)
		}
		s.remove(e)
	}
	if e := s.first(w); e != nil || len(s.entries) != 0 {
		t.Errorf("%+v is left", e)
	}
}

// A message that comes for a watch goes to who waits longer, and the watch asks again.
func TestTheLongestWaitIsServedFirst(t *testing.T) {
	t.Parallel()
	inbox := &canned{}
	h := hubOn(t, inbox)
	var in room
	var got []string
	watch := func(name string) func() (capture.Seen, bool) {
		return h.Watch(capture.NewMark("0"), capture.Match{Recipient: "user-1@example.test"}, func(m capture.Message, err error) {
			if err != nil {
				t.Error(err)
			}
			got = append(got, name)
		})
	}
	watch("first")
	inbox.none(0, 1)
	h.call(&in, h.desk.callers())
	stop := watch("second")
	inbox.fill(0, 1)
	h.call(&in, h.desk.callers())
	if len(got) != 1 || got[0] != "first" {
		t.Fatalf("%v got the message, want the first", got)
	}
	calls := h.desk.callers()
	if len(calls) != 1 || h.live != 1 || h.waiting != 0 {
		t.Fatalf("%d watches call, %d are alive and %d wait; want the second to call again", len(calls), h.live, h.waiting)
	}
	if seen, ended := stop(); !ended || seen.Taken != 1 {
		t.Errorf("%+v, %v; want that one was taken", seen, ended)
	}
	h.call(&in, calls) // the watch is over: the message is ours
	watch("third")
	inbox.none(0, 1)
	h.call(&in, h.desk.callers())
	if len(got) != 2 || got[1] != "third" || len(h.shelf.entries) != 0 {
		t.Errorf("%v got messages, want the third too", got)
	}
}

// A message is claimed for one watch while another's call takes it: the claim is refused,
// and the message is ours all the same.
func TestCallOvertakesAClaim(t *testing.T) {
	t.Parallel()
	inbox := &canned{refuses: true}
	h := hubOn(t, inbox)
	var in room
	var got []string
	watch := func(name string) func() (capture.Seen, bool) {
		return h.Watch(capture.NewMark("0"), capture.Match{Recipient: "user-1@example.test"}, func(m capture.Message, err error) {
			if err != nil {
				t.Error(err)
			}
			got = append(got, name)
		})
	}
	stop := watch("first")
	inbox.none(0, 1)
	h.call(&in, h.desk.callers())
	inbox.fill(0, 1)
	l, err := h.api.list(t.Context(), &in, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	h.arrived(l.Messages, l.Cursor)
	claims := h.desk.take()
	if _, ended := stop(); !ended || len(claims.claims) != 1 {
		t.Fatalf("%d claims, want that the first watch has one and is stopped", len(claims.claims))
	}
	watch("second")
	h.call(&in, h.desk.callers())
	h.exchange(&in, claims, nil)
	inbox.none(1, 1)
	h.call(&in, h.desk.callers())
	if len(got) != 1 || got[0] != "second" {
		t.Errorf("%v got the message, want the second", got)
	}
}

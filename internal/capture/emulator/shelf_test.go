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

// Of a listing that is far more than the shelf holds every message that somebody watches
// for is given, whatever lies between.
func TestFullShelfGivesWhatIsWatchedFor(t *testing.T) {
	t.Parallel()
	const count, limit = 1000, 8
	inbox := &canned{}
	inbox.fill(0, count)
	h := hubOn(t, inbox)
	h.shelf.limit = limit
	got := map[string]int{}
	for i := 1; i <= count; i += 2 {
		h.Watch(capture.NewMark("0"), capture.Match{Recipient: "user-" + strconv.Itoa(i) + "@example.test"}, func(m capture.Message, err error) {
			if err != nil {
				t.Error(err)
			}
			got[m.Recipient]++
		})
	}
	l, err := h.api.list(t.Context(), "", 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	h.mu.Lock()
	h.shelve(l.Messages)
	claims := h.desk.take()
	h.mu.Unlock()
	h.exchange(claims, nil)
	if len(got) != count/2 {
		t.Errorf("%d recipients got their message, want %d", len(got), count/2)
	}
	if h.shelf.count != limit || h.shelf.given != 0 || h.live != 0 {
		t.Errorf("%d messages are kept, %d given, %d wait; want %d, 0, 0", h.shelf.count, h.shelf.given, h.live, limit)
	}
	if want := uint64(count - 2*limit); h.shelf.floor != want {
		t.Errorf("messages may be missing up to %d, want %d", h.shelf.floor, want)
	}
}

// A message whose watch ended while it was claimed stays, and is dropped in its turn.
func TestShelfDropsWhatCameBack(t *testing.T) {
	t.Parallel()
	s := newShelf()
	s.limit = 2
	put := func(n uint64) { s.put(&message{ID: strconv.FormatUint(n, 10), Recipient: "a", Number: n}) }
	put(1)
	first := s.entries["a"][0]
	s.give(first, &watch{})
	for n := range uint64(5) {
		put(2 + n)
		s.trim()
	}
	if s.count != 3 || first.gone {
		t.Fatalf("%d messages are kept, want the given one and two", s.count)
	}
	s.back(first)
	s.trim()
	put(7)
	put(8)
	s.trim()
	if s.count != 2 || !first.gone {
		t.Errorf("%d messages are kept, want the last two", s.count)
	}
}

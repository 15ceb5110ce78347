package emulator_test

import (
	"testing"
	"time"

	"github.com/authbench/authbench/internal/capture"
)

// A wait that begins after a newer message was listed takes its own, older one: else
// whoever the newer one is for misses it.
func TestWatchTakesTheOldestMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.source(t, newClient(t))
	mark := func() capture.Mark {
		m, err := s.Mark(t.Context(), capture.Send{})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	watch := func(m capture.Mark, to string) (got func() capture.Message, stop func() (capture.Seen, bool)) {
		arrived := make(chan capture.Message, 1)
		stop = s.Watch(m, capture.Match{Recipient: to}, func(m capture.Message, err error) {
			if err != nil {
				t.Error(err)
			}
			arrived <- m
		})
		return func() capture.Message {
			select {
			case m := <-arrived:
				stop()
				return m
			case <-time.After(time.Minute):
				t.Fatalf("no message to %s", to)
				return capture.Message{}
			}
		}, stop
	}
	first := mark()
	w.send(t, number(1))
	// The feed begins behind the first message and has listed the second.
	between := mark()
	w.send(t, number(2))
	get, _ := watch(between, number(2))
	get()
	_, stop := watch(between, number(3))
	defer stop()
	second := mark()
	w.send(t, number(1))
	listed := mark()
	w.send(t, number(4))
	get, _ = watch(listed, number(4))
	get()
	get, _ = watch(first, number(1))
	older := get()
	get, _ = watch(second, number(1))
	if newer := get(); !older.ReceivedAt.Before(newer.ReceivedAt) {
		t.Errorf("the older message is of %s, the newer of %s", older.ReceivedAt, newer.ReceivedAt)
	}
}

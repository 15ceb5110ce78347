package emulator

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// waiting starts a wait and returns where its result goes.
func waiting(ctx context.Context, b *inbox, recipient string) <-chan []*message {
	out := make(chan []*message, 1)
	go func() {
		found, _, err := b.wait(ctx, recipient, 0, false)
		if errors.Is(err, errInboxClosed) {
			found = nil
		}
		out <- found
	}()
	return out
}

func TestWaitEndsWithTheMessage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newInbox(10)
		one, two := waiting(t.Context(), b, "a"), waiting(t.Context(), b, "a")
		anyone, other := waiting(t.Context(), b, ""), waiting(t.Context(), b, "b")
		synctest.Wait()
		b.put(&message{ID: "1", Recipient: "a"})
		synctest.Wait()
		for _, got := range []<-chan []*message{one, two, anyone} {
			if found := <-got; len(found) != 1 || found[0].ID != "1" {
				t.Errorf("woken with %v, want the message", found)
			}
		}
		select {
		case found := <-other:
			t.Errorf("the message of another recipient ended a wait with %v", found)
		default:
		}
		b.close()
		if found := <-other; found != nil {
			t.Errorf("a closed inbox gave %v, want nothing", found)
		}
		if len(b.waiters) != 0 {
			t.Errorf("%d waiters are left", len(b.waiters))
		}
	})
}

func TestWaitEndsWithItsTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newInbox(10)
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		long, cancelLong := context.WithTimeout(t.Context(), time.Minute)
		defer cancelLong()
		first, second := waiting(short, b, "a"), waiting(long, b, "a")
		start := time.Now()
		if found := <-first; found == nil || len(found) != 0 {
			t.Errorf("a wait in vain gave %v, want an empty list", found)
		}
		if got := time.Since(start); got != time.Second {
			t.Errorf("waited %s, want 1s", got)
		}
		// Who gave up must not take the place of those who still wait.
		b.put(&message{ID: "1", Recipient: "a"})
		if found := <-second; len(found) != 1 {
			t.Errorf("the longer wait gave %v, want the message", found)
		}
		if len(b.waiters) != 0 {
			t.Errorf("%d waiters are left", len(b.waiters))
		}
	})
}

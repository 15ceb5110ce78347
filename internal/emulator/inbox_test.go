package emulator

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
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

// An answer is bounded, in messages and in bytes, and whoever goes on from its cursor
// gets everything once.
func TestListIsBounded(t *testing.T) {
	t.Parallel()
	const messages = 5000
	for _, tt := range []struct {
		name    string
		body    int
		answers int
	}{
		{"usual", 200, 4}, // three and an empty one
		{"large", 2000, 12},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newInbox(messages)
			for i := range messages {
				b.put(&message{ID: strconv.Itoa(i), Recipient: "a", Body: strings.Repeat("x", tt.body)})
			}
			b.markRead("0", "2100")
			var (
				after        uint64
				got, answers int
			)
			for {
				found, cursor, err := b.list("", after, true)
				if err != nil {
					t.Fatal(err)
				}
				text, err := (&messageList{AdminVersion, cursor, found}).append(nil)
				if err != nil || len(found) > listLimit || len(text) > 1<<20 {
					t.Fatalf("%d messages, %d bytes, error %v", len(found), len(text), err)
				}
				var list messageList
				if err := json.Unmarshal(text, &list); err != nil {
					t.Fatal(err)
				}
				answers++
				if len(list.Messages) == 0 {
					break
				}
				for _, m := range list.Messages {
					if got++; m.Number != uint64(got) {
						t.Fatalf("message %d, want %d", m.Number, got)
					}
				}
				after = list.Cursor
			}
			if got != messages || answers != tt.answers {
				t.Errorf("%d messages in %d answers, want %d in %d", got, answers, messages, tt.answers)
			}
		})
	}
}

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

// A full inbox has no entry for what it dropped: the next drop would look through them all.
func TestFullInboxLooksForNothing(t *testing.T) {
	t.Parallel()
	const limit = 100
	b := newInbox(limit)
	for i := range 10 * limit {
		b.put(&message{ID: strconv.Itoa(i), Recipient: "a"})
		if i == 5*limit {
			b.markRead(strconv.Itoa(i - limit/2)) // from among the others
		}
		if got, most := len(b.unread), min(i+1, limit+1); got > most {
			t.Fatalf("%d entries after %d messages, want %d at most", got, i+1, most)
		}
	}
	found, _, err := b.list("a", b.dropped, false)
	if err != nil || len(found) != limit || found[0].Number != 9*limit+1 || len(b.byRecipient["a"]) != limit {
		t.Errorf("%d messages from %d on, %d of the recipient, error %v", len(found), found[0].Number, len(b.byRecipient["a"]), err)
	}
}

// When there can be no list, nothing is marked either.
func TestMarkAndListOfALostCursor(t *testing.T) {
	t.Parallel()
	b := newInbox(2)
	for i := range 3 {
		b.put(&message{ID: strconv.Itoa(i), Recipient: "a"})
	}
	if _, err := b.markAndList([]string{"2"}, 0); !errors.Is(err, errMessagesLost) {
		t.Errorf("error %v, want that messages were lost", err)
	}
	got, err := b.markAndList([]string{"2", "0"}, 1)
	if err != nil || len(got.Read) != 1 || got.Read[0] != "2" || len(got.Messages) != 1 || got.Listed != 3 {
		t.Errorf("%+v, error %v; want the last taken and the second listed", got, err)
	}
	b.close()
	if _, err := b.markAndList(nil, 1); !errors.Is(err, errInboxClosed) {
		t.Errorf("error %v, want that the project is gone", err)
	}
}

// An answer that takes and lists is what encoding/json would write, and bounded.
func TestTakenListIsBounded(t *testing.T) {
	t.Parallel()
	list := &takenList{FormatVersion: AdminVersion, Cursor: 9, Read: []string{"a", "b\""}, Messages: []*message{}, Listed: 7}
	for range 2 {
		text, err := list.append(nil)
		want, wantErr := json.Marshal(list)
		if string(text) != string(want) || err != nil || wantErr != nil {
			t.Errorf("%s, error %v; want %s, %v", text, err, want, wantErr)
		}
		list.Messages = append(list.Messages, &message{ID: "1", Number: 7})
	}
	for n := range uint64(3) {
		list.Messages = append(list.Messages, &message{Number: 8 + n, Body: strings.Repeat("x", 400_000)})
	}
	list.Listed = 10
	var got takenList
	if text, err := list.append(nil); err != nil || len(text) > 1<<20 || json.Unmarshal(text, &got) != nil {
		t.Fatalf("%d bytes, error %v", len(text), err)
	}
	if n := len(got.Messages); n == 0 || got.Messages[n-1].Number != 9 || got.Listed != 9 {
		t.Errorf("%d messages, listed to %d, want 9", n, got.Listed)
	}
}

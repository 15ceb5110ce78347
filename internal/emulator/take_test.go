package emulator

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// takes gives what of an answer was found, a line for each that was wanted.
func takes(t *testing.T, b *inbox, all ...wanted) (lines []string) {
	t.Helper()
	got, err := b.takeWanted(all)
	if err != nil {
		t.Fatal(err)
	}
	text, err := got.append(nil)
	want, wantErr := json.Marshal(got)
	if err != nil || wantErr != nil || string(text) != string(want) {
		t.Errorf("%s, error %v; want %s, %v", text, err, want, wantErr)
	}
	for _, f := range got.Found {
		line := ""
		if f.message != nil {
			line = f.ID
			if !f.Read {
				line += " unread"
			}
		}
		if f.Passed > 0 {
			line += "passed " + strconv.Itoa(f.Passed)
		}
		if f.Lost {
			line += "lost"
		}
		if f.Later {
			line += "later"
		}
		lines = append(lines, line)
	}
	return lines
}

func TestTakeWanted(t *testing.T) {
	t.Parallel()
	b := newInbox(6)
	for i, text := range []string{"one", "two", "three", "four", "five"} {
		b.put(&message{ID: text, Recipient: []string{"a", "b"}[i%2], Subject: "s" + strconv.Itoa(i), Body: text, State: delivered})
	}
	got := takes(t, b,
		wanted{Recipient: "a"}, wanted{Recipient: "a", after: 1}, wanted{Recipient: "b", after: 2},
		wanted{Recipient: "b", Contains: "w"}, wanted{Recipient: "b", Contains: "six"}, wanted{Recipient: "a", Subject: "s9"}, wanted{Recipient: "c"})
	if diff := cmp.Diff([]string{"one", "three", "four", "two", "", "passed 1", ""}, got); diff != "" {
		t.Errorf("each takes the oldest that is for him (-want +got):\n%s", diff)
	}
	// Five is left. Of a full inbox the oldest is dropped.
	for i := range 6 {
		b.put(&message{ID: "more " + strconv.Itoa(i), Recipient: "d", State: delivered})
	}
	if diff := cmp.Diff([]string{"lost", "lost", "more 0"}, takes(t, b, wanted{Recipient: "b", after: 1}, wanted{Recipient: "a", after: 2}, wanted{Recipient: "d", after: 5})); diff != "" {
		t.Errorf("what was dropped is told to whom it may concern (-want +got):\n%s", diff)
	}
	b.close()
	if _, err := b.takeWanted(nil); err == nil {
		t.Error("the project is gone and nobody was told")
	}
}

// However long the messages are, who bounds what he reads by a mebibyte reads the answer:
// what is in it is taken. What did not fit is not.
func TestTakeIsBounded(t *testing.T) {
	t.Parallel()
	const messages, huge = 40, 20
	b := newInbox(100)
	all := make([]wanted, maxRead)
	for i := range all {
		to := strconv.Itoa(i)
		all[i].Recipient = to
		switch {
		case i == huge: // nearly as much as one answer has
			b.put(&message{ID: to, Recipient: to, Body: strings.Repeat("\x01", 150_000), State: delivered})
		case i < messages:
			b.put(&message{ID: to, Recipient: to, Body: strings.Repeat("\x01", 10_000), State: delivered})
		}
	}
	taken := 0
	for rounds := 1; len(all) > 0; rounds++ {
		got, err := b.takeWanted(all)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := got.append(nil); err != nil || len(text) > 1<<20 {
			t.Fatalf("an answer of %d bytes, error %v", len(text), err)
		}
		var later []wanted
		for i, f := range got.Found {
			if f.Later {
				later = append(later, all[i])
			} else if f.message != nil {
				taken++
			}
		}
		if all = later; rounds > 10 {
			t.Fatal("there is no end")
		}
	}
	if taken != messages || b.unreadCount != 0 {
		t.Errorf("%d messages were taken, %d are left", taken, b.unreadCount)
	}
}

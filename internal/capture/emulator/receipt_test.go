package emulator_test

import (
	"testing"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/descope"
)

func TestMarkIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s, ok := w.source(t, newClient(t)).(capture.Receipts)
	if !ok {
		t.Fatal("the source has no receipts")
	}
	for _, tt := range []struct {
		header, cursor string
		ok             bool
	}{
		{header: w.project + " 0", cursor: "0", ok: true},
		{header: w.project + " 18446744073709551615", cursor: "18446744073709551615", ok: true},
		{header: ""},
		{header: " 1"},
		{header: w.project},
		{header: w.project + " "},
		{header: w.project + " -1"},
		{header: w.project + " +1"},
		{header: w.project + "  1"},
		{header: w.project + " 1 "},
		{header: w.project + " 1_0"},
		{header: w.project + " 18446744073709551616"},
		{header: w.project + "x 1"},
		{header: "another 1"},
	} {
		m, ok := s.MarkIn(func(name string) string {
			if name != descope.InboxHeader {
				t.Errorf("%q was read", name)
			}
			return tt.header
		})
		if ok != tt.ok || m.Cursor() != tt.cursor {
			t.Errorf("%q: mark %q, %v; want %q, %v", tt.header, m.Cursor(), ok, tt.cursor, tt.ok)
		}
	}
}

// A message that came after the mark of a receipt is given, though nothing was asked
// before it was sent.
func TestReceiptIsAMark(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.source(t, newClient(t))
	w.send(t, number(1))
	w.send(t, number(2))
	for cursor, to := range map[string]string{"0": number(1), "1": number(2)} {
		mark, ok := s.(capture.Receipts).MarkIn(func(string) string { return w.project + " " + cursor })
		if !ok {
			t.Fatal("no mark")
		}
		m, err := capture.Wait(t.Context(), s, mark, capture.Match{Recipient: to})
		if err != nil || m.Recipient != to {
			t.Errorf("mark %s: message to %q, error %v; want one to %q", cursor, m.Recipient, err, to)
		}
	}
}

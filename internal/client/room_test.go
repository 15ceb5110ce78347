package client

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// inRoom fails unless an answer reads the same in a room that held another one before,
// and in one that held the same.
func inRoom(t *testing.T, method, text string, want parsed, wantErr error) {
	t.Helper()
	const limit = 1 << 20
	room := &Room{}
	for _, before := range []string{
		"HTTP/1.1 200 OK\r\nX: 1\r\nSet-Cookie: a=b\r\nContent-Length: 2\r\n\r\nhi",
		text, // once it is read here, its lines are known
		text,
	} {
		got, err := parseIn(room, method, before, limit, whole)
		if before != text {
			continue
		}
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("in a room: %v, without: %v", err, wantErr)
		}
		if err != nil {
			return
		}
		if d := cmp.Diff(want.header, got.header); d != "" || got.status != want.status || got.body != want.body || got.more != want.more {
			t.Fatalf("in a room %+v, without %+v", got, want)
		}
	}
}

func TestRoom(t *testing.T) {
	t.Parallel()
	const ok = "HTTP/1.1 200 OK\r\n"
	for _, text := range []string{
		ok + "X: 1\r\nSet-Cookie: a=c\r\nContent-Length: 2\r\n\r\nho",
		ok + "X:  1\r\nset-cookie: a=b \r\nContent-Length: 2\r\n\r\nhi",
		ok + "X: 1\r\n\r\n",
		ok + "X: 1\r\nSet-Cookie: a=b\r\nContent-Length: 3\r\nY:\r\nZ: \r\n\r\nhi!",
		ok + "X: 1\r\nSet-Cookie: a=b\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
		ok + "\r\n",
		ok + "X: 1\r\n Set-Cookie: a=b\r\n\r\n",
		ok + "X: " + strings.Repeat("x", maxKeptHead) + "\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 103 Hints\r\nX: 1\r\n\r\nHTTP/1.1 404 Not Found\r\nX: 2\r\nContent-Length: 1\r\n\r\n!",
	} {
		want, err := parseAll("GET", text, 1<<20, whole)
		inRoom(t, "GET", text, want, err)
	}
}

// Texts of a header last; the list and the body are written over.
func TestRoomTextsLast(t *testing.T) {
	t.Parallel()
	room := &Room{}
	read := func(text string) parsed {
		t.Helper()
		p, err := parseIn(room, "GET", text, 1<<20, whole)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	first := read("HTTP/1.1 200 OK\r\nX: one\r\nContent-Length: 3\r\n\r\none").header[0]
	second := read("HTTP/1.1 200 OK\r\nX: two\r\nContent-Length: 3\r\n\r\ntwo").header[0]
	if first.Value != "one" || second.Value != "two" {
		t.Errorf("got %q and %q", first.Value, second.Value)
	}
}

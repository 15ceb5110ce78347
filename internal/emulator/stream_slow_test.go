package emulator

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A client that reads nothing is cut once its socket is full: it costs no more than
// that, and no goroutine.
func TestSlowClientIsCut(t *testing.T) {
	t.Parallel()
	const messages = 2000
	b := newInbox(messages)
	body := strings.Repeat("x", 32<<10) // 64 MB in all, more than sockets hold
	for i := range messages {
		b.put(&message{ID: strconv.Itoa(i), Recipient: "a", Body: body})
	}
	cut := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(cut)
		serveStream(w, r, b, query{}, time.Minute, 50*time.Millisecond)
	}))
	defer s.Close()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	<-cut
	if b.streams != 0 {
		t.Errorf("%d streams are open", b.streams)
	}
}

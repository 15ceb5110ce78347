package client_test

import (
	"bufio"
	"io"
	"net"
	"testing"

	"github.com/authbench/authbench/internal/client"
)

// rude is a server that hangs up after so many answers on each connection, and does not
// say that it will. It tells when it did.
func rude(t *testing.T, answers int) (url string, hungUp <-chan struct{}) {
	t.Helper()
	tell := make(chan struct{}, 1)
	return serveConns(t, func(_ int, c net.Conn) {
		in := bufio.NewReader(c)
		for range answers {
			if nullRequest(in) != nil {
				return
			}
			_, _ = io.WriteString(c, yes)
		}
		_ = c.Close()
		tell <- struct{}{}
	}), tell
}

// A server that hangs up unannounced breaks no request that is sent after it did, as
// long as it does so early in a connection; later it breaks one, and is known then.
func TestServerThatHangsUpUnannounced(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ answers, requests, broken int }{
		{1, 1000, 5}, // a busy machine may tell of the end of a connection a moment late
		{3, 1000, 5},
		{50, 1000, 5},
	} {
		url, hungUp := rude(t, tt.answers)
		c := newClient(t, client.Options{})
		broken, carried := 0, 0
		for range tt.requests {
			resp, err := c.Do(t.Context(), &client.Request{Method: "POST", URL: url})
			if err != nil {
				wantFault(t, "a connection that is gone", err, client.FaultReset)
				broken++
				continue
			}
			if string(resp.Body) != "yes" {
				t.Fatalf("got %q", resp.Body)
			}
			if carried++; carried%tt.answers == 0 {
				<-hungUp
			}
		}
		if broken > tt.broken {
			t.Errorf("%d answers a connection: %d requests broke, want %d at most", tt.answers, broken, tt.broken)
		}
	}
}

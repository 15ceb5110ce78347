package client_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/client"
)

// rawServer answers every connection's first request by answer, then closes it.
func rawServer(t *testing.T, answer func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer func() { _ = conn.Close() }()
				if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					answer(conn)
				}
			})
		}
	})
	t.Cleanup(func() { _ = l.Close(); wg.Wait() })
	return "http://" + l.Addr().String()
}

func say(text string) func(net.Conn) {
	return func(c net.Conn) { _, _ = io.WriteString(c, text) }
}

func resetConn(text string) func(net.Conn) {
	return func(c net.Conn) {
		_, _ = io.WriteString(c, text)
		_ = c.(*net.TCPConn).SetLinger(0)
	}
}

// refused is where nobody listens. A port that was free a moment ago could be somebody's.
const refused = "http://127.0.0.1:1"

func TestFaults(t *testing.T) {
	t.Parallel()
	tls := httptest.NewUnstartedServer(http.NotFoundHandler())
	tls.Config.ErrorLog = log.New(io.Discard, "", 0)
	tls.StartTLS()
	t.Cleanup(tls.Close)
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	tests := []struct {
		name, url string
		want      client.Fault
		status    int
	}{
		{"dns", "http://no-such-host.invalid", client.FaultDNS, 0},
		{"refused port", refused, client.FaultConnect, 0},
		{"unknown authority", tls.URL, client.FaultTLS, 0},
		{"not TLS", strings.Replace(plain.URL, "http:", "https:", 1), client.FaultTLS, 0},
		{"truncated", rawServer(t, say("HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\nshort")), client.FaultTruncated, 200},
		{"truncated chunks", rawServer(t, say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nsh")), client.FaultTruncated, 200},
		{"oversized, declared", rawServer(t, say("HTTP/1.1 201 OK\r\nContent-Length: 65\r\n\r\n")), client.FaultOversized, 201},
		{"oversized, undeclared", rawServer(t, say("HTTP/1.1 200 OK\r\n\r\n"+strings.Repeat("x", 65))), client.FaultOversized, 200},
		{"oversized header", rawServer(t, say("HTTP/1.1 200 OK\r\nX: "+strings.Repeat("x", 300<<10)+"\r\n\r\n")), client.FaultOversized, 0},
		{"closed without an answer", rawServer(t, say("")), client.FaultReset, 0},
		{"reset within the body", rawServer(t, resetConn("HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n")), client.FaultReset, 0},
		{"garbage", rawServer(t, say("canary-garbage is not HTTP\r\n\r\n")), client.FaultProtocol, 0},
		{"garbage status", rawServer(t, say("HTTP/1.1 canary OK\r\n\r\n")), client.FaultProtocol, 0},
		{"scheme", "ftp://127.0.0.1", client.FaultRequest, 0},
		{"no host", "http:///canary-path", client.FaultRequest, 0},
		{"control character", "http://127.0.0.1/\x01", client.FaultRequest, 0},
		{"credentials in URL", "http://canary:canary@127.0.0.1/", client.FaultRequest, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, client.Options{MaxBody: 64, ConnectTimeout: 10 * time.Second})
			if !strings.Contains(tt.url, "canary") {
				tt.url += "/canary-path?canary=query"
			}
			_, err := c.Do(t.Context(), &client.Request{Method: "GET", URL: tt.url, Header: client.Header{{Name: "Authorization", Value: "Bearer canary"}}})
			var e *client.Error
			if !errors.As(err, &e) {
				t.Fatalf("error %v is no *client.Error", err)
			}
			if e.Fault != tt.want || e.Status != tt.status {
				t.Errorf("fault %s, status %d, want %s, %d (%v)", e.Fault, e.Status, tt.want, tt.status, err)
			}
			if strings.Contains(err.Error(), "canary") {
				t.Errorf("the error quotes the request or the answer: %v", err)
			}
			if e.Start.IsZero() {
				t.Errorf("no start")
			}
		})
	}
}

func TestHangEndsWithItsContext(t *testing.T) {
	t.Parallel()
	hang := func(c net.Conn) { _, _ = io.Copy(io.Discard, c) } // until the client hangs up
	for name, target := range map[string]string{
		"before the header": rawServer(t, hang),
		"within the body": rawServer(t, func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx")
			hang(c)
		}),
	} {
		c := newClient(t, client.Options{})
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		_, err := c.Do(ctx, &client.Request{Method: "GET", URL: target})
		cancel()
		wantFault(t, name, err, client.FaultTimeout)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v does not wrap the context's error", name, err)
		}
		ctx, cancel = context.WithCancel(t.Context())
		cancel()
		_, err = c.Do(ctx, &client.Request{Method: "GET", URL: target})
		wantFault(t, name, err, client.FaultCanceled)
	}
}

func TestConnectTimeout(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() { // accepts, and never says a word of TLS
		if conn, err := l.Accept(); err == nil {
			_, _ = io.Copy(io.Discard, conn)
			_ = conn.Close()
		}
	})
	t.Cleanup(func() { _ = l.Close(); wg.Wait() })
	c := newClient(t, client.Options{ConnectTimeout: 2 * time.Second}) // time enough for TCP
	_, err = c.Do(t.Context(), &client.Request{Method: "GET", URL: "https://" + l.Addr().String()})
	wantFault(t, "silent TLS", err, client.FaultTLS)
}

// A kept-alive connection that breaks under a request must show as such: net/http
// would repeat a GET on its own.
func TestNothingIsRepeated(t *testing.T) {
	t.Parallel()
	var hits atomic.Int32
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if hits.Add(1) == 1 {
			_, _ = io.WriteString(w, "x")
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	})
	for _, method := range []string{"GET", "POST"} {
		hits.Store(0)
		c := newClient(t, client.Options{})
		if _, err := c.Do(t.Context(), &client.Request{Method: method, URL: s.URL}); err != nil {
			t.Fatal(err)
		}
		_, err := c.Do(t.Context(), &client.Request{Method: method, URL: s.URL})
		wantFault(t, method, err, client.FaultReset)
		if got := hits.Load(); got != 2 {
			t.Errorf("%s: the server saw %d requests, want 2", method, got)
		}
	}
}

func wantFault(t *testing.T, name string, err error, want client.Fault) {
	t.Helper()
	var e *client.Error
	if !errors.As(err, &e) || e.Fault != want {
		t.Errorf("%s: error %v, want fault %s", name, err, want)
	}
}

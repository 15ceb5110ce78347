package client_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/client"
)

// serveConns answers each connection, numbered from 0, by serve until the test ends.
func serveConns(t testing.TB, serve func(n int, c net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	var conns []net.Conn
	wg.Go(func() {
		for n := 0; ; n++ {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			conns = append(conns, c)
			mu.Unlock()
			wg.Go(func() { serve(n, c) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		mu.Lock()
		for _, c := range conns {
			_ = c.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
	return "http://" + l.Addr().String()
}

const yes = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes"

// rest waits until a connection that became idle is looked at before it is used again.
func rest(t *testing.T) {
	t.Helper()
	timer := time.NewTimer(20 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.Context().Done():
	}
}

// What a server does to an idle connection is no fault of the next request: it gets a
// connection that works.
func TestIdleConnectionThatIsNoGood(t *testing.T) {
	t.Parallel()
	for name, after := range map[string]func(net.Conn){
		"hung up":     func(c net.Conn) { _ = c.Close() },
		"half closed": func(c net.Conn) { _ = c.(*net.TCPConn).CloseWrite() },
		"reset":       func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0); _ = c.Close() },
		"spoke unasked": func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n")
		},
		"answered for two": func(c net.Conn) { _, _ = io.WriteString(c, yes) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var conns atomic.Int32
			done := make(chan struct{})
			url := serveConns(t, func(n int, c net.Conn) {
				conns.Add(1)
				in := bufio.NewReader(c)
				for {
					if _, err := http.ReadRequest(in); err != nil {
						return
					}
					_, _ = io.WriteString(c, yes)
					if n == 0 {
						after(c)
						close(done)
						return
					}
				}
			})
			cl := newClient(t, client.Options{})
			for range 3 {
				resp, err := cl.Do(t.Context(), &client.Request{Method: "POST", URL: url})
				if err != nil || string(resp.Body) != "yes" {
					t.Fatalf("%+v, %v", resp, err)
				}
				<-done
				rest(t)
			}
			if got := conns.Load(); got != 2 {
				t.Errorf("%d connections, want 2", got)
			}
		})
	}
}

// A context that is given up ends the request at once, wherever it waits.
func TestGivingUp(t *testing.T) {
	t.Parallel()
	silent := func(_ int, c net.Conn) { _, _ = bufio.NewReaderSize(c, 16).Peek(1) } // reads next to nothing
	for name, body := range map[string]int{"waiting for the answer": 0, "writing": 64 << 20} {
		for _, wait := range []time.Duration{10 * time.Millisecond, 150 * time.Millisecond} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				c := newClient(t, client.Options{})
				ctx, cancel := context.WithCancel(t.Context())
				timer := time.AfterFunc(wait, cancel)
				defer timer.Stop()
				_, err := c.Do(ctx, &client.Request{Method: "POST", URL: serveConns(t, silent), Body: make([]byte, body)})
				wantFault(t, name, err, client.FaultCanceled)
				if !errors.Is(err, context.Canceled) {
					t.Errorf("%v does not wrap the context's error", err)
				}
			})
		}
	}
}

// unheard is a context with a deadline that never tells by itself when it is over.
type unheard struct {
	context.Context
	at time.Time
}

func (u unheard) Deadline() (time.Time, bool) { return u.at, true }
func (u unheard) Done() <-chan struct{}       { return nil }

func TestDeadlineNeedsNoChannel(t *testing.T) {
	t.Parallel()
	silent := func(_ int, c net.Conn) { _, _ = io.Copy(io.Discard, c) }
	c := newClient(t, client.Options{})
	// The first is over before there is a connection.
	for _, wait := range []time.Duration{-time.Millisecond, 10 * time.Millisecond, 150 * time.Millisecond} {
		_, err := c.Do(unheard{t.Context(), time.Now().Add(wait)}, &client.Request{Method: "GET", URL: serveConns(t, silent)})
		wantFault(t, "deadline", err, client.FaultTimeout)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v is not the end of a context", err)
		}
	}
}

// The checkpoint of a wait is no deadline: a slow answer is an answer.
func TestSlowAnswer(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		timer := time.NewTimer(130 * time.Millisecond)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
		}
		_, _ = io.WriteString(w, r.RemoteAddr)
	})
	c := newClient(t, client.Options{})
	seen := map[string]bool{}
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		resp, err := c.Do(ctx, &client.Request{Method: "GET", URL: s.URL})
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		seen[string(resp.Body)] = true
	}
	if len(seen) != 1 {
		t.Errorf("%d connections, want one that is kept", len(seen))
	}
}

// A server may refuse a body, and never read it.
func TestAnswerBeforeTheBodyIsRead(t *testing.T) {
	t.Parallel()
	for name, after := range map[string]func(net.Conn){
		"then silent":  func(net.Conn) {},
		"then no more": func(c net.Conn) { _ = c.(*net.TCPConn).CloseWrite() },
	} {
		url := serveConns(t, func(_ int, c net.Conn) {
			_, _ = bufio.NewReaderSize(c, 16).Peek(1)
			_, _ = io.WriteString(c, "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno")
			after(c)
		})
		resp, err := newClient(t, client.Options{}).Do(t.Context(), &client.Request{Method: "POST", URL: url, Body: make([]byte, 32<<20)})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if resp.Status != http.StatusRequestEntityTooLarge || string(resp.Body) != "no" {
			t.Errorf("%s: got %d %q", name, resp.Status, resp.Body)
		}
	}
}

func TestRequestsAreNotMixedUp(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = w.Write(body)
	})
	c := newClient(t, client.Options{})
	var wg sync.WaitGroup
	for worker := range 16 {
		wg.Go(func() {
			for i := range 50 {
				want := string(make([]byte, i*37)) + string(rune('a'+worker))
				resp, err := c.Do(t.Context(), &client.Request{Method: "POST", URL: s.URL, Body: []byte(want)})
				if err != nil || string(resp.Body) != want {
					t.Errorf("worker %d got another answer: %v", worker, err)
					return
				}
			}
		})
	}
	wg.Wait()
}

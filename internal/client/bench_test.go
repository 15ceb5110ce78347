package client_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/client"
)

const benchAnswer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Sun, 22 Nov 2026 17:00:00 GMT\r\n" +
	"X-Request-Id: 0123456789abcdef\r\nContent-Length: 170\r\n\r\n"

// nullServer answers every request of a connection with the same bytes, and allocates
// nothing for it, so that what a benchmark counts is the client's.
func nullServer(b *testing.B) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	answer := []byte(benchAnswer + string(bytes.Repeat([]byte("x"), 170)))
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer func() { _ = conn.Close() }()
				in := bufio.NewReader(conn)
				for nullRequest(in) == nil {
					if _, err := conn.Write(answer); err != nil {
						return
					}
				}
			})
		}
	})
	b.Cleanup(func() { _ = l.Close(); wg.Wait() })
	return "http://" + l.Addr().String()
}

// nullRequest reads past a request.
func nullRequest(in *bufio.Reader) error {
	length := 0
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if v, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			length, _ = strconv.Atoi(string(bytes.TrimSpace(v)))
		}
		if len(line) == 2 {
			_, err := in.Discard(length)
			return err
		}
	}
}

// netClient is the same interface on net/http, with phases, for comparison.
type netClient struct{ t *http.Transport }

func (c netClient) Close() { c.t.CloseIdleConnections() }

func (c netClient) Do(ctx context.Context, req *client.Request) (*client.Response, error) {
	var wrote, first time.Time
	trace := &httptrace.ClientTrace{
		WroteRequest:         func(httptrace.WroteRequestInfo) { wrote = time.Now() },
		GotFirstResponseByte: func() { first = time.Now() },
	}
	out, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), req.Method, req.URL, bytes.NewReader(req.Body))
	if err != nil {
		return nil, err
	}
	for _, f := range req.Header {
		out.Header.Add(f.Name, f.Value)
	}
	start := time.Now()
	resp, err := c.t.RoundTrip(out)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	end := time.Now()
	var header client.Header
	for name, values := range resp.Header {
		for _, v := range values {
			header.Add(name, v)
		}
	}
	return &client.Response{
		Status: resp.StatusCode, Header: header, Body: body,
		Timing: client.Timing{Start: start, Duration: end.Sub(start), Phases: client.Phases{Processing: first.Sub(wrote), Transfer: end.Sub(first)}},
	}, err
}

// deadlineOnly is a context as a runner under load has it: it knows when it ends, and
// whether it was given up only when asked.
type deadlineOnly struct {
	context.Context
	at time.Time
}

func (d deadlineOnly) Deadline() (time.Time, bool) { return d.at, true }

func BenchmarkRequest(b *testing.B) {
	own, err := client.New(client.Options{})
	if err != nil {
		b.Fatal(err)
	}
	for name, c := range map[string]client.Client{"own": own, "net": netClient{&http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 1024}}} {
		b.Run(name, func(b *testing.B) {
			req := &client.Request{
				Method: "POST", URL: nullServer(b) + "/v1/auth/magiclink/signup-in/email",
				Header: client.Header{{Name: "Authorization", Value: "Bearer P2abcdefghijklmnopqrstuvwxyz"}, {Name: "Content-Type", Value: "application/json"}},
				Body:   []byte(`{"loginId":"load-000001@example.test","redirectUrl":"https://app.example.test/verify"}`),
			}
			b.Cleanup(c.Close)
			ctx := deadlineOnly{b.Context(), time.Now().Add(time.Hour)}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.Do(ctx, req); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

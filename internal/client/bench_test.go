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
	"testing"
	"time"

	"github.com/authbench/authbench/internal/client"
)

const benchAnswer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Sun, 22 Nov 2026 17:00:00 GMT\r\n" +
	"X-Request-Id: 0123456789abcdef\r\nContent-Length: 170\r\n\r\n"

// nullServer answers every request of a connection with the same bytes, and allocates
// nothing for it, so that what a benchmark counts is the client's.
func nullServer(b testing.TB) string {
	b.Helper()
	answer := []byte(benchAnswer + string(bytes.Repeat([]byte("x"), 170)))
	return serveConns(b, func(_ int, c net.Conn) {
		in := bufio.NewReader(c)
		for nullRequest(in) == nil {
			if _, err := c.Write(answer); err != nil {
				return
			}
		}
	})
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

func (d *deadlineOnly) Deadline() (time.Time, bool) { return d.at, true }

func benchContext(ctx context.Context) context.Context {
	return &deadlineOnly{ctx, time.Now().Add(time.Hour)}
}

func benchRequest(server string) *client.Request {
	return &client.Request{
		Method: "POST", URL: server + "/v1/auth/magiclink/signup-in/email",
		Header: client.Header{{Name: "Authorization", Value: "Bearer P2abcdefghijklmnopqrstuvwxyz"}, {Name: "Content-Type", Value: "application/json"}},
		Body:   []byte(`{"loginId":"load-000001@example.test","redirectUrl":"https://app.example.test/verify"}`),
	}
}

// BenchmarkRequest compares the client with net/http behind the same interface. The
// server runs in the same process and is a part of the time, not of the allocations.
func BenchmarkRequest(b *testing.B) {
	own, err := client.New(client.Options{})
	if err != nil {
		b.Fatal(err)
	}
	users, err := client.New(client.Options{KeepAlive: client.KeepAlivePerUser})
	if err != nil {
		b.Fatal(err)
	}
	for _, bb := range []struct {
		name string
		c    client.Client
	}{
		{"own", own}, {"own_per_user", users}, {"net", netClient{&http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 1024}}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.Cleanup(bb.c.Close)
			req, ctx := benchRequest(nullServer(b)), benchContext(b.Context())
			b.ReportAllocs()
			for b.Loop() {
				if _, err := bb.c.Do(ctx, req); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkPhases is what recording the phases of a request on a kept-alive connection
// costs: three readings of the clock.
func BenchmarkPhases(b *testing.B) {
	for b.Loop() {
		start := time.Now()
		wrote := time.Now()
		first := time.Now()
		if first.Sub(wrote)+wrote.Sub(start) < 0 {
			b.Fatal("the clock went back")
		}
	}
}

// BenchmarkWatch is what a callback on a context costs, which a request does without
// unless its answer is slow.
func BenchmarkWatch(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	b.ReportAllocs()
	for b.Loop() {
		context.AfterFunc(ctx, func() {})()
	}
}

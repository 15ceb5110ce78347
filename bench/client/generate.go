package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/authbench/authbench/internal/client"
)

const (
	path   = "/v1/auth/magiclink/signup-in/email"
	bearer = "Bearer P2abcdefghijklmnopqrstuvwxyz"
	body   = `{"loginId":"load-000001@example.test","redirectUrl":"https://app.example.test/verify"}`
)

// send sends one request and reads its answer, and gives the status and how long the
// answer was.
type send func() (status, length int, err error)

// clients makes the ways to send to an address, one for each worker where that matters.
func clients(name, url string) (func() send, error) {
	switch name {
	case "own":
		c, err := client.New(client.Options{})
		return func() send { return own(c, url) }, err
	case "net/http":
		t := &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 1 << 14}
		return func() send { return standard(t, url) }, nil
	case "fasthttp":
		c := &fasthttp.Client{MaxConnsPerHost: 1 << 14, NoDefaultUserAgentHeader: true}
		return func() send { return fast(c, url) }, nil
	}
	return nil, fmt.Errorf("no client %q", name)
}

// lean is a context as a runner under load gives it: a deadline, and no timer.
type lean struct {
	context.Context
	at time.Time
}

func (l *lean) Deadline() (time.Time, bool) { return l.at, true }

func own(c client.Client, url string) send {
	ctx := &lean{Context: context.Background()}
	req := &client.Request{
		Method: "POST", URL: url + path, Body: []byte(body),
		Header: client.Header{{Name: "Authorization", Value: bearer}, {Name: "Content-Type", Value: "application/json"}},
	}
	return func() (int, int, error) {
		ctx.at = time.Now().Add(deadline)
		resp, err := c.Do(ctx, req)
		if err != nil {
			return 0, 0, err
		}
		return resp.Status, len(resp.Body), nil
	}
}

func standard(t *http.Transport, url string) send {
	return func() (int, int, error) {
		ctx, cancel := context.WithTimeout(context.Background(), deadline)
		defer cancel()
		var wrote, first time.Time
		ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
			WroteRequest:         func(httptrace.WroteRequestInfo) { wrote = time.Now() },
			GotFirstResponseByte: func() { first = time.Now() },
		})
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+path, bytes.NewReader([]byte(body)))
		if err != nil {
			return 0, 0, err
		}
		req.Header.Set("Authorization", bearer)
		req.Header.Set("Content-Type", "application/json")
		resp, err := t.RoundTrip(req)
		if err != nil {
			return 0, 0, err
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		_ = first.Sub(wrote)
		return resp.StatusCode, len(text), err
	}
}

// fast reuses request and answer, which is what fasthttp is for; the answer is copied
// because a step keeps it.
func fast(c *fasthttp.Client, url string) send {
	req, resp := &fasthttp.Request{}, &fasthttp.Response{}
	return func() (int, int, error) {
		req.Reset()
		req.SetRequestURI(url + path)
		req.Header.SetMethod(fasthttp.MethodPost)
		req.Header.Set("Authorization", bearer)
		req.Header.Set("Content-Type", "application/json")
		req.SetBodyString(body)
		at := time.Now().Add(deadline)
		if err := c.DoDeadline(req, resp, at); err != nil {
			return 0, 0, err
		}
		text := bytes.Clone(resp.Body())
		return resp.StatusCode(), len(text), nil
	}
}

// generate sends requests from so many workers and prints the CPU-seconds of this
// process, user and system, and the heap allocations, both for one request.
func generate(name, url string, o options) error {
	newSend, err := clients(name, url)
	if err != nil {
		return err
	}
	if err := run(newSend, o, o.requests/10); err != nil { // connections and pools
		return err
	}
	var before, after syscall.Rusage
	var memBefore, memAfter runtime.MemStats
	runtime.ReadMemStats(&memBefore)
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &before); err != nil {
		return err
	}
	start := time.Now()
	if err := run(newSend, o, o.requests); err != nil {
		return err
	}
	wall := time.Since(start)
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &after); err != nil {
		return err
	}
	runtime.ReadMemStats(&memAfter)
	n := float64(o.requests)
	_, err = fmt.Printf("%g %g %g\n", (cpu(&after)-cpu(&before))/n, float64(memAfter.Mallocs-memBefore.Mallocs)/n, wall.Seconds()/n)
	return err
}

func cpu(r *syscall.Rusage) float64 {
	return float64(r.Utime.Nano()+r.Stime.Nano()) / 1e9
}

func run(newSend func() send, o options, requests int) error {
	var left atomic.Int64
	left.Store(int64(requests))
	var failed atomic.Pointer[error]
	var wg sync.WaitGroup
	for range o.workers {
		send := newSend()
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				status, length, err := send()
				if err == nil && (status != http.StatusOK || length == 0) {
					err = fmt.Errorf("status %d, %d bytes", status, length)
				}
				if err != nil {
					first := err // on the heap only then
					failed.Store(&first)
					return
				}
			}
		})
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}

package client

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptrace"
	"slices"
	"sync"
	"time"
)

// http2 leaves HTTP/2 to net/http. It uses the transport alone: http.Client would
// follow redirects.
type http2 struct{ transport *http.Transport }

func newHTTP2(d *dialer, keep KeepAlive) *http2 {
	return &http2{&http.Transport{
		DialTLSContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			h, ok := ctx.Value(handoverKey{}).(*handover)
			if !ok {
				return nil, errNoOrigin
			}
			return h.dial(ctx, d)
		},
		ForceAttemptHTTP2: true,
		DisableKeepAlives: keep == KeepAliveNone,
		// What is measured and bounded is what the wire carries.
		DisableCompression:     true,
		MaxIdleConnsPerHost:    1024,
		IdleConnTimeout:        idleTimeout,
		MaxResponseHeaderBytes: maxHead,
	}}
}

func (h *http2) close() { h.transport.CloseIdleConnections() }

var errNoOrigin = errors.New("a connection was asked for that no request needs")

// handover goes with a request to where net/http dials: which origin it is for, and a
// connection that turned out to be one of HTTP/2.
type handover struct {
	origin *origin
	tr     *trace

	mu   sync.Mutex
	conn *conn // nil once taken
}

type handoverKey struct{}

func (h *handover) take() *conn {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := h.conn
	h.conn = nil
	return c
}

func (h *handover) dial(ctx context.Context, d *dialer) (net.Conn, error) {
	c := h.take()
	if c == nil {
		var err error
		if c, err = d.open(ctx, h.origin, h.tr); err != nil {
			return nil, err
		}
	}
	return c.stream, nil
}

// overHTTP2 sends a request that was checked.
func (c *httpClient) overHTTP2(ctx context.Context, h *handover, req *Request, t Timing) (*Response, error) {
	if h.tr == nil {
		h.tr = &trace{}
	}
	// net/http may have found another connection meanwhile.
	defer func() {
		if c := h.take(); c != nil {
			c.close()
		}
	}()
	address := h.origin.address
	ctx = context.WithValue(httptrace.WithClientTrace(ctx, h.tr.hooks()), handoverKey{}, h)
	out, err := c.netRequest(ctx, req)
	if err != nil {
		return nil, failed(t, FaultRequest, address, err)
	}
	resp, err := c.http2.transport.RoundTrip(out) //nolint:bodyclose // readAll closes it
	if err != nil {
		return nil, unreached(ctx, t, address, err, h.tr)
	}
	body, err := readAll(resp, c.maxBody)
	end := time.Now()
	t.Duration, t.Phases = end.Sub(t.Start), h.tr.phases(end)
	if err != nil {
		fault, err := classifyBody(ctx, err)
		e := &Error{Fault: fault, Address: address, Timing: t, Err: err}
		if fault == FaultTruncated || fault == FaultOversized {
			e.Status = resp.StatusCode
		}
		return nil, e
	}
	return &Response{Status: resp.StatusCode, Header: headerOf(resp.Header), Body: body, Timing: t}, nil
}

// netRequest builds the request of net/http.
func (c *httpClient) netRequest(ctx context.Context, req *Request) (*http.Request, error) {
	// net/http may go on to read a body when it has answered.
	var body io.Reader = bytes.NewReader(bytes.Clone(req.Body))
	if len(req.Body) == 0 {
		body = nil
	}
	out, err := http.NewRequestWithContext(ctx, req.Method, req.URL, body)
	if err != nil {
		return nil, errURL
	}
	if body == nil && lacksBody(req.Method) {
		// net/http repeats such a request when a kept-alive connection breaks under it,
		// unless the request looks as if its body could not be had again.
		out.Body = emptyBody{}
	}
	out.Header = make(http.Header, len(req.Header)+1)
	for _, f := range req.Header {
		out.Header.Add(f.Name, f.Value)
	}
	if host := out.Header.Get("Host"); host != "" {
		out.Host = host
	}
	if out.Header.Get("User-Agent") == "" {
		out.Header.Set("User-Agent", c.userAgent)
	}
	return out, nil
}

// readAll gives the whole body, at most limit bytes, and closes it.
func readAll(resp *http.Response, limit int64) ([]byte, error) {
	defer func() { _ = resp.Body.Close() }()
	if resp.ContentLength > limit {
		return nil, errOversized
	}
	var buf bytes.Buffer
	if resp.ContentLength > 0 {
		buf.Grow(int(min(resp.ContentLength, believed)) + bytes.MinRead)
	}
	n, err := buf.ReadFrom(io.LimitReader(resp.Body, limit+1))
	if n > limit {
		return nil, errOversized
	}
	return buf.Bytes(), err
}

// headerOf lists the fields by name, so that an answer reads the same each time.
func headerOf(h http.Header) Header {
	out := make(Header, 0, len(h))
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, v := range h[name] {
			out.Add(name, v)
		}
	}
	return out
}

// emptyBody is a body without a byte that does not look like http.NoBody.
type emptyBody struct{}

func (emptyBody) Read([]byte) (int, error) { return 0, io.EOF }
func (emptyBody) Close() error             { return nil }

func lacksBody(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return true
	}
	return false
}

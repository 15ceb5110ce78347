package client

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"time"
)

// New makes a client on net/http that speaks HTTP/1.1 and, over TLS, HTTP/2. It
// keeps no cookies. An error says which option is wrong. Close it after use.
func New(o Options) (Client, error) {
	t, err := o.transport()
	if err != nil {
		return nil, err
	}
	c := &httpClient{transport: t, maxBody: o.MaxBody, userAgent: o.UserAgent}
	if c.maxBody <= 0 {
		c.maxBody = DefaultMaxBody
	}
	if c.userAgent == "" {
		c.userAgent = DefaultUserAgent
	}
	return c, nil
}

// httpClient uses the transport alone: http.Client would follow redirects.
type httpClient struct {
	transport *http.Transport
	maxBody   int64
	userAgent string
}

func (c *httpClient) Close() { c.transport.CloseIdleConnections() }

func (c *httpClient) Do(ctx context.Context, req *Request) (*Response, error) {
	var tr trace
	out, address, err := c.request(httptrace.WithClientTrace(ctx, tr.hooks()), req)
	start := time.Now()
	timing := func() Timing {
		end := time.Now()
		return Timing{Start: start, Duration: end.Sub(start), Phases: tr.phases(end)}
	}
	if err != nil {
		return nil, &Error{Fault: FaultRequest, Address: address, Timing: timing(), Err: err}
	}
	resp, err := c.transport.RoundTrip(out) //nolint:bodyclose // read closes it
	if err != nil {
		fault, err := classify(ctx, err, &tr)
		return nil, &Error{Fault: fault, Address: address, Timing: timing(), Err: err}
	}
	body, err := c.read(resp)
	if err != nil {
		e := &Error{Address: address, Timing: timing()}
		if e.Fault, e.Err = classifyBody(ctx, err); e.Fault == FaultTruncated || e.Fault == FaultOversized {
			e.Status = resp.StatusCode
		}
		return nil, e
	}
	return &Response{Status: resp.StatusCode, Header: headerOf(resp.Header), Body: body, Timing: timing()}, nil
}

var (
	errURL       = errors.New("the URL is malformed")
	errScheme    = errors.New("the URL's scheme is neither http nor https")
	errMethod    = errors.New("the method is not a word of HTTP")
	errHeader    = errors.New("a header has characters that HTTP does not allow")
	errOversized = errors.New("the answer is larger than the limit")
)

// request builds the request of net/http. Its errors quote nothing of req: a URL
// and a header may hold secrets.
func (c *httpClient) request(ctx context.Context, req *Request) (_ *http.Request, address string, _ error) {
	u, err := url.Parse(req.URL)
	if err != nil || u.Host == "" || u.Opaque != "" {
		return nil, "", errURL
	}
	address = hostPort(u)
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, address, errScheme
	}
	// User information would silently become a header.
	if u.User != nil || u.Hostname() == "" {
		return nil, address, errURL
	}
	for _, f := range req.Header {
		if !isToken(f.Name) || strings.ContainsFunc(f.Value, isControl) {
			return nil, address, errHeader
		}
	}
	if !isToken(req.Method) {
		return nil, address, errMethod
	}
	var body io.Reader = bytes.NewReader(req.Body)
	if len(req.Body) == 0 {
		body = nil
	}
	out, err := http.NewRequestWithContext(ctx, req.Method, req.URL, body)
	if err != nil {
		return nil, address, errURL
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
	return out, address, nil
}

// read gives the whole body, at most maxBody bytes, and closes it.
func (c *httpClient) read(resp *http.Response) ([]byte, error) {
	defer func() { _ = resp.Body.Close() }()
	if resp.ContentLength > c.maxBody {
		return nil, errOversized
	}
	var buf bytes.Buffer
	if resp.ContentLength > 0 {
		buf.Grow(int(resp.ContentLength) + bytes.MinRead)
	}
	n, err := buf.ReadFrom(io.LimitReader(resp.Body, c.maxBody+1))
	if n > c.maxBody {
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

func hostPort(u *url.URL) string {
	if u.Port() != "" {
		return u.Host
	}
	if u.Scheme == "https" {
		return u.Host + ":443"
	}
	return u.Host + ":80"
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	})
}

package client

import (
	"context"
	"crypto/tls"
	"sync"
	"time"
)

// New makes a client that speaks HTTP/1.1 and, where a server chooses it over TLS,
// HTTP/2. It keeps no cookies. An error says which option is wrong. Close it after use.
func New(o Options) (Client, error) {
	config, err := o.TLS.config()
	if err != nil {
		return nil, err
	}
	c := &httpClient{maxBody: o.MaxBody, userAgent: o.UserAgent}
	if c.maxBody <= 0 {
		c.maxBody = DefaultMaxBody
	}
	if c.userAgent == "" {
		c.userAgent = DefaultUserAgent
	}
	if c.origins.keep, err = o.keepAlive(); err != nil {
		return nil, err
	}
	if c.dialer, err = newDialer(o, config); err != nil {
		return nil, err
	}
	c.origins.config = config.Clone()
	c.origins.config.NextProtos = []string{"h2", "http/1.1"}
	if c.origins.keep == KeepAlivePerUser {
		c.origins.config.NextProtos = []string{"http/1.1"}
	}
	c.http2 = newHTTP2(c.dialer, c.origins.keep)
	return c, nil
}

// httpClient speaks HTTP/1.1 itself.
type httpClient struct {
	origins   origins
	dialer    *dialer
	http2     *http2
	maxBody   int64
	userAgent string
	scratch   sync.Pool // of *scratch
}

// scratch is what one request needs while it runs. Its buffer holds the request, and
// once that is written, the answer.
type scratch struct{ reader }

// maxScratch bounds the buffers that are kept.
const maxScratch = 64 << 10

func (c *httpClient) Close() {
	c.origins.close()
	c.http2.close()
}

func (c *httpClient) Do(ctx context.Context, req *Request) (*Response, error) {
	o, target, address, err := c.origins.find(req.URL)
	if err == nil {
		err = check(req)
	}
	t := Timing{Start: time.Now()}
	if err != nil {
		return nil, failed(t, FaultRequest, address, err)
	}
	if fault, err := endedAt(ctx, t.Start); err != nil {
		return nil, failed(t, fault, address, err)
	}
	if o.http2.Load() {
		return c.overHTTP2(ctx, &handover{origin: o}, req, t)
	}
	cn := c.origins.take(ctx, o, req.User, t.Start)
	if cn == nil {
		if o.http2.Load() { // by now
			o.pool.opened()
			return c.overHTTP2(ctx, &handover{origin: o}, req, t)
		}
		tr := &trace{}
		cn, err = c.dialer.open(ctx, o, tr)
		o.pool.opened()
		if err != nil {
			return nil, unreached(ctx, t, address, err, tr)
		}
		if s, ok := cn.stream.(*tls.Conn); ok && s.ConnectionState().NegotiatedProtocol == "h2" {
			o.http2.Store(true)
			return c.overHTTP2(ctx, &handover{origin: o, conn: cn, tr: tr}, req, t)
		}
		t.Phases = tr.phases(time.Time{})
		cn.user = req.User
		cn.begin(ctx, time.Now())
	}
	return c.exchange(cn, o, target, req, t)
}

// exchange sends a request on a connection and reads the answer. The connection is
// kept for another request, or closed.
func (c *httpClient) exchange(cn *conn, o *origin, target string, req *Request, t Timing) (*Response, error) {
	s, _ := c.scratch.Get().(*scratch)
	if s == nil {
		s = &scratch{reader{buf: make([]byte, 4<<10)}}
	}
	out, last := c.appendRequest(s.buf[:0], req, o, target)
	s.reader = reader{src: cn, buf: out[:cap(out)]}
	n, wrote, unsent := cn.ask(out, s.buf)
	s.got(n)
	h, err := s.readHead(req.Room)
	var body []byte
	more, inBody := false, err == nil
	if inBody {
		body, more, err = s.readBody(&h, req.Method, c.maxBody, req.Room)
	}
	end := s.first
	if s.reads != 1 {
		end = time.Now()
	}
	t.Duration = end.Sub(t.Start)
	t.Phases.Processing, t.Phases.Transfer = between(wrote, s.first), between(s.first, end)

	var failure *Error
	if err != nil {
		failure = broke(cn, t, o.address, err, inBody)
		if failure.Fault == FaultReset && cn.carried > 0 && s.reads == 0 {
			o.hangsUp.Store(true)
		}
		if failure.Fault == FaultTruncated || failure.Fault == FaultOversized {
			failure.Status = h.status
		}
	}
	// A server may answer and hang up before it has read everything: the answer
	// counts, the connection does not.
	switch ours := cn.end(); {
	case failure != nil || unsent != nil || !ours:
		cn.drop()
	case more && !last:
		cn.carried++
		c.origins.give(o, cn, end)
	default:
		cn.close()
	}
	s.src = nil
	if cap(s.buf) <= maxScratch {
		c.scratch.Put(s)
	}
	if failure != nil {
		return nil, failure
	}
	h.response.Body, h.response.Timing = body, t
	return h.response, nil
}

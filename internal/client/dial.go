package client

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http/httptrace"
	"net/netip"
	"sync/atomic"
	"time"
)

// dialer opens connections, from each local address in turn, through a proxy perhaps,
// and remembers names when it was told to.
type dialer struct {
	timeout time.Duration
	from    []*net.Dialer // never empty
	next    atomic.Uint64
	names   *names // nil leaves resolving to net
	proxy   proxy
	config  *tls.Config // for the proxy; not changed
}

func newDialer(o Options, config *tls.Config) (*dialer, error) {
	d := &dialer{timeout: o.connectTimeout(), config: config}
	for _, a := range o.LocalAddresses {
		d.from = append(d.from, &net.Dialer{LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(a, 0))})
	}
	if len(d.from) == 0 {
		d.from = []*net.Dialer{{}}
	}
	if o.DNSTTL > 0 {
		d.names = &names{ttl: o.DNSTTL, lookup: net.DefaultResolver.LookupNetIP, known: map[string]resolved{}}
	}
	var err error
	d.proxy, err = newProxy(o.Proxy)
	return d, err
}

var errHandshakeTime = errors.New("the TLS handshake did not end in the time allowed")

// tlsError is what went wrong in a TLS handshake, not before.
type tlsError struct{ error }

func (e tlsError) Unwrap() error { return e.error }

// open connects to an origin, through the proxy if there is one. Moments go to tr. An
// error of the handshake is a tlsError.
func (d *dialer) open(ctx context.Context, o *origin, tr *trace) (*conn, error) {
	w, stream, err := d.reach(ctx, o, tr)
	if err != nil {
		return nil, err
	}
	c := &conn{stream: stream, wire: w, secure: o.secure}
	if o.secure {
		secured := tls.Client(stream, o.tls)
		tr.handshakeStart()
		err := d.shake(ctx, secured)
		tr.handshakeDone(err)
		if err != nil {
			_ = w.Close()
			return nil, err
		}
		c.stream = secured
	}
	return c, nil
}

// reach gives a stream of bytes to an origin, or to the proxy that forwards to it, and
// the wire below.
func (d *dialer) reach(ctx context.Context, o *origin, tr *trace) (*wire, net.Conn, error) {
	ctx, cancel := context.WithTimeout(httptrace.WithClientTrace(ctx, tr.hooks()), d.timeout)
	defer cancel()
	address := o.address
	if d.proxy.address != "" {
		address = d.proxy.address
	}
	tcp, err := d.dial(ctx, "tcp", address)
	if err != nil {
		return nil, nil, err
	}
	w := newWire(tcp)
	if d.proxy.address == "" {
		return w, w, nil
	}
	stream, err := d.viaProxy(ctx, w, o)
	if err != nil {
		_ = w.Close()
		return nil, nil, err
	}
	tr.last(&tr.connectDone)
	return w, stream, nil
}

// shake lets a handshake take as long as connecting may.
func (d *dialer) shake(ctx context.Context, c *tls.Conn) error {
	inner, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	err := c.HandshakeContext(inner)
	if err == nil {
		return nil
	}
	if ctx.Err() == nil && inner.Err() != nil {
		err = errHandshakeTime
	}
	return tlsError{err}
}

func (d *dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	from := d.from[int(d.next.Add(1)-1)%len(d.from)]
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	addrs := local(host)
	switch {
	case addrs != nil:
	case d.names == nil:
		return from.DialContext(ctx, network, address)
	default:
		if addrs, err = d.names.resolve(ctx, host); err != nil {
			return nil, err
		}
	}
	var first error
	for _, a := range addrs {
		c, err := from.DialContext(ctx, network, net.JoinHostPort(a.String(), port))
		if err == nil {
			return c, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

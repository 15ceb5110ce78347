package client

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// dialer opens connections, from each local address in turn, and remembers names
// when it was told to.
type dialer struct {
	timeout time.Duration
	from    []*net.Dialer // never empty
	next    atomic.Uint64
	names   *names // nil leaves resolving to net
}

func newDialer(o Options) *dialer {
	d := &dialer{timeout: o.connectTimeout()}
	for _, a := range o.LocalAddresses {
		d.from = append(d.from, &net.Dialer{LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(a, 0))})
	}
	if len(d.from) == 0 {
		d.from = []*net.Dialer{{}}
	}
	if o.DNSTTL > 0 {
		d.names = &names{ttl: o.DNSTTL, lookup: net.DefaultResolver.LookupNetIP, known: map[string]answer{}}
	}
	return d
}

func (d *dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	from := d.from[int(d.next.Add(1)-1)%len(d.from)]
	if d.names == nil {
		return from.DialContext(ctx, network, address)
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	addrs, err := d.names.resolve(ctx, host)
	if err != nil {
		return nil, err
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

// names remembers what names resolved to. Failures are not remembered.
type names struct {
	ttl    time.Duration
	lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)

	mu    sync.Mutex
	known map[string]answer
}

type answer struct {
	addrs []netip.Addr
	until time.Time
}

// resolve gives at least one address, or an error.
func (n *names) resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	n.mu.Lock()
	got, ok := n.known[host]
	n.mu.Unlock()
	if ok && time.Now().Before(got.until) {
		return got.addrs, nil
	}
	addrs, err := n.lookup(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	if len(addrs) == 0 {
		return nil, &net.DNSError{Err: "no addresses", Name: host, IsNotFound: true}
	}
	n.mu.Lock()
	n.known[host] = answer{addrs: addrs, until: time.Now().Add(n.ttl)}
	n.mu.Unlock()
	return addrs, nil
}

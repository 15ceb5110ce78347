package client

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"
)

// names remembers what names resolved to. Failures are not remembered.
type names struct {
	ttl    time.Duration
	lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)

	mu    sync.Mutex
	known map[string]resolved
}

type resolved struct {
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
	n.known[host] = resolved{addrs: addrs, until: time.Now().Add(n.ttl)}
	n.mu.Unlock()
	return addrs, nil
}

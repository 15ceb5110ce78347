package client

import (
	"context"
	"net"
	"net/netip"
	"strings"
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

// local gives the addresses of localhost and of the names below it, nil for any other.
// They are those of this machine (RFC 6761), and trusted as such: no name server is asked,
// which could say otherwise.
func local(host string) []netip.Addr {
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	if name != "localhost" && !strings.HasSuffix(name, ".localhost") {
		return nil
	}
	return []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()}
}

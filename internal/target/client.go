package target

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/plan"
)

func newClient(p *plan.Provider, agent string) (client.Client, error) {
	opts := client.Options{
		ConnectTimeout: p.HTTP.ConnectTimeout, MaxBody: p.HTTP.MaxBody, KeepAlive: client.KeepAlive(p.HTTP.KeepAlive),
		DNSTTL: p.HTTP.DNSTTL, UserAgent: agent,
		TLS: client.TLS{CA: p.TLS.CA, Cert: p.TLS.Cert, Key: []byte(p.TLS.Key.Reveal()), ServerName: p.TLS.ServerName},
	}
	if p.HTTP.Proxy != "" {
		u, err := url.Parse(p.HTTP.Proxy)
		if err != nil {
			return nil, errors.New("proxy is not a URL")
		}
		opts.Proxy = u
	}
	for _, text := range p.HTTP.LocalAddresses {
		addr, err := netip.ParseAddr(text)
		if err != nil {
			return nil, fmt.Errorf("local address %q is not an IP address", text)
		}
		opts.LocalAddresses = append(opts.LocalAddresses, addr)
	}
	return client.New(opts)
}

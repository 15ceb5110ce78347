package runner

import (
	"net/url"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/plan"
)

// gate gives the one gate of a provider. Steps without a provider pass freely.
func (r *run) gate(p *plan.Provider) *gate {
	g, ok := r.gates[p]
	if !ok {
		var limits plan.Limits
		if p != nil {
			limits = p.Limits
		}
		g = newGate(limits)
		r.gates[p] = g
	}
	return g
}

// homesOf finds where the providers of a plan live. Of several at one address the
// first declared counts. Their gates exist afterwards.
func (r *run) homesOf(p *plan.Plan) map[string]*plan.Provider {
	homes := map[string]*plan.Provider{}
	for _, pr := range p.Providers {
		r.gate(pr)
		if at := origin(pr.Args.String("base_url")); at != "" && homes[at] == nil {
			homes[at] = pr
		}
	}
	return homes
}

// origin gives scheme and host of an address, empty for what is none.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// client gives what sends requests to a provider for kinds that do without one.
func (r *run) client(p *plan.Provider) client.Client {
	if c := r.env.Clients[p]; c != nil {
		return c
	}
	return r.env.HTTP
}

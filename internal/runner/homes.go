package runner

import (
	"strings"

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
		if at := plan.Origin(pr.Args.String("base_url")); at != "" && homes[at] == nil {
			homes[at] = pr
		}
	}
	return homes
}

// home is where a request that belongs to no provider goes.
type home struct {
	// provider is the one that lives there, nil for none.
	provider *plan.Provider
	// stray is the host when a load must not send there, empty otherwise.
	stray string
}

// home finds out where a URL of the program leads. In a load that is this machine, or a
// provider that was opened, and so agreed to, and that has limits. What is no address is
// for the kind to refuse.
func (r *run) home(p *program, url string) home {
	at := plan.Origin(url)
	h := home{provider: p.homes[at]}
	if !r.load || at == "" || plan.Loopback(at) {
		return h
	}
	if h.provider != nil && h.provider.Bounded() && r.env.Clients[h.provider] != nil {
		return h
	}
	_, h.stray, _ = strings.Cut(at, "://")
	return h
}

// client gives what sends requests to a provider for kinds that do without one.
func (r *run) client(p *plan.Provider) client.Client {
	if c := r.env.Clients[p]; c != nil {
		return c
	}
	return r.env.HTTP
}

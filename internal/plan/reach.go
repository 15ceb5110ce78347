package plan

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/authbench/authbench/internal/eval"
)

// Origin gives scheme, host and port of an address in one spelling: lower case, without
// the port that the scheme implies. It is empty for what is no absolute address.
func Origin(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	host, port := strings.ToLower(u.Host), u.Port()
	if u.Scheme == "http" && port == "80" || u.Scheme == "https" && port == "443" {
		host = strings.TrimSuffix(host, ":"+port)
	}
	return u.Scheme + "://" + host
}

// Loopback reports whether an address points at this machine.
func Loopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	host := u.Hostname()
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// origins are where the provider lives: its base URL, and what its kind makes of that
// and the project. The built-in emulator has none before it is opened.
func (p *Provider) origins() []string {
	at := Origin(p.BaseURL)
	if at == "" {
		return nil
	}
	out := []string{at}
	if p.Kind == nil || p.Kind.Connect == nil || p.Kind.Address == nil {
		return out
	}
	// Nothing is sent, so no client is needed. A provider that lacks an argument is
	// refused when it is opened.
	if conn, err := p.Kind.Connect(nil, p.Args); err == nil {
		out = append(out, Origin(p.Kind.Address(conn)))
	}
	return out
}

// free reports whether the step goes wherever its URL says.
func (s *Step) free() bool { return s.Kind != nil && s.Kind.URL != nil && s.Provider == nil }

// URL is where a step goes that belongs to no provider, as far as that is known before
// the run; otherwise, and for every other step, it is empty.
func (s *Step) URL() string {
	if !s.free() {
		return ""
	}
	return s.Kind.URL(s.StaticArgs())
}

// reached gives the providers that a step without one may send to: those that live where
// its URL points, or all that have an address while it is not known.
func (p *Plan) reached(s *Step) []*Provider {
	if !s.free() {
		return nil
	}
	at := Origin(s.URL())
	var out []*Provider
	for _, pr := range p.Providers {
		if homes := pr.origins(); len(homes) > 0 && (at == "" || slices.Contains(homes, at)) {
			out = append(out, pr)
		}
	}
	return out
}

// A Stray is a step that sends to a target that nothing bounds.
type Stray struct {
	Origin string
	// Source is the URL, or the step where that has no place.
	Source eval.Site
}

// Strays finds the steps of the scenarios and their fixtures that are known to send to
// another machine at whose address no provider with a rate lives. A load must not hold
// them: it would ask that machine without bound, and without consent. A declared step is
// named once for each place that its instances go to.
func (p *Plan) Strays() []Stray {
	type key struct{ origin, at string }
	seen := map[key]bool{}
	var out []Stray
	for _, sc := range p.flows() {
		for s := range sc.Steps() {
			at := Origin(s.URL())
			if at == "" || s.Skipped() || Loopback(at) || slices.ContainsFunc(p.reached(s), (*Provider).Bounded) {
				continue
			}
			stray := Stray{at, s.urlSite()}
			if k := (key{at, stray.Source.Range.String()}); !seen[k] {
				seen[k] = true
				out = append(out, stray)
			}
		}
	}
	return out
}

// Bounded reports whether the rate of requests to the provider is limited, which every
// live target has to be.
func (p *Provider) Bounded() bool { return p.Limits.RequestsPerSecond > 0 }

func (s *Step) urlSite() eval.Site {
	for _, a := range s.Args {
		if a.Spec.Name == "url" && a.Value != nil {
			return a.Value.Site()
		}
	}
	return s.Source
}

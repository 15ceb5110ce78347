package lang

import (
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/secret"
	"github.com/authbench/authbench/internal/steps"
)

// EmulatorURL is the base_url that means the built-in emulator.
const EmulatorURL = "emulator"

var (
	httpForm = form{
		what:  `an "http" block`,
		attrs: []string{"keep_alive", "proxy", "local_addresses", "dns_ttl", "max_body", "connect_timeout"},
	}
	tlsForm = form{what: `a "tls" block`, attrs: []string{"ca", "cert", "key", "server_name"}}
)

func providerForm(kind *steps.Provider) form {
	f := form{
		what: fmt.Sprintf("a provider %q block", kind.Type), attrs: []string{"alias"},
		blocks: []blockForm{
			{kind: "limits", once: true}, {kind: "http", once: true}, {kind: "tls", once: true}, {kind: "emulator", once: true},
		},
		later: []string{"budget"},
	}
	for _, a := range kind.Args {
		f.attrs = append(f.attrs, a.Name)
	}
	return f
}

// decodeProvider checks the words of a provider block.
func (l *loader) decodeProvider(b *hclsyntax.Block) *providerDecl {
	kind := l.opts.Registry.Provider(b.Labels[0])
	if kind == nil {
		var known []string
		for _, p := range l.opts.Registry.Providers() {
			known = append(known, p.Type)
		}
		l.error(b.LabelRanges[0], "Unknown provider", fmt.Sprintf("There is no provider %q.%s The providers are %s.",
			b.Labels[0], suggest(b.Labels[0], known), list(known)))
		return nil
	}
	c := l.content(b.Body, b.DefRange(), providerForm(kind))
	name := kind.Type
	if a := b.Body.Attributes["alias"]; a != nil {
		text, ok := literalString(a.Expr)
		if !ok || !hclsyntax.ValidIdentifier(text) {
			l.error(a.Expr.Range(), "Invalid alias", "An alias is a plain text that is an identifier, because steps refer to it.")
			return nil
		}
		name = text
	}
	return &providerDecl{block{name, c}, kind}
}

func (l *loader) resolveProviders() {
	values := map[string]cty.Value{}
	for _, b := range l.decls.providers {
		p := &plan.Provider{Name: b.name, Kind: b.kind, Source: l.site(b.header), Args: steps.NewArgs(b.kind.Args)}
		before := len(l.diags)
		l.providerArgs(p, &b.block)
		l.providerLimits(p, b.one("limits"))
		l.providerHTTP(p, b.one("http"))
		l.providerTLS(p, b.one("tls"))
		l.providerEmulator(p, b.one("emulator"))
		if len(l.diags) == before {
			l.liveLimits(p, b)
		}
		l.providers = append(l.providers, p)
		values[p.Name] = providerValue(p)
	}
	l.globals.Providers = cty.ObjectVal(values)
}

// providerArgs evaluates the arguments; absent ones come from the environment when
// the target can be no emulator, then from the defaults.
func (l *loader) providerArgs(p *plan.Provider, b *block) {
	for i := range p.Kind.Args {
		spec := &p.Kind.Args[i]
		v, ok := l.staticSecret(b.content, spec.Name, spec.Type, cty.NilVal)
		if !ok {
			p.Args.Set(spec.Name, eval.Of(cty.NullVal(spec.Type.WithoutOptionalAttributesDeep())))
			continue
		}
		if spec.Sensitive || eval.IsSensitive(v) {
			l.keep(v)
		}
		plain, _ := v.UnmarkDeep()
		p.Args.Set(spec.Name, eval.Of(plain))
	}
	if l.opts.Target != "" {
		p.Args.Set("base_url", eval.Text(l.opts.Target))
	}
	p.FillFromEnv(l.opts.LookupEnv, "base_url")
	p.BaseURL = p.Args.String("base_url")
	// Credentials of a live project are not for an emulator, and one that runs alone
	// is told from a service on loopback only when it is opened.
	if p.BaseURL != EmulatorURL && !plan.Loopback(p.BaseURL) {
		for _, text := range p.FillFromEnv(l.opts.LookupEnv) {
			l.keep(cty.StringVal(text))
		}
	}
	l.checkBaseURL(p, b)
}

func (l *loader) checkBaseURL(p *plan.Provider, b *block) {
	if p.BaseURL == EmulatorURL || p.BaseURL == "" {
		return
	}
	at := b.header
	if e := b.expr("base_url"); e != nil {
		at = e.Site().Range
	}
	u, err := url.Parse(p.BaseURL)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http"):
		l.error(at, "Invalid base_url", `base_url must be an http or https URL such as "https://api.example.com", or "emulator" for the built-in emulator.`)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		l.error(at, "Invalid base_url", "base_url must hold neither user, query nor fragment. Credentials belong in management_key.")
	case u.Scheme == "http" && !plan.Loopback(p.BaseURL):
		l.error(at, "Invalid base_url", "base_url must use https: secrets would travel in the clear. Plain http is for this machine's loopback addresses alone.")
	}
}

// providerValue is what provider.NAME offers. Its values are known once it is opened.
func providerValue(p *plan.Provider) cty.Value {
	attrs := map[string]cty.Value{}
	for _, a := range p.Kind.Args {
		v := cty.UnknownVal(a.Type).RefineNotNull()
		if a.Sensitive {
			v = v.Mark(eval.Sensitive)
		}
		attrs[a.Name] = v
	}
	return cty.ObjectVal(attrs)
}

func (l *loader) providerHTTP(p *plan.Provider, b *hclsyntax.Block) {
	if b == nil {
		return
	}
	c := l.content(b.Body, b.DefRange(), httpForm)
	p.HTTP.KeepAlive = l.staticWord(c, "keep_alive", "", "shared", "per_user", "none")
	p.HTTP.Proxy = l.staticString(c, "proxy")
	if u, err := url.Parse(p.HTTP.Proxy); p.HTTP.Proxy != "" && (err != nil || u.Host == "" || !slices.Contains([]string{"http", "https", "socks5"}, u.Scheme)) {
		l.error(c.expr("proxy").Site().Range, "Invalid value", `proxy must be a URL such as "http://127.0.0.1:3128".`)
	}
	p.HTTP.LocalAddresses = l.staticStrings(c, "local_addresses", cty.NilVal)
	for _, a := range p.HTTP.LocalAddresses {
		if net.ParseIP(a) == nil {
			l.error(c.expr("local_addresses").Site().Range, "Invalid value", fmt.Sprintf("%q is not an IP address.", a))
		}
	}
	p.HTTP.DNSTTL = l.staticDuration(c, "dns_ttl", 0, cty.NilVal)
	p.HTTP.MaxBody = l.staticInt(c, "max_body", 0, 1, 1<<30)
	p.HTTP.ConnectTimeout = l.staticDuration(c, "connect_timeout", 0, cty.NilVal)
}

func (l *loader) providerTLS(p *plan.Provider, b *hclsyntax.Block) {
	if b == nil {
		return
	}
	c := l.content(b.Body, b.DefRange(), tlsForm)
	p.TLS.CA = []byte(l.pem(c, "ca"))
	p.TLS.Cert = []byte(l.pem(c, "cert"))
	p.TLS.Key = secret.New(l.pem(c, "key"))
	p.TLS.ServerName = l.staticString(c, "server_name")
	if (len(p.TLS.Cert) == 0) != p.TLS.Key.Empty() {
		l.error(b.DefRange(), "Incomplete client certificate", "cert and key belong together: give both, or neither.")
	}
}

// pem takes PEM text, or the name of a file that holds it.
func (l *loader) pem(c *content, name string) string {
	v, ok := l.staticSecret(c, name, cty.String, cty.NilVal)
	if !ok {
		return ""
	}
	v, _ = v.Unmark()
	text := v.AsString()
	if text == "" || strings.Contains(text, "-----BEGIN ") {
		return text
	}
	if filepath.IsAbs(text) {
		l.read = append(l.read, text)
	} else {
		l.read = append(l.read, filepath.Join(l.src.root(), text))
	}
	read, err := eval.ReadFile(l.src.root(), text)
	if err != nil || !strings.Contains(string(read), "-----BEGIN ") {
		l.error(c.expr(name).Site().Range, "Invalid value", name+" must be PEM text, or the name of a PEM file in the configuration's directory.")
		return ""
	}
	return string(read)
}

func (l *loader) providerNamed(name string) *plan.Provider {
	for _, p := range l.providers {
		if p.Name == name {
			return p
		}
	}
	return nil
}

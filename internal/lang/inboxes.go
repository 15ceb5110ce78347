package lang

import (
	"fmt"
	"net/url"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/secret"
)

var (
	inboxForm     = form{what: `an "inbox" block`, attrs: []string{"driver", "provider", "url", "token"}, later: []string{"listen"}}
	inboxDrivers  = []string{"emulator"}
	laterDrivers  = []string{"test_user", "static_otp", "webhook", "twilio", "mailpit", "imap", "exec", "chain"}
	driverDefault = "emulator"
)

func (l *loader) resolveInboxes() {
	for _, b := range l.decls.inboxes {
		in := &plan.Inbox{Name: b.name, Driver: l.driver(b), Source: l.site(b.header)}
		in.Provider = l.inboxProvider(b)
		in.URL = l.staticString(b.content, "url")
		if u, err := url.Parse(in.URL); in.URL != "" && (err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https")) {
			l.error(b.expr("url").Site().Range, "Invalid value", `url must be the address of a message source, such as "http://127.0.0.1:8788".`)
		}
		if v, ok := l.staticSecret(b.content, "token", cty.String, cty.NilVal); ok {
			l.keep(v)
			v, _ = v.Unmark()
			in.Token = secret.New(v.AsString())
		}
		l.inboxes = append(l.inboxes, in)
	}
}

func (l *loader) driver(b *block) string {
	text := l.staticString(b.content, "driver")
	switch {
	case text == "":
		return driverDefault
	case slices.Contains(inboxDrivers, text):
	case slices.Contains(laterDrivers, text):
		l.error(b.expr("driver").Site().Range, "Not supported yet", fmt.Sprintf(
			"The driver %q belongs to the language, but this version does not carry it out. Write \"emulator\".", text))
	default:
		l.error(b.expr("driver").Site().Range, "Unknown driver", fmt.Sprintf("There is no driver %q.%s The drivers are %s.",
			text, suggest(text, append(slices.Clone(inboxDrivers), laterDrivers...)), list(inboxDrivers)))
	}
	return text
}

// inboxProvider is the one that sends to the inbox: the one named, or the default.
func (l *loader) inboxProvider(b *block) *plan.Provider {
	if a := b.body.Attributes["provider"]; a != nil {
		return l.providerRef(a.Expr)
	}
	for _, p := range l.providers {
		if p.Name == p.Kind.Type {
			return p
		}
	}
	if len(l.providers) == 1 {
		return l.providers[0]
	}
	l.error(b.header, "Missing provider", "An inbox belongs to a provider. Declare one without an alias, or name one: provider = descope.NAME")
	return nil
}

// providerRef resolves `TYPE` or `TYPE.ALIAS`.
func (l *loader) providerRef(e hclsyntax.Expression) *plan.Provider {
	t, hd := hcl.AbsTraversalForExpr(e)
	usage := "Write the type of a provider, or type and alias: provider = descope.NAME"
	if hd.HasErrors() || len(t) > 2 {
		l.error(e.Range(), "Invalid provider reference", usage)
		return nil
	}
	name := t.RootName()
	if l.opts.Registry.Provider(name) == nil {
		l.error(e.Range(), "Invalid provider reference", fmt.Sprintf("There is no provider type %q. %s", name, usage))
		return nil
	}
	typ := name
	if len(t) == 2 {
		attr, ok := t[1].(hcl.TraverseAttr)
		if !ok {
			l.error(e.Range(), "Invalid provider reference", usage)
			return nil
		}
		name = attr.Name
	}
	if p := l.providerNamed(name); p != nil && p.Kind.Type == typ {
		return p
	}
	var known []string
	for _, p := range l.providers {
		known = append(known, p.Name)
	}
	l.error(e.Range(), "Undeclared provider", fmt.Sprintf("No provider %q of type %q is declared.%s", name, typ, suggest(name, known)))
	return nil
}

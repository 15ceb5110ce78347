package lang

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/policy"
)

const gatewayPath = "connectors.generic_sms_gateway"

// connectorsBlock holds the blocks of connectors, of which there is one kind.
func connectorsBlock() emulatorBlock {
	gateway := gatewayBlock()
	return emulatorBlock{
		kind: "connectors", once: true, doc: "Services that the project hands things to.", inner: []emulatorBlock{gateway},
		read: func(e *emulatorReader, b *hclsyntax.Block) {
			c := e.content(b.Body, b.DefRange(), form{what: `a "connectors" block`, blocks: []blockForm{{kind: gateway.kind, once: true}}})
			if inner := c.one(gateway.kind); inner != nil {
				gateway.read(e, inner)
			}
		},
	}
}

func gatewayBlock() emulatorBlock {
	type gateway = policy.SMSGateway
	const doc = "Posts every SMS that arrives to an address as well, in the shape of the vendor's connector: a JSON object of `recipient`, `sender`, `body` " +
		"and `token`, the code or the token of the link. The message tells what came of it."
	args := []argument[gateway]{
		needed(textArg("post_url", "Address, http or https.", func(g *gateway) *string { return &g.PostURL })),
		textArg("sender", "Number or name that the messages come from.", func(g *gateway) *string { return &g.Sender }),
		secretsArg("headers", "Headers of each request. They may be sensitive.", func(g *gateway) *map[string]policy.Secret { return &g.Headers }),
		secretArg("hmac_secret", "Key of the header x-descope-webhook-s256: HMAC-SHA256 of the body, in base64.",
			func(g *gateway) *policy.Secret { return &g.HMACSecret }),
		boolArg("insecure", "Takes any certificate.", func(g *gateway) *bool { return &g.Insecure }),
		boolArg("allow_remote", "Permits an address that is not of this machine.", func(g *gateway) *bool { return &g.AllowRemote }),
		durationArg("connect_timeout", "Time for a connection.", func(g *gateway) *policy.Duration { return &g.ConnectTimeout }),
		durationArg("read_timeout", "Time for the whole answer.", func(g *gateway) *policy.Duration { return &g.ReadTimeout }),
		intArg("max_in_flight", 1, "Requests at a time.", func(g *gateway) *int { return &g.MaxInFlight }),
		intArg("max_queued", 1, "Messages that wait; what comes on top is not posted.", func(g *gateway) *int { return &g.MaxQueued }),
		intArg("attempts", 1, "Attempts to post a message. An error, a 429 and a 5xx are tried again.", func(g *gateway) *int { return &g.Attempts }),
	}
	ways := authenticationBlock()
	defaults := policy.DefaultSMSGateway()
	return emulatorBlock{
		kind: "generic_sms_gateway", once: true, doc: doc, args: describe(args, &defaults), inner: []emulatorBlock{ways},
		read: func(e *emulatorReader, b *hclsyntax.Block) {
			f, g := formOf(b.Type, args), policy.DefaultSMSGateway()
			f.blocks = []blockForm{{kind: ways.kind, once: true}}
			c := e.content(b.Body, b.DefRange(), f)
			e.places[gatewayPath] = b.DefRange()
			e.policy.Connectors.GenericSMSGateway = &g
			take(e, c, gatewayPath+".", args, &g)
			if inner := c.one(ways.kind); inner != nil {
				ways.read(e, inner)
			}
		},
	}
}

func authenticationBlock() emulatorBlock {
	type ways = policy.Authentication
	const at = gatewayPath + ".authentication"
	part := func(p *policy.Project) *ways { return &p.Connectors.GenericSMSGateway.Authentication }
	args := []argument[ways]{secretArg("bearer_token", "Token of the header Authorization.", func(a *ways) *policy.Secret { return &a.BearerToken })}
	basicArgs := []argument[policy.BasicAuth]{
		needed(textArg("username", "Name, without a colon.", func(a *policy.BasicAuth) *string { return &a.Username })),
		needed(secretArg("password", "Password.", func(a *policy.BasicAuth) *policy.Secret { return &a.Password })),
	}
	keyArgs := []argument[policy.APIKey]{
		needed(textArg("key", "Name of the header.", func(a *policy.APIKey) *string { return &a.Key })),
		needed(secretArg("token", "Value of the header.", func(a *policy.APIKey) *policy.Secret { return &a.Token })),
	}
	inner := []emulatorBlock{
		{kind: "basic", once: true, doc: "HTTP's basic authentication.", args: describe(basicArgs, &policy.BasicAuth{}), read: func(e *emulatorReader, b *hclsyntax.Block) {
			part(e.policy).Basic = &policy.BasicAuth{}
			fill(e, b, at+".basic", basicArgs, part(e.policy).Basic)
		}},
		{kind: "api_key", once: true, doc: "A header of its own.", args: describe(keyArgs, &policy.APIKey{}), read: func(e *emulatorReader, b *hclsyntax.Block) {
			part(e.policy).APIKey = &policy.APIKey{}
			fill(e, b, at+".api_key", keyArgs, part(e.policy).APIKey)
		}},
	}
	return emulatorBlock{
		kind: "authentication", once: true, doc: "What is shown to the gateway: one of `bearer_token`, `basic` and `api_key`, or nothing.",
		args: describe(args, &ways{}), inner: inner,
		read: func(e *emulatorReader, b *hclsyntax.Block) {
			f := formOf(b.Type, args)
			for _, way := range inner {
				f.blocks = append(f.blocks, blockForm{kind: way.kind, once: true})
			}
			c := e.content(b.Body, b.DefRange(), f)
			e.places[at] = b.DefRange()
			take(e, c, at+".", args, part(e.policy))
			for _, way := range inner {
				if found := c.one(way.kind); found != nil {
					way.read(e, found)
				}
			}
		},
	}
}

// secretArg takes a text that may be sensitive, and is shown nowhere even if it is not.
func secretArg[T any](name, doc string, at func(*T) *policy.Secret) argument[T] {
	return argument[T]{
		name: name, kind: "string, may be sensitive", doc: doc,
		read: func(l *loader, c *content, into *T) {
			if v, ok := l.staticSecret(c, name, cty.String, cty.NilVal); ok {
				plain, _ := v.UnmarkDeep()
				*at(into) = policy.NewSecret(plain.AsString())
			}
		},
		show: func(*T) string { return "" },
	}
}

// secretsArg takes texts by name that may be sensitive.
func secretsArg[T any](name, doc string, at func(*T) *map[string]policy.Secret) argument[T] {
	return argument[T]{
		name: name, kind: "map of strings", doc: doc,
		read: func(l *loader, c *content, into *T) {
			v, ok := l.staticSecret(c, name, cty.Map(cty.String), cty.NilVal)
			if !ok {
				return
			}
			plain, _ := v.UnmarkDeep()
			out := map[string]policy.Secret{}
			for key, value := range plain.AsValueMap() {
				if value.IsNull() {
					l.error(c.expr(name).Site().Range, "Invalid value", name+" must not hold null.")
					return
				}
				out[key] = policy.NewSecret(value.AsString())
			}
			*at(into) = out
		},
		show: func(*T) string { return "{}" },
	}
}

package lang

import (
	"fmt"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/policy"
)

var (
	emulatorForm = form{
		what: `an "emulator" block`,
		attrs: []string{
			"seed", "signing_alg", "approved_domains", "session_token_expiration", "refresh_token_expiration",
			"refresh_token_rotation",
		},
		blocks: []blockForm{{kind: "otp", once: true}, {kind: "magic_link", once: true}, {kind: "embedded_link", once: true}},
		later:  []string{"rate_limit", "user", "delivery", "fault"},
	}
	otpForm          = form{what: `an "otp" block`, attrs: []string{"expiration_time", "attempts", "resend"}}
	magicLinkForm    = form{what: `a "magic_link" block`, attrs: []string{"expiration_time", "redirect_url"}}
	embeddedLinkForm = form{what: `an "embedded_link" block`, attrs: []string{"expiration_time"}}
)

// providerEmulator reads the policy of an emulated project. What is not said has the
// emulator's defaults.
func (l *loader) providerEmulator(p *plan.Provider, b *hclsyntax.Block) {
	p.Emulator = policy.Default()
	if b == nil {
		return
	}
	pol := &p.Emulator
	places := map[string]hcl.Range{}
	note := func(c *content, prefix string) {
		for name, a := range c.body.Attributes {
			places[prefix+name] = a.Expr.Range()
		}
	}
	duration := func(c *content, name string, d *policy.Duration) {
		*d = policy.Duration(l.staticDuration(c, name, time.Duration(*d), cty.NilVal))
	}

	c := l.content(b.Body, b.DefRange(), emulatorForm)
	note(c, "")
	if c.expr("seed") != nil {
		seed := uint64(l.staticInt(c, "seed", 0, 0, 1<<53))
		p.EmulatorSeed = &seed
	}
	if text := l.staticString(c, "signing_alg"); text != "" {
		pol.SigningAlg = text
	}
	if domains := l.staticStrings(c, "approved_domains", cty.NilVal); domains != nil {
		pol.ApprovedDomains = domains
	}
	duration(c, "session_token_expiration", &pol.SessionTokenExpiration)
	duration(c, "refresh_token_expiration", &pol.RefreshTokenExpiration)
	pol.RefreshTokenRotation = l.staticBool(c, "refresh_token_rotation", pol.RefreshTokenRotation)
	if ob := c.one("otp"); ob != nil {
		oc := l.content(ob.Body, ob.DefRange(), otpForm)
		note(oc, "otp.")
		duration(oc, "expiration_time", &pol.OTP.ExpirationTime)
		pol.OTP.Attempts = int(l.staticInt(oc, "attempts", int64(pol.OTP.Attempts), 1, 1e6))
		if text := l.staticString(oc, "resend"); text != "" {
			pol.OTP.Resend = text
		}
	}
	if mb := c.one("magic_link"); mb != nil {
		mc := l.content(mb.Body, mb.DefRange(), magicLinkForm)
		note(mc, "magic_link.")
		duration(mc, "expiration_time", &pol.MagicLink.ExpirationTime)
		if text := l.staticString(mc, "redirect_url"); text != "" {
			pol.MagicLink.RedirectURL = text
		}
	}
	if eb := c.one("embedded_link"); eb != nil {
		ec := l.content(eb.Body, eb.DefRange(), embeddedLinkForm)
		note(ec, "embedded_link.")
		duration(ec, "expiration_time", &pol.EmbeddedLink.ExpirationTime)
	}
	for _, problem := range pol.Validate() {
		at, ok := places[trimIndex(problem.Setting)]
		if !ok {
			at = b.DefRange()
		}
		l.error(at, "Invalid emulator setting", fmt.Sprintf("%s: %s.", problem.Setting, problem.Detail))
	}
}

// trimIndex takes the place in a list off a setting's name.
func trimIndex(setting string) string {
	for i, r := range setting {
		if r == '[' {
			return setting[:i]
		}
	}
	return setting
}

package emulator

import (
	"testing"

	"github.com/authbench/authbench/internal/descope"
)

// A link of a method that was disabled behind its send is refused, and kept.
func TestN26DisabledBehindTheSend(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	u := c.p.users.find(c.enter("+15555550101").User.Phone)
	for _, in := range []intent{
		{purpose: signIn, channel: descope.MethodSMS, user: u, contact: u.info.Phone, login: plainTerms},
		{purpose: embedded, user: u, login: plainTerms},
	} {
		now := c.p.clock.Now()
		token := c.p.addLink(now, in, codeMemory)
		c.p.policy().MagicLink.Disabled, c.p.policy().EmbeddedLink.Disabled = in.purpose != embedded, in.purpose == embedded
		_, err := c.p.redeemLink(now, token)
		if _, body := failure(err); err == nil || body.ErrorCode != descope.CodeMethodDisabled {
			t.Errorf("%s: %v, want %s", in.purpose, err, descope.CodeMethodDisabled)
		}
		c.p.policy().MagicLink.Disabled, c.p.policy().EmbeddedLink.Disabled = in.purpose == embedded, in.purpose != embedded
		if _, err := c.p.redeemLink(now, token); err != nil {
			t.Errorf("%s, with the other method disabled: %v", in.purpose, err)
		}
	}
}

// Who left a tenant behind the send is not let in to it.
func TestS55TenantLeftBehindTheSend(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	u := c.p.users.find(c.enter("+15555550101").User.Phone)
	now := c.p.clock.Now()
	u.info.UserTenants = []descope.UserTenant{{TenantID: "T1"}}
	token := c.p.addLink(now, intent{purpose: embedded, user: u, login: &loginTerms{tenant: "T1"}}, codeMemory)
	u.info.UserTenants = nil
	if _, err := c.p.redeemLink(now, token); err == nil {
		t.Error("a session for a tenant that the user has left")
	}
	u.info.UserTenants = []descope.UserTenant{{TenantID: "T1"}}
	if g, err := c.p.redeemLink(now, token); err != nil || g.tenant != "T1" {
		t.Errorf("the tenant of the send: %q, %v", g.tenant, err)
	}
}

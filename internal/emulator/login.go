package emulator

import (
	"cmp"
	"math"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/contact"
	"github.com/authbench/authbench/internal/descope"
)

// carrier is how an intent travels: as a link or as a code.
type carrier func(c *call, now time.Time, in intent, w wording) (document any)

// byLink sends intents as links that lead to the address.
func byLink(address string) carrier {
	return func(c *call, now time.Time, in intent, w wording) any {
		c.about(&in)
		token := c.project.addLink(now, in, c.project.policy().MagicLink.ExpirationTime.Std())
		c.deliver(now, in, w, withToken(address, token), "")
		out := c.project.masked(in.channel, in.contact)
		return &out
	}
}

// byCode sends intents as codes.
func byCode(c *call, now time.Time, in intent, w wording) any {
	c.about(&in)
	c.deliver(now, in, w, "", c.project.addCode(now, in))
	out := c.project.masked(in.channel, in.contact)
	out.VerificationAttempts = int32(min(max(c.project.policy().OTP.Attempts, 0), math.MaxInt32))
	return &out
}

// startSignUp sends to somebody who must not be a user yet. Nobody becomes one
// before the message is verified, so a sign-up may be repeated until then.
func (c *call) startSignUp(in descope.SignUpRequest, carry carrier) (any, error) {
	login, err := checkLogin(in.Login())
	if err != nil {
		return nil, err
	}
	contact, err := checkContact(c.channel, in.Contact(c.channel))
	if err != nil {
		return nil, err
	}
	profile, err := checkProfile(in.User)
	if err != nil {
		return nil, err
	}
	options := orEmpty(in.LoginOptions)
	options.TenantID = in.Tenant()
	if err := checkSignUpOptions(options); err != nil {
		return nil, err
	}
	if err := c.project.checkProvider(in.ProviderID); err != nil {
		return nil, err
	}
	var out any
	err = c.project.locked(func(now time.Time) error {
		if c.project.unscoped(login, options.TenantID, signUp) {
			return required("tenantId")
		}
		if c.project.lookup(&c.project.users.byLogin, login, options.TenantID) != nil {
			return refuse(descope.UserExists, "")
		}
		terms, err := c.terms(now, nil, in.LoginOptions, options)
		if err != nil {
			return err
		}
		test := c.project.testRules().names(login)
		if err := c.project.roomForTestUser(test); err != nil {
			return err
		}
		if err := c.admitMessage(now, test, contact); err != nil {
			return err
		}
		do := intent{
			purpose: signUp, channel: c.channel, user: c.project.newcomer(login, terms.tenant), newcomer: true,
			contact: contact, profile: &profile, login: terms,
		}
		c.makeAtSend(now, &do)
		out = carry(c, now, do, wordingOf(options, in.ProviderID))
		return nil
	})
	return out, err
}

// startSignIn sends to a user. With why signUpOrIn an unknown login ID, which
// must be an address then, signs up.
func (c *call) startSignIn(in descope.SignInRequest, why purpose, carry carrier) (any, error) {
	login, err := checkLogin(in.Login())
	if err != nil {
		return nil, err
	}
	options := orEmpty(in.LoginOptions)
	options.SSOAppID = cmp.Or(in.SSOAppID, options.SSOAppID) // the one beside the options wins
	options.TenantID = in.Tenant()
	if err := checkOptions(options); err != nil {
		return nil, err
	}
	if err := c.project.checkProvider(in.ProviderID); err != nil {
		return nil, err
	}
	var out any
	err = c.project.locked(func(now time.Time) (err error) {
		u := c.project.lookup(&c.project.users.byLogin, login, options.TenantID)
		defer func() { c.refusedSend(now, u, why, err) }()
		switch {
		case u == nil && c.project.unscoped(login, options.TenantID, why):
			return required("tenantId")
		case u == nil && (why == signIn || in.UseRecovery):
			return refuse(descope.UserNotFound, "")
		}
		terms, err := c.terms(now, u, in.LoginOptions, options)
		if err != nil {
			return err
		}
		do := intent{purpose: why, channel: c.channel, user: u, login: terms, useRecovery: in.UseRecovery}
		if u == nil {
			login = strings.Clone(login) // or a user keeps the body that it came in
			if do.contact, err = checkContact(c.channel, login); err != nil {
				return err
			}
			test := c.project.testRules().names(login)
			if err := c.project.roomForTestUser(test); err != nil {
				return err
			}
			if err := c.admitMessage(now, test, do.contact); err != nil {
				return err
			}
			do.user, do.newcomer = c.project.newcomer(login, terms.tenant), true
		} else {
			if u.info.Status == descope.StatusDisabled {
				return refuse(descope.UserDisabled, "")
			}
			if err := u.barred(login); err != nil {
				return err
			}
			if do.contact, err = u.destination(c.channel, login, in.UseRecovery); err != nil {
				return err
			}
			if err := c.admitMessage(now, u.info.Test, do.contact); err != nil {
				return err
			}
		}
		c.makeAtSend(now, &do)
		out = carry(c, now, do, wordingOf(options, in.ProviderID))
		return nil
	})
	return out, err
}

// newcomer is the pending sign-up of a login ID, found or made. Where tenants are
// isolated it is one of the tenant; elsewhere a verification decides on the tenant.
func (p *project) newcomer(login, tenant string) *user {
	login = contact.Login(login)
	if u := p.lookup(&p.users.pending, login, tenant); u != nil {
		return u
	}
	u := p.users.fresh(p.random.userID())
	u.pending = true
	u.info.Test = p.testRules().names(login)
	u.info.LoginIDs = []string{login}
	if p.policy().TenantUserIsolation && tenant != "" {
		u.info.UserTenants = []descope.UserTenant{membership(tenant)}
	}
	p.users.pending.add(login, u)
	return u
}

// terms turns login options into those of an intent; o is what was sent, or nothing, and
// what a request says beside it. Who signs up is nil, and may become a member of any
// tenant. A step-up and a second factor need the refresh JWT of the user who signs in.
func (c *call) terms(now time.Time, u *user, sent *descope.LoginOptions, o descope.LoginOptions) (*loginTerms, error) {
	if u != nil {
		if err := c.project.checkTenant(u, o.TenantID); err != nil {
			return nil, err
		}
	}
	if sent == nil && o.SSOAppID == "" && o.TenantID == "" {
		return plainTerms, nil
	}
	t := &loginTerms{
		stepUp: o.StepUp, revokeOthers: o.RevokeOtherSessions, claims: o.CustomClaims, ssoApp: o.SSOAppID,
		tenant: strings.Clone(o.TenantID), // or a session keeps the body that it came in
	}
	if o.RevokeOtherSessions {
		t.revokeTypes, _ = sessionTypes("revokeOtherSessionsTypes", o.RevokeOtherSessionsTypes) // was checked
	}
	if o.StepUp || o.MFA {
		if c.refresh == nil {
			return t, refuse(descope.NoRefreshJWT, "")
		}
		s, err := c.project.sessionOf(now, *c.refresh)
		if err != nil {
			return t, err
		}
		if s.user != u {
			return t, refuse(descope.NotYourLoginID, "")
		}
		if o.MFA {
			t.earlier = s.methods
		}
	}
	return t, nil
}

func wordingOf(o descope.LoginOptions, providerID string) wording {
	return wording{templateOptions: o.TemplateOptions, templateID: o.TemplateID, locale: o.Locale, providerID: providerID}
}

func orEmpty(o *descope.LoginOptions) descope.LoginOptions {
	if o == nil {
		return descope.LoginOptions{}
	}
	return *o
}

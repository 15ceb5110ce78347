package emulator

import (
	"time"

	"github.com/authbench/authbench/internal/contact"
	"github.com/authbench/authbench/internal/descope"
)

// embeddedSignIn hands the management a link of a user; no message is sent.
func (c *call) embeddedSignIn() (any, error) {
	var in descope.EmbeddedSignInRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	login, err := checkLogin(in.Login())
	if err != nil {
		return nil, err
	}
	lifetime, err := c.embeddedLifetime(in.Timeout)
	if err != nil {
		return nil, err
	}
	if err := checkDocument("customClaims", in.CustomClaims); err != nil {
		return nil, err
	}
	var out descope.EmbeddedLinkResponse
	return &out, c.project.locked(func(now time.Time) error {
		u, err := c.project.findUser("", login)
		if err != nil {
			return err
		}
		tenant, err := c.project.onlyTenant(u, "")
		if err != nil {
			return err
		}
		do := intent{purpose: embedded, user: u, login: &loginTerms{claims: in.CustomClaims, nested: true, tenant: tenant}}
		out = c.project.embed(now, do, lifetime)
		return nil
	})
}

// embeddedSignUp does so for a user who may not exist yet.
func (c *call) embeddedSignUp() (any, error) {
	var in descope.EmbeddedSignUpRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	login, err := checkLogin(in.Login())
	if err != nil {
		return nil, err
	}
	lifetime, err := c.embeddedLifetime(in.Timeout)
	if err != nil {
		return nil, err
	}
	profile, err := checkProfile(in.User)
	if err != nil {
		return nil, err
	}
	options := orEmpty(in.LoginOptions)
	if err := checkSignUpOptions(options); err != nil {
		return nil, err
	}
	// A login ID that is an address is the user's address as well.
	if email, ok := contact.Email(login); ok && profile.Email == "" {
		profile.Email = email
	}
	if phone, ok := contact.Phone(login); ok && profile.Phone == "" {
		profile.Phone = phone
	}
	var out descope.EmbeddedLinkResponse
	return &out, c.project.locked(func(now time.Time) error {
		u := c.project.lookup(&c.project.users.byLogin, login, options.TenantID)
		if u == nil && c.project.unscoped(login, options.TenantID, signUp) {
			return required("tenantId")
		}
		terms, err := c.terms(now, u, in.LoginOptions, options)
		if err != nil {
			return err
		}
		do := intent{
			purpose: embedded, user: u, profile: &profile, login: terms,
			emailVerified: in.EmailVerified, phoneVerified: in.PhoneVerified,
		}
		if u == nil {
			if err := c.project.roomForTestUser(c.project.testRules().names(login)); err != nil {
				return err
			}
			do.user, do.newcomer = c.project.newcomer(login, options.TenantID), true
		}
		c.makeAtSend(now, &do)
		out = c.project.embed(now, do, lifetime)
		return nil
	})
}

func (p *project) embed(now time.Time, do intent, lifetime time.Duration) descope.EmbeddedLinkResponse {
	out := descope.EmbeddedLinkResponse{Token: p.addLink(now, do, lifetime)}
	email, phone := do.user.info.Email, do.user.info.Phone
	if do.user.pending {
		profile := do.told()
		email, phone = profile.Email, profile.Phone
	}
	if email != "" {
		out.MaskedEmail = p.masked(descope.MethodEmail, email).MaskedEmail
	}
	if phone != "" {
		out.MaskedPhone = p.masked(descope.MethodSMS, phone).MaskedPhone
	}
	return out
}

// embeddedLifetime: a request may ask for any number of seconds up to a day.
func (c *call) embeddedLifetime(seconds int32) (time.Duration, error) {
	const most = 24 * 60 * 60
	if seconds < 0 || seconds > most {
		return 0, refuse(descope.InvalidArgument, "The timeout is not between 0 and 86400 seconds")
	}
	if seconds == 0 {
		return c.project.policy().EmbeddedLink.ExpirationTime.Std(), nil
	}
	return time.Duration(seconds) * time.Second, nil
}

package emulator

import (
	"time"

	"github.com/authbench/authbench/internal/descope"
)

// generateCode makes a test user's code. It can be verified at once, or serves
// the next send over the channel in place of a code of its own.
func (c *call) generateCode() (any, error) {
	var out descope.GeneratedOTP
	return &out, c.generate(func(now time.Time, in descope.GenerateRequest, do intent) error {
		if do.channel == "" {
			return refuse(descope.InvalidArgument, "The deliveryMethod of a code is sms, email, voice or whatsapp")
		}
		out = descope.GeneratedOTP{LoginID: in.Login(), Code: c.project.addCode(now, do)}
		return nil
	})
}

// generateLink does so for a magic link.
func (c *call) generateLink() (any, error) {
	var out descope.GeneratedLink
	return &out, c.generate(func(now time.Time, in descope.GenerateRequest, do intent) error {
		if do.channel == descope.MethodVoice {
			return refuse(descope.InvalidArgument, "The deliveryMethod of a link is sms, email, whatsapp or Embedded")
		}
		address, err := c.project.redirect(in.Target())
		if err != nil {
			return err
		}
		token := c.project.addLink(now, do, c.project.policy().MagicLink.ExpirationTime.Std())
		out = descope.GeneratedLink{LoginID: in.Login(), Link: withToken(address, token)}
		return nil
	})
}

// generateEnchantedLink does so for an enchanted link, which is always sent by email.
func (c *call) generateEnchantedLink() (any, error) {
	var in descope.GenerateRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	address, err := c.project.redirectOr(in.Target(), c.project.policy().EnchantedLink.RedirectURL)
	if err != nil {
		return nil, err
	}
	challenge, err := challengeOf(orEmpty(in.LoginOptions).PKCEChallenge)
	if err != nil {
		return nil, err
	}
	var out descope.GeneratedEnchantedLink
	return &out, c.generateOver(descope.MethodEmail, in, func(now time.Time, in descope.GenerateRequest, do intent) error {
		token, ref := c.project.addEnchanted(now, do, challenge)
		out = descope.GeneratedEnchantedLink{LoginID: in.Login(), Link: withToken(address, token), PendingRef: ref}
		return nil
	})
}

type production func(time.Time, descope.GenerateRequest, intent) error

func (c *call) generate(produce production) error {
	var in descope.GenerateRequest
	if err := c.decode(&in); err != nil {
		return err
	}
	if _, err := checkLogin(in.Login()); err != nil {
		return err
	}
	channel, err := deliveryMethod(in.DeliveryMethod)
	if err != nil {
		return err
	}
	return c.generateOver(channel, in, produce)
}

func (c *call) generateOver(channel descope.Method, in descope.GenerateRequest, produce production) error {
	login, err := checkLogin(in.Login())
	if err != nil {
		return err
	}
	options := orEmpty(in.LoginOptions)
	if err := checkOptions(options); err != nil {
		return err
	}
	return c.project.locked(func(now time.Time) error {
		u, err := c.project.findIn(login, options.TenantID)
		if err != nil {
			return err
		}
		if !u.info.Test {
			return refuse(descope.NotATestUser, "")
		}
		if options.TenantID, err = c.project.onlyTenant(u, options.TenantID); err != nil {
			return err
		}
		terms, err := c.terms(now, u, in.LoginOptions, options)
		if err != nil {
			return err
		}
		do := intent{purpose: generated, channel: channel, user: u, login: terms}
		if channel != "" {
			if contact, ok := u.contact(channel, login); ok {
				do.contact = contact
			}
		}
		return produce(now, in, do)
	})
}

// deliveryMethod reads the field of that name; "" is the embedded channel.
func deliveryMethod(s string) (descope.Method, error) {
	switch m := descope.Method(s); m {
	case descope.MethodSMS, descope.MethodEmail, descope.MethodVoice, descope.MethodWhatsApp:
		return m, nil
	case descope.MethodIM:
		return descope.MethodWhatsApp, nil
	case "Embedded":
		return "", nil
	case "":
		return "", required("deliveryMethod")
	default:
		return "", refuse(descope.InvalidArgument, "The deliveryMethod is unknown")
	}
}

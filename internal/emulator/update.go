package emulator

import (
	"strings"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

// startUpdate sends to the address that a signed-in user wants to have.
// Nothing about the user changes before the message is verified.
func (c *call) startUpdate(why purpose, login, contact string, o descope.UpdateOptions, carry carrier) (any, error) {
	login, err := checkLogin(login)
	if err != nil {
		return nil, err
	}
	contact, err = checkContact(c.channel, contact)
	if err != nil {
		return nil, err
	}
	if err := checkWording(o.TemplateOptions, o.TemplateID, o.Locale, o.ProviderID); err != nil {
		return nil, err
	}
	if err := c.project.checkProvider(o.ProviderID); err != nil {
		return nil, err
	}
	contact = strings.Clone(contact) // or what waits, and then the user, keep the body that it came in
	var out any
	err = c.project.locked(func(now time.Time) (err error) {
		s, err := c.project.sessionOf(now, *c.refresh)
		if err != nil {
			return err
		}
		defer func() { c.refusedSend(now, s.user, why, err) }()
		if !s.user.has(login) {
			return refuse(descope.NotYourLoginID, "")
		}
		if o.AddToLoginIDs {
			if other := c.project.owner(s.user, contact); other != nil && other != s.user && (o.FailOnConflict || c.project.apart(s.user, other)) {
				return refuse(descope.UpdateConflict, "")
			}
		}
		if err := c.admitMessage(now, s.user.info.Test, contact); err != nil {
			return err
		}
		do := intent{
			purpose: why, channel: c.channel, user: s.user, contact: contact, login: plainTerms,
			update: updateTerms{o.AddToLoginIDs, o.OnMergeUseExisting, o.FailOnConflict},
		}
		tenant := s.current()
		if o.MFA || tenant != "" {
			do.login = &loginTerms{tenant: tenant}
		}
		if o.MFA {
			do.login.earlier = s.methods
		}
		if c.project.policy().Unpublished.UpdateRevokesSessions {
			terms := *do.login
			terms.asked, do.login = s, &terms
		}
		if c.project.policy().Unpublished.UpdateEndsOlder {
			c.project.endMessages(s.user, func(older *intent, generated bool) bool { return older.purpose == why && !generated })
		}
		out = carry(c, now, do, wording{templateOptions: o.TemplateOptions, templateID: o.TemplateID, locale: o.Locale, providerID: o.ProviderID})
		return nil
	})
	return out, err
}

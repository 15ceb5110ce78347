package emulator

import (
	"slices"
	"time"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// makeAtSend makes the user of a sign-up before its message is read, where the policy has
// it so. The user is invited and nothing of it is verified.
func (c *call) makeAtSend(now time.Time, do *intent) {
	if c.project.policy().Unpublished.UserMade != policy.MadeAtSend || !do.user.pending {
		return
	}
	c.project.activate(now, *do)
	do.user.info.Status = descope.StatusInvited
	do.newcomer = false
	c.managed(now, descope.ActionUserCreated, &do.user.info)
}

// checkProvider refuses a provider of messages that the project does not know.
func (p *project) checkProvider(id string) error {
	if known := p.policy().Unpublished.Providers; id == "" || len(known) == 0 || slices.Contains(known, id) {
		return nil
	}
	return refuse(descope.UnknownProvider, "")
}

func isUpdate(why purpose) bool { return why == updatePhone || why == updateEmail }

// logoutEnds ends the messages of a user who logs out, as far as the policy has it so.
func (p *project) logoutEnds(u *user) {
	switch p.policy().Unpublished.LogoutEnds {
	case policy.EndsUpdates:
		p.endMessages(u, func(in *intent, _ bool) bool { return isUpdate(in.purpose) })
	case policy.EndsAll:
		p.endMessages(u, func(*intent, bool) bool { return true })
	}
}

// endMessages makes some links and codes worthless, and ends the pending sessions of the
// links. Generated ones are those of a test user that sends use.
func (p *project) endMessages(u *user, ends func(in *intent, generated bool) bool) {
	for _, l := range slices.Backward(u.links) { // dropping one moves the last in its place
		if !ends(&l.intent, u.generatedLink(l.key)) {
			continue
		}
		p.dropLink(l)
		if l.awaited != nil {
			p.dropPendingSession(l.awaited)
		}
	}
	for _, c := range u.codes {
		for c != nil {
			older := c.older
			if ends(&c.intent, c.generated) {
				p.dropCode(c)
			}
			c = older
		}
	}
}

// generatedLink tells whether a link's token was generated.
func (u *user) generatedLink(key linkKey) bool {
	for _, token := range u.generated {
		if keyOf(token) == key {
			return true
		}
	}
	return false
}

package emulator

import (
	"time"

	"github.com/authbench/authbench/internal/descope"
)

// notify tells the address that an update has replaced, where the policy has it so. The
// notice goes the way the update went. It is no send that limits count.
func (c *call) notify(now time.Time, g *grant) {
	if !c.project.policy().Unpublished.UpdateNotifies || g.replaced == "" || g.user.Test {
		return
	}
	m := &message{
		ID: c.project.random.messageID(), Recipient: g.replaced, Channel: string(g.channel), Purpose: noticeOf(g.purpose),
		Body: "Your phone was changed.", CreatedAt: now.UTC(),
	}
	if g.channel == descope.MethodEmail {
		m.Subject, m.Body = "Your email was changed", "Your email was changed."
	}
	c.dispatch(now, m)
}

func noticeOf(why purpose) purpose {
	if why == updateEmail {
		return emailChanged
	}
	return phoneChanged
}

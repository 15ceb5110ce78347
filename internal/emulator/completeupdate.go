package emulator

import (
	"slices"
	"time"

	"github.com/authbench/authbench/internal/policy"
)

// opensSession tells whether an intent that is carried out opens a session. Of an update
// the policy decides.
func (p *project) opensSession(in *intent, mergedAway bool) bool {
	if !isUpdate(in.purpose) {
		return true
	}
	switch p.policy().Unpublished.UpdateTokens {
	case policy.TokensNever:
		return false
	case policy.TokensSameUser:
		return !mergedAway
	}
	return true
}

// completeUpdate gives the user, or who it is merged into, the address that was proved.
func (p *project) completeUpdate(now time.Time, in intent) (grant, error) {
	survivor, merged, err := p.commitUpdate(in)
	if err != nil {
		return grant{}, err
	}
	address, verified, barred := survivor.address(in.channel)
	replaced := *address
	*address, *verified, *barred = in.contact, true, false
	survivor.info.ModifiedTime = unix32(now)
	if in.login.asked != nil {
		p.closeOtherSessions(survivor, in.login.asked)
	}
	g := grant{user: survivor.snapshot(), purpose: in.purpose, channel: in.channel, issued: now}
	if p.opensSession(&in, merged == in.user) {
		g = p.openSession(now, survivor, in)
	}
	g.updated, g.merged = true, merged
	if replaced != in.contact {
		g.replaced = replaced
	}
	return g, nil
}

// closeOtherSessions ends the user's sessions but for one, which need not be the user's.
func (p *project) closeOtherSessions(u *user, but *session) {
	for _, s := range slices.Clone(u.sessions) { // dropping moves what is left
		if s != but {
			p.dropSession(s)
		}
	}
}

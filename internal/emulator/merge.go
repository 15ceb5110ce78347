package emulator

import (
	"slices"

	"github.com/authbench/authbench/internal/descope"
)

// merge gives the winner the loser's login IDs and what the winner has not got
// itself, and deletes the loser with its sessions, links and codes. To read the
// messages to a number is no proof of what was granted to whoever had it before: roles,
// tenants, applications and custom attributes are not handed on.
func (p *project) merge(winner, loser *user) {
	p.deleteUser(loser)
	for _, login := range loser.info.LoginIDs {
		if !slices.Contains(winner.info.LoginIDs, login) {
			p.users.addLogin(winner, login)
		}
	}
	w, l := &winner.info, &loser.info
	fill(&w.Name, l.Name)
	fill(&w.GivenName, l.GivenName)
	fill(&w.MiddleName, l.MiddleName)
	fill(&w.FamilyName, l.FamilyName)
	fill(&w.Picture, l.Picture)
	if w.Email == "" {
		w.Email, w.VerifiedEmail, winner.emailBarred = l.Email, l.VerifiedEmail, loser.emailBarred
	}
	if w.Phone == "" {
		w.Phone, w.VerifiedPhone, winner.phoneBarred = l.Phone, l.VerifiedPhone, loser.phoneBarred
	}
}

func fill(field *string, value string) {
	if *field == "" {
		*field = value
	}
}

// union leaves both lists alone: snapshots share them.
func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, v := range b {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// deleteUser removes a user and everything it owns.
func (p *project) deleteUser(u *user) {
	p.closeSessions(u, nil)
	for len(u.links) > 0 {
		p.dropLink(u.links[len(u.links)-1])
	}
	for _, c := range u.codes {
		for c != nil {
			older := c.older
			p.dropCode(c)
			c = older
		}
	}
	for _, ps := range u.awaited {
		p.dropPendingSession(ps)
	}
	p.users.remove(u)
}

// dropPending voids unverified sign-ups with the login ID, because in these tenants the
// ID has gone to somebody who proved it or whom the management says it belongs to.
func (p *project) dropPending(login string, tenants []descope.UserTenant) {
	if p.users.pending.oldest[login] == nil {
		return
	}
	for _, u := range slices.Collect(p.users.pending.of(login)) {
		if p.meet(tenants, u.info.UserTenants) {
			p.deleteUser(u)
		}
	}
}

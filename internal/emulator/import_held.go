package emulator

import (
	"errors"
	"fmt"
	"math"
)

// importIntent finds the user and, of an enchanted link, the pending session.
func (p *project) importIntent(m intentMemory, people map[string]*user) (intent, error) {
	u := people[m.UserID]
	if u == nil {
		return intent{}, fmt.Errorf("state: a link or code is of nobody, user %q", m.UserID)
	}
	var awaited *pendingSession
	if m.Awaited != nil {
		key, ok := refKeyFrom(m.Awaited)
		if awaited = p.awaited[key]; !ok || awaited == nil {
			return intent{}, errors.New("state: a link opens a pending session that is not there")
		}
	}
	asked := p.sessions[m.Asked]
	if asked == nil && m.Asked != "" {
		asked = &session{id: m.Asked, user: u} // it has ended, and the update ends the others
	}
	return intent{
		purpose: m.Purpose, channel: m.Channel, user: u, newcomer: m.Newcomer, useRecovery: m.UseRecovery, contact: m.Contact, profile: &m.Profile,
		login:         &loginTerms{m.StepUp, m.RevokeOthers, m.RevokeTypes, m.SSOApp, m.Claims, m.Nested, m.Tenant, m.Earlier, asked},
		update:        updateTerms{m.AddToLoginIDs, m.UseExisting, m.FailOnConflict},
		awaited:       awaited,
		emailVerified: m.EmailVerified, phoneVerified: m.PhoneVerified,
	}, nil
}

func (p *project) importLinks(s *projectState, people map[string]*user) error {
	for _, m := range s.Links {
		in, err := p.importIntent(m.Intent, people)
		if err != nil {
			return err
		}
		l := &link{intent: in}
		if copy(l.key[:], m.Key) != len(l.key) || len(m.Key) != len(l.key) || p.links[l.key] != nil {
			return errors.New("state: links: a key is no hash, or comes twice")
		}
		p.expiry.set(&l.deadline, m.Expires, l)
		p.links[l.key] = l
		in.user.links.add(l)
	}
	return nil
}

func (p *project) importCodes(s *projectState, people map[string]*user) error {
	budgets := make([]*tries, len(s.Tries))
	for i, wrong := range s.Tries {
		budgets[i] = &tries{int32(min(max(wrong, 0), math.MaxInt32))}
	}
	for _, m := range s.Codes {
		in, err := p.importIntent(m.Intent, people)
		if err != nil {
			return err
		}
		if in.awaited != nil {
			return errors.New("state: codes: no pending session is of a code")
		}
		at := slot{in.channel, m.Family}
		if m.Tries < 0 || m.Tries >= len(budgets) || at != slotOf(in) {
			return errors.New("state: codes: a budget is not there, or a family is not that of the purpose")
		}
		c := &code{
			intent: in, slot: at, digits: m.Digits, generated: m.Generated, tries: budgets[m.Tries], expires: m.Expires,
			older: in.user.codes[at],
		}
		if c.older != nil {
			c.older.newer = c
		}
		if in.user.codes == nil {
			in.user.codes = map[slot]*code{}
		}
		in.user.codes[at] = c
		p.expiry.set(&c.deadline, m.Forget, c)
	}
	return nil
}

func (p *project) importSessions(s *projectState, people map[string]*user) error {
	for _, m := range s.Sessions {
		u := people[m.UserID]
		if u == nil || u.pending || p.sessions[m.ID] != nil {
			return fmt.Errorf("state: sessions: %q is of nobody or comes twice", m.ID)
		}
		made := &session{
			id: m.ID, user: u, refreshID: m.RefreshID, methods: m.Methods, claims: m.Claims, nested: m.Nested,
			tenant: m.Tenant, stepUp: m.StepUp, opened: m.Opened, expires: m.Expires, used: m.Used,
		}
		p.expiry.set(&made.deadline, m.Forget, made)
		for _, r := range m.Replaced {
			p.replace(made, &replacement{tokenID: r.TokenID, grant: importGrant(r.Grant)}, r.Until)
		}
		p.sessions[m.ID] = made
		u.sessions.add(made)
	}
	return nil
}

func importGrant(m grantMemory) grant {
	return grant{
		user: m.User, firstSeen: m.FirstSeen, sessionID: m.SessionID, sessionTokenID: m.SessionTokenID,
		refreshTokenID: m.RefreshTokenID, issued: m.Issued, expires: m.Expires, refreshExpires: m.RefreshExpires,
		methods: m.Methods, claims: m.Claims, nested: m.Nested, tenant: m.Tenant, stepUp: m.StepUp,
	}
}

package emulator

import (
	"cmp"
	"slices"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

// maxSessions bounds the sessions of one user; the one that was opened first
// is closed for the next.
const maxSessions = 1000

// session is one sign-in. It lives until its refresh JWT expires.
type session struct {
	id        string
	user      *user
	order     uint64 // of opening
	refreshID string // jti of the refresh JWT that is valid
	methods   []string
	claims    map[string]any
	nested    bool
	tenant    string
	expires   time.Time
	deadline  *deadline
}

// grant is all that the tokens of a session say, so that they can be signed
// without a look at the state.
type grant struct {
	user           descope.User
	firstSeen      bool
	sessionID      string
	sessionTokenID string
	refreshTokenID string // empty means that no refresh JWT is issued
	issued         time.Time
	expires        time.Time // of the session JWT
	refreshExpires time.Time
	methods        []string
	claims         map[string]any
	nested         bool
	tenant         string
	stepUp         bool
}

// openSession signs the user in.
func (p *project) openSession(now time.Time, u *user, in intent) grant {
	if in.login.revokeOthers {
		p.closeSessions(u)
	} else if len(u.sessions) >= maxSessions {
		p.dropSession(slices.MinFunc(u.sessionList(), func(a, b *session) int { return cmp.Compare(a.order, b.order) }))
	}
	p.opened++
	s := &session{
		id:        p.random.sessionID(),
		user:      u,
		order:     p.opened,
		refreshID: p.random.tokenID(),
		methods:   factors(in),
		claims:    in.login.claims,
		nested:    in.login.nested,
		tenant:    in.login.tenant,
	}
	p.extend(now, s)
	p.sessions[s.id] = s
	u.sessions[s.id] = s

	first := !u.seen
	u.seen = true
	if u.info.Status == descope.StatusInvited {
		u.info.Status = descope.StatusEnabled
	}
	g := p.grantOf(now, s)
	g.firstSeen = first
	g.refreshTokenID = s.refreshID
	g.stepUp = in.login.stepUp
	return g
}

// extend lets the session live for one lifetime of a refresh JWT from now.
func (p *project) extend(now time.Time, s *session) {
	if s.deadline != nil {
		p.expiry.cancel(s.deadline)
	}
	s.expires = now.Add(p.policy.RefreshTokenExpiration.Std())
	s.deadline = p.expiry.add(s.expires, func() { p.dropSession(s) })
}

// grantOf is a session JWT's worth of the session.
func (p *project) grantOf(now time.Time, s *session) grant {
	return grant{
		user:           s.user.snapshot(),
		sessionID:      s.id,
		sessionTokenID: p.random.tokenID(),
		issued:         now,
		expires:        now.Add(p.policy.SessionTokenExpiration.Std()),
		refreshExpires: s.expires,
		methods:        s.methods,
		claims:         s.claims,
		nested:         s.nested,
		tenant:         s.tenant,
	}
}

// refresh renews the session JWT, and the refresh JWT too if the policy
// rotates it; the one that was shown is void then.
func (p *project) refresh(now time.Time, s *session) grant {
	if p.policy.RefreshTokenRotation {
		s.refreshID = p.random.tokenID()
		p.extend(now, s)
	}
	g := p.grantOf(now, s)
	if p.policy.RefreshTokenRotation {
		g.refreshTokenID = s.refreshID
	}
	return g
}

// sessionOf finds the session of a refresh JWT whose signature was checked.
func (p *project) sessionOf(now time.Time, t refreshToken) (*session, error) {
	s, ok := p.sessions[t.SessionID]
	switch {
	case !ok && now.Unix() >= t.Expiry:
		return nil, refuse(descope.BadRefreshJWT, "")
	case !ok:
		// It was signed here and has not expired: the session was closed.
		return nil, refuse(descope.LoggedOut, "")
	case s.refreshID != t.ID:
		return nil, refuse(descope.BadRefreshJWT, "")
	case s.user.info.Status == descope.StatusDisabled:
		return nil, refuse(descope.UserDisabled, "")
	}
	return s, nil
}

func (p *project) closeSessions(u *user) {
	for _, s := range u.sessions {
		p.dropSession(s)
	}
}

func (p *project) dropSession(s *session) {
	p.expiry.cancel(s.deadline)
	delete(p.sessions, s.id)
	delete(s.user.sessions, s.id)
}

func (u *user) sessionList() []*session {
	list := make([]*session, 0, len(u.sessions))
	for _, s := range u.sessions {
		list = append(list, s)
	}
	return list
}

// factors are the amr values of a sign-in: its own, and those of the session
// it adds to.
func factors(in intent) []string {
	own := string(in.channel)
	if own == "" {
		own = "embeddedlink"
	}
	if len(in.login.earlier) == 0 {
		return []string{own}
	}
	return union(union(in.login.earlier, []string{own}), []string{"mfa"})
}

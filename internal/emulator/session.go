package emulator

import (
	"slices"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

const defaultSessionLimit = 65536

// session is one sign-in. It lives until its refresh JWT expires.
type session struct {
	id        string
	user      *user
	refreshID string // jti of the refresh JWT that is valid
	methods   []string
	claims    map[string]any
	nested    bool
	tenant    string
	stepUp    bool // it began as a step-up
	opened    time.Time
	expires   time.Time
	deadline  deadline
	issued    issuedKey      // of the refresh JWT of refreshID, once it is signed
	used      time.Time      // when a refresh JWT was shown last
	replaced  []*replacement // those whose grace has not ended
	at        int            // in the list of its user
}

func (s *session) place() *int { return &s.at }

func (s *session) expire(p *project) { p.dropSession(s) }

// grant is all that the tokens of a session say, so that they can be signed
// without a look at the state.
type grant struct {
	user           descope.User
	firstSeen      bool
	sessionID      string // empty means that no token is issued
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

	// What the audit trail tells of the sign-in.
	created, updated bool
	merged           *user  // who is gone by it, nil if nobody is
	replaced         string // address that an update has replaced, empty if there was none
	again            bool   // the grant was given before
	method, app      string

	purpose purpose        // of the intent that opened the session with this grant
	channel descope.Method // of the same
}

// roomFor refuses a sign-in that the user has no room for; no session that is
// open is closed for another.
func (p *project) roomFor(u *user, in intent) error {
	if len(u.sessions) < p.sessionLimit {
		return nil
	}
	if in.login.revokeOthers {
		for _, s := range u.sessions {
			if s.oneOf(in.login.revokeTypes) {
				return nil
			}
		}
	}
	return refuse(descope.TooManySessions, "")
}

// oneOf tells whether the session is of one of the types. No types are all of them.
func (s *session) oneOf(types []string) bool {
	kind, _ := s.claims[descope.ClaimSessionType].(string)
	return len(types) == 0 || kind != "" && slices.Contains(types, kind)
}

// openSession signs the user in, who has room for it.
func (p *project) openSession(now time.Time, u *user, in intent) grant {
	if in.login.revokeOthers {
		p.closeSessions(u, in.login.revokeTypes)
	}
	s := &session{
		id:        p.random.sessionID(),
		user:      u,
		refreshID: p.random.tokenID(),
		methods:   factors(in),
		claims:    in.login.claims,
		nested:    in.login.nested,
		tenant:    in.login.tenant,
		stepUp:    in.login.stepUp,
		opened:    now,
	}
	s.tenant = s.current() // a merge may have left a user of other tenants
	s.used = now
	p.extend(now, s)
	p.sessions[s.id] = s
	u.sessions.add(s)

	first := !u.seen
	u.seen = true
	if u.info.Status == descope.StatusInvited {
		u.info.Status = descope.StatusEnabled
	}
	g := p.grantOf(now, s)
	g.firstSeen = first
	g.app = in.login.ssoApp
	g.purpose, g.channel = in.purpose, in.channel
	g.refreshTokenID = s.refreshID
	if in.login.stepUp {
		g.stepUp = true
		g.expires = endOf(now, p.policy().StepUpTokenExpiration.Std())
	}
	return g
}

// endOf is when a token issued at a time ends. A JWT holds no fractions: it is
// issued in a whole second, lives for exactly its lifetime from there, and what
// the emulator keeps of it ends in the same instant.
func endOf(issued time.Time, lifetime time.Duration) time.Time {
	whole := lifetime.Truncate(time.Second)
	if whole < lifetime {
		whole += time.Second
	}
	return issued.Truncate(time.Second).Add(whole)
}

// extend lets the session live for one lifetime of a refresh JWT from now.
func (p *project) extend(now time.Time, s *session) {
	s.expires = endOf(now, p.policy().RefreshTokenExpiration.Std())
	p.expiry.set(&s.deadline, s.expires, s)
}

// grantOf is a session JWT's worth of the session.
func (p *project) grantOf(now time.Time, s *session) grant {
	return grant{
		user:           s.user.snapshot(),
		sessionID:      s.id,
		sessionTokenID: p.random.tokenID(),
		issued:         now,
		expires:        endOf(now, p.policy().SessionTokenExpiration.Std()),
		refreshExpires: s.expires,
		methods:        s.methods,
		claims:         s.claims,
		nested:         s.nested,
		tenant:         s.current(),
	}
}

// sessionOf finds the session of a refresh JWT whose signature was checked, and
// counts as activity.
func (p *project) sessionOf(now time.Time, t refreshToken) (*session, error) {
	s, ok := p.sessions[t.SessionID]
	switch {
	case now.Unix() >= t.Expiry:
		return nil, refuse(descope.BadRefreshJWT, "") // expired, whatever else is true of it
	case !ok:
		// It was signed here and has not expired: the session was closed.
		return nil, refuse(descope.LoggedOut, "")
	case s.refreshID != t.ID && s.replacement(t.ID) == nil:
		// It was replaced. Whoever uses it, or whoever has its successor, is not the
		// user, and nobody can tell which: the session ends for both.
		p.dropSession(s)
		return nil, refuse(descope.BadRefreshJWT, "")
	case s.user.info.Status == descope.StatusDisabled:
		return nil, refuse(descope.UserDisabled, "")
	case p.displaced(s):
		return nil, refuse(descope.BadRefreshJWT, "Invalid refresh"+leftTenant)
	case p.policy().EnableInactivity && !now.Before(s.used.Add(p.policy().InactivityTime.Std())):
		return nil, refuse(descope.BadRefreshJWT, "Expired refresh token: the session was inactive for too long")
	}
	s.used = now
	return s, nil
}

// closeSessions ends the user's sessions of some types, or all of them if there is none.
func (p *project) closeSessions(u *user, types []string) {
	for _, s := range slices.Clone(u.sessions) { // dropping moves what is left
		if s.oneOf(types) {
			p.dropSession(s)
		}
	}
}

func (p *project) dropSession(s *session) {
	p.expiry.cancel(&s.deadline)
	delete(p.sessions, s.id)
	p.forgetIssued(s)
	p.forgetReplaced(s)
	s.user.sessions.drop(s)
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

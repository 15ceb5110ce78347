package emulator_test

import (
	"slices"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

// model is what the emulator has to know of users, links, codes and sessions, written
// down once more in the plainest way: lists that are walked, nothing that expires by
// itself, no locks. Its methods give the error code that the emulator must answer, empty
// for a success. Everything goes by SMS.
type model struct {
	now      time.Time
	otpLife  time.Duration
	linkLife time.Duration
	attempts int
	rotation bool
	sessLife time.Duration
	apart    bool // tenants are isolated

	users    []*mUser // those that exist or are pending
	links    []*mLink
	codes    []*mCode
	sessions []*mSession
}

type mUser struct {
	id       string
	logins   []string
	tenants  []string
	phone    string
	verified bool
	pending  bool
	seen     bool
	gone     bool
}

// mIntent is what a link or a code is for.
type mIntent struct {
	user     *mUser
	newcomer bool
	update   bool
	contact  string
	tenant   string
	options  descope.UpdateOptions
}

type mLink struct {
	mIntent
	token string
	ends  time.Time
	used  bool
}

type mCode struct {
	mIntent
	digits string
	ends   time.Time
	wrong  int
	used   bool // or replaced
}

type mSession struct {
	user   *mUser
	tenant string
	tokens []mToken // the refresh JWTs, the newest last
	closed bool
}

type mToken struct {
	jwt  string
	ends time.Time
}

// give is the session's next refresh JWT, which ends a lifetime from now.
func (m *model) give(s *mSession, jwt string) {
	s.tokens = append(s.tokens, mToken{jwt, m.now.Truncate(time.Second).Add(m.sessLife)})
}

func (m *model) verifiable(u *mUser) bool {
	return slices.ContainsFunc(m.links, func(l *mLink) bool { return l.user == u && m.alive(l) }) ||
		slices.ContainsFunc(m.codes, func(c *mCode) bool { return c.user == u && m.known(c) })
}

func (m *model) alive(l *mLink) bool { return !l.used && !l.user.gone && m.now.Before(l.ends) }

// known tells whether the emulator still knows of a code, expired or not.
func (m *model) known(c *mCode) bool {
	return !c.used && !c.user.gone && m.now.Before(c.ends.Add(max(10*time.Minute, m.otpLife)))
}

// aim is what a message to a login ID will be for.
func (m *model) aim(verb, login, tenant string) (mIntent, string) {
	known := m.named(login)
	u := m.of(known, tenant)
	nowhere := m.apart && tenant == ""
	switch {
	case verb == "signup" && nowhere, u == nil && nowhere && (verb != "signin" || len(known) > 0):
		return mIntent{}, descope.CodeInvalidRequest
	case verb == "signup" && u != nil:
		return mIntent{}, descope.CodeUserExists
	case verb == "signin" && u == nil:
		return mIntent{}, descope.CodeUserNotFound
	case u != nil && !m.admits(u, tenant):
		return mIntent{}, descope.CodeBadRequest
	case u != nil:
		if u.phone != "" {
			return mIntent{user: u, contact: u.phone, tenant: tenant}, ""
		}
		return mIntent{user: u, contact: login, tenant: tenant}, ""
	}
	if u = m.of(m.waitingFor(login), tenant); u == nil {
		u = &mUser{logins: []string{login}, pending: true}
		if m.apart {
			u.tenants = []string{tenant}
		}
		m.users = append(m.users, u)
	}
	return mIntent{user: u, newcomer: true, contact: login, tenant: tenant}, ""
}

// aimUpdate is what a message about a change of number will be for.
func (m *model) aimUpdate(jwt, login, phone string, o descope.UpdateOptions) (mIntent, string) {
	s, code := m.session(jwt)
	if code != "" {
		return mIntent{}, code
	}
	if !slices.Contains(s.user.logins, login) {
		return mIntent{}, descope.CodeInvalidArguments
	}
	other := m.rival(s.user, phone, s.user.tenants)
	if o.AddToLoginIDs && other != nil && (o.FailOnConflict || m.distinct(s.user, other)) {
		return mIntent{}, descope.CodeUpdateConflict
	}
	tenant := s.tenant
	if !s.user.in(tenant) {
		tenant = ""
	}
	return mIntent{user: s.user, update: true, contact: phone, tenant: tenant, options: o}, ""
}

func (m *model) addLink(in mIntent, token string) {
	m.links = append(m.links, &mLink{mIntent: in, token: token, ends: m.now.Add(m.linkLife)})
}

// addCode puts a code in the place of an earlier one for the same thing.
func (m *model) addCode(in mIntent, digits string) {
	for _, c := range m.codes {
		if c.user == in.user && c.update == in.update {
			c.used = true
		}
	}
	m.codes = append(m.codes, &mCode{mIntent: in, digits: digits, ends: m.now.Add(m.otpLife)})
}

// redeemLink gives the session that a token opens.
func (m *model) redeemLink(token string) (s *mSession, first bool, code string) {
	for _, l := range m.links {
		if l.token == token && m.alive(l) {
			if s, first, code = m.complete(l.mIntent, descope.CodeTokenExpired); code == "" {
				l.used = true
			}
			return s, first, code
		}
	}
	return nil, false, descope.CodeTokenExpired
}

// redeemCode gives the session that a code opens. A wrong one counts against every code
// that it could have hit.
func (m *model) redeemCode(login, tenant, digits string) (s *mSession, first bool, code string) {
	holders := m.holders(login, tenant)
	var of, live, open []*mCode
	for _, update := range []bool{false, true} {
		for _, c := range m.codes {
			if !slices.Contains(holders, c.user) || c.update != update || !m.known(c) {
				continue
			}
			of = append(of, c)
			if m.now.Before(c.ends) {
				live = append(live, c)
				if c.wrong < m.attempts {
					open = append(open, c)
				}
			}
		}
	}
	switch {
	case len(of) == 0:
		return nil, false, descope.CodeWrongOTP
	case len(live) == 0:
		return nil, false, descope.CodeOTPExpired
	case len(open) == 0:
		return nil, false, descope.CodeTooManyAttempts
	}
	for i, c := range open {
		if c.digits == digits {
			if slices.ContainsFunc(open[i:], func(o *mCode) bool { return o.digits == digits && o.user != c.user }) {
				return nil, false, descope.CodeInvalidRequest
			}
			if s, first, code = m.complete(c.mIntent, descope.CodeWrongOTP); code == "" {
				c.used = true
			}
			return s, first, code
		}
	}
	for _, c := range open {
		c.wrong++
	}
	return nil, false, descope.CodeWrongOTP
}

// complete does what a link or a code is for.
func (m *model) complete(in mIntent, void string) (*mSession, bool, string) {
	u := in.user
	switch {
	case !u.pending && !m.admits(u, in.tenant):
		return nil, false, descope.CodeBadRequest
	case in.update:
		var code string
		if u, code = m.change(u, in); code != "" {
			return nil, false, code
		}
	case u.pending:
		u.pending, u.phone, u.verified = false, in.contact, true
		if in.tenant != "" {
			u.tenants = []string{in.tenant}
		}
	case in.newcomer && (u.phone != in.contact || !u.verified):
		return nil, false, void
	}
	if u.phone == "" {
		u.phone = in.contact
	}
	if u.phone == in.contact {
		u.verified = true
	}
	first := !u.seen
	u.seen = true
	s := &mSession{user: u, tenant: in.tenant}
	if !u.in(s.tenant) {
		s.tenant = ""
	}
	m.sessions = append(m.sessions, s)
	return s, first, ""
}

// change gives a user the number that was proved, and who is left of two.
func (m *model) change(u *mUser, in mIntent) (*mUser, string) {
	if in.options.AddToLoginIDs {
		switch other := m.rival(u, in.contact, u.tenants); {
		case slices.Contains(u.logins, in.contact):
		case other == nil:
			m.forget(in.contact, u.tenants)
			u.logins = append(u.logins, in.contact)
		case in.options.FailOnConflict, m.distinct(u, other):
			return nil, descope.CodeUpdateConflict
		case in.options.OnMergeUseExisting:
			u = m.merge(other, u)
		default:
			u = m.merge(u, other)
		}
	}
	u.phone, u.verified = in.contact, true
	return u, ""
}

func (m *model) merge(stays, goes *mUser) *mUser {
	m.remove(goes)
	stays.logins = append(stays.logins, goes.logins...)
	if stays.phone == "" {
		stays.phone, stays.verified = goes.phone, goes.verified
	}
	return stays
}

func (m *model) remove(u *mUser) {
	u.gone = true
	for _, s := range m.sessions {
		s.closed = s.closed || s.user == u
	}
}

// session is the open session of a refresh JWT.
func (m *model) session(jwt string) (*mSession, string) {
	for _, s := range m.sessions {
		for i, token := range s.tokens {
			switch {
			case token.jwt != jwt:
				continue
			case !m.now.Before(token.ends):
				return nil, descope.CodeInvalidArguments
			case s.closed:
				return nil, descope.CodeLoggedOut
			case i < len(s.tokens)-1: // another took its place: the session ends for both
				s.closed = true
				return nil, descope.CodeInvalidArguments
			case m.apart && !s.user.in(s.tenant):
				return nil, descope.CodeInvalidArguments
			}
			return s, ""
		}
	}
	return nil, descope.CodeInvalidArguments
}

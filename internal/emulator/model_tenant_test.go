package emulator_test

import (
	"slices"
	"strings"

	"github.com/authbench/authbench/internal/descope"
)

// in tells whether a tenant is one of the user's; the empty one is that of users of none.
func (u *mUser) in(tenant string) bool {
	return tenant == "" && len(u.tenants) == 0 || slices.Contains(u.tenants, tenant)
}

// dct is the tenant that a session of the user says it is for.
func (s *mSession) dct() string {
	switch {
	case s.tenant != "" && s.user.in(s.tenant):
		return s.tenant
	case len(s.user.tenants) == 1:
		return s.user.tenants[0]
	}
	return ""
}

// meet tells whether users of these tenants can not both have one login ID.
func (m *model) meet(a, b []string) bool {
	return !m.apart || len(a)+len(b) == 0 || slices.ContainsFunc(a, func(t string) bool { return slices.Contains(b, t) })
}

// distinct tells whether tenants keep two users from becoming one.
func (m *model) distinct(a, b *mUser) bool {
	mine, theirs := slices.Sorted(slices.Values(a.tenants)), slices.Sorted(slices.Values(b.tenants))
	return m.apart && !slices.Equal(mine, theirs)
}

// admits tells whether a user may have a session for a tenant.
func (m *model) admits(u *mUser, tenant string) bool {
	return !m.apart && tenant == "" || u.in(tenant)
}

// named is every user with a login ID, pending ones left out.
func (m *model) named(login string) []*mUser {
	return m.those(func(u *mUser) bool { return !u.pending && slices.Contains(u.logins, login) })
}

// waitingFor is every pending sign-up of a login ID. One that nothing can verify any more
// is none.
func (m *model) waitingFor(login string) []*mUser {
	return m.those(func(u *mUser) bool { return u.pending && u.logins[0] == login && m.verifiable(u) })
}

func (m *model) those(keep func(*mUser) bool) []*mUser {
	var out []*mUser
	for _, u := range m.users {
		if !u.gone && keep(u) {
			out = append(out, u)
		}
	}
	return out
}

// of is the one of users of a login ID whom a tenant tells from the others. Without
// isolation there is one at most.
func (m *model) of(users []*mUser, tenant string) *mUser {
	for _, u := range users {
		if !m.apart || u.in(tenant) {
			return u
		}
	}
	return nil
}

// holders is whose code it can be.
func (m *model) holders(login, tenant string) []*mUser {
	if m.apart && tenant == "" {
		return append(m.named(login), m.waitingFor(login)...)
	}
	for _, users := range [][]*mUser{m.named(login), m.waitingFor(login)} {
		if u := m.of(users, tenant); u != nil {
			return []*mUser{u}
		}
	}
	return nil
}

// rival is another user with a login ID that users of the tenants can not have as well.
func (m *model) rival(u *mUser, login string, tenants []string) *mUser {
	for _, other := range m.named(login) {
		if other != u && m.meet(tenants, other.tenants) {
			return other
		}
	}
	return nil
}

// forget voids the sign-ups of a login ID that has gone to a user of the tenants.
func (m *model) forget(login string, tenants []string) {
	for _, w := range m.waitingFor(login) {
		if m.meet(tenants, w.tenants) {
			m.remove(w)
		}
	}
}

// move gives a user other tenants.
func (m *model) move(u *mUser, tenants []string) string {
	for _, login := range u.logins {
		if m.rival(u, login, tenants) != nil {
			return descope.CodeUserExists
		}
	}
	for _, login := range u.logins {
		m.forget(login, tenants)
	}
	u.tenants = tenants
	return ""
}

// directory is every login ID that has a user, in each tenant where tenants are apart,
// with that user's number and tenants.
func (m *model) directory() map[string]string {
	out := map[string]string{}
	for _, u := range m.those(func(u *mUser) bool { return !u.pending }) {
		for _, login := range u.logins {
			for _, place := range m.places(login, u.tenants) {
				out[place] = description(u.phone, u.tenants)
			}
		}
	}
	return out
}

func description(phone string, tenants []string) string {
	return phone + " " + strings.Join(slices.Sorted(slices.Values(tenants)), ",")
}

// places is where no other user may have the login ID.
func (m *model) places(login string, tenants []string) []string {
	if !m.apart {
		return []string{login}
	}
	if len(tenants) == 0 {
		return []string{login + " of none"}
	}
	var out []string
	for _, t := range tenants {
		out = append(out, login+" of "+t)
	}
	return out
}

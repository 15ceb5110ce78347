package emulator

import (
	"slices"
	"strings"

	"github.com/authbench/authbench/internal/descope"
)

// Where tenants are isolated, a login ID is a user of its own in each tenant, and one
// more among the users of no tenant. A user of several tenants has it in all of them.

// membership is that of a user without roles. A copy of the ID, or the user would keep
// the body that it came in.
func membership(tenant string) descope.UserTenant {
	return descope.UserTenant{TenantID: strings.Clone(tenant), RoleNames: []string{}, Permissions: []string{}}
}

// among tells whether a tenant is one of a user's. The empty one is that of users of none.
func among(tenants []descope.UserTenant, id string) bool {
	if id == "" {
		return len(tenants) == 0
	}
	return slices.ContainsFunc(tenants, func(t descope.UserTenant) bool { return t.TenantID == id })
}

func (u *user) belongs(tenant string) bool { return among(u.info.UserTenants, tenant) }

// lookup is the user whom a login ID and the tenant of a request name, or nil. Without
// isolation the login ID names them alone.
func (p *project) lookup(index *loginIndex, login, tenant string) *user {
	if !p.policy().TenantUserIsolation {
		return index.oldest[login]
	}
	for u := range index.of(login) {
		if u.belongs(tenant) {
			return u
		}
	}
	return nil
}

// unscoped tells that a login ID can not be carried on with because the request names no
// tenant: it would sign up, or it is that of users of tenants alone.
func (p *project) unscoped(login, tenant string, why purpose) bool {
	return p.policy().TenantUserIsolation && tenant == "" && (why != signIn || p.users.find(login) != nil)
}

// meet tells whether users of these tenants can not both have one login ID.
func (p *project) meet(a, b []descope.UserTenant) bool {
	if !p.policy().TenantUserIsolation || len(a)+len(b) == 0 {
		return true
	}
	return slices.ContainsFunc(a, func(t descope.UserTenant) bool { return among(b, t.TenantID) })
}

// rival is another user than u, who may be nil, with a login ID that users of these
// tenants can not have beside them; or nil.
func (p *project) rival(u *user, login string, tenants []descope.UserTenant) *user {
	if !p.policy().TenantUserIsolation {
		if other := p.users.find(login); other != u {
			return other
		}
		return nil
	}
	for other := range p.users.named(login) {
		if other != u && p.meet(tenants, other.info.UserTenants) {
			return other
		}
	}
	return nil
}

// owner is who has a login ID as far as its tenants are those of the user: the user, a
// rival, or nobody.
func (p *project) owner(u *user, login string) *user {
	if u.has(login) {
		return u
	}
	return p.rival(u, login, u.info.UserTenants)
}

// apart tells whether tenants keep two users from becoming one. Only where both have the
// very same tenants does neither gain a login ID in a tenant where it may be another's.
func (p *project) apart(a, b *user) bool {
	mine := a.info.UserTenants
	return p.policy().TenantUserIsolation && (len(mine) != len(b.info.UserTenants) ||
		slices.ContainsFunc(mine, func(t descope.UserTenant) bool { return !b.belongs(t.TenantID) }))
}

// checkTenant refuses to sign a user in to a tenant that is not theirs and, where tenants
// are isolated, a user of tenants to none.
func (p *project) checkTenant(u *user, tenant string) error {
	if tenant == "" && !p.policy().TenantUserIsolation || u.belongs(tenant) {
		return nil
	}
	return refuse(descope.BadRequest, "The tenant is unknown")
}

// displaced tells that a session is of no use, because tenants are isolated and its user
// has left its tenant, or came to one with a session for none.
func (p *project) displaced(s *session) bool {
	return p.policy().TenantUserIsolation && !s.user.belongs(s.tenant)
}

const leftTenant = " token: the user has left the tenant of the session"

// current is the tenant that the session is for, unless the user has left it.
func (s *session) current() string {
	if s.user.belongs(s.tenant) {
		return s.tenant
	}
	return ""
}

// onlyTenant is the tenant of a sign-in that the management asks for: the one it names,
// else, where tenants are isolated, the only one of the user.
func (p *project) onlyTenant(u *user, named string) (string, error) {
	tenants := u.info.UserTenants
	switch {
	case named != "" || !p.policy().TenantUserIsolation || len(tenants) == 0:
		return named, nil
	case len(tenants) == 1:
		return tenants[0].TenantID, nil
	}
	return "", required("tenantId")
}

// checkTenants wants IDs that are all different.
func checkTenants(tenants []descope.UserTenant) error {
	for i, t := range tenants {
		if t.TenantID == "" || len(t.TenantID) > maxText || among(tenants[:i], t.TenantID) {
			return invalid("userTenants", "has a tenantId that is empty, too long or there twice")
		}
	}
	return nil
}

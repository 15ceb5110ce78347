package emulator

import (
	"slices"

	"github.com/authbench/authbench/internal/descope"
)

// signInTenant checks the tenant that a sign-in names. Where tenants are isolated,
// a user who belongs to some signs in to one of them, and to nothing else.
func (p *project) signInTenant(u *user, tenant string) error {
	if p.policy.TenantUserIsolation && tenant == "" && u != nil && len(u.info.UserTenants) > 0 {
		return required("tenantId")
	}
	return checkTenant(u, tenant)
}

// apart tells whether tenants keep two users from becoming one.
func (p *project) apart(a, b *user) bool {
	if !p.policy.TenantUserIsolation || len(a.info.UserTenants)+len(b.info.UserTenants) == 0 {
		return false
	}
	return !slices.ContainsFunc(a.info.UserTenants, func(t descope.UserTenant) bool { return b.belongs(t.TenantID) })
}

func (u *user) belongs(tenant string) bool {
	return slices.ContainsFunc(u.info.UserTenants, func(t descope.UserTenant) bool { return t.TenantID == tenant })
}

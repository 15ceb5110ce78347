package policy

// loginPlace is where a login ID is one user's: the project, or where tenants are isolated
// one of them, or none.
type loginPlace struct{ login, tenant string }

// place gives a user its login ID, and the key of another user who has it already in
// place of it.
func (p *Project) place(logins map[loginPlace]string, login string, u *User) (other string, taken bool) {
	tenants := []string{""}
	if p.TenantUserIsolation && len(u.Tenants) > 0 {
		tenants = u.Tenants
	}
	for _, tenant := range tenants {
		at := loginPlace{login, tenant}
		if key, ok := logins[at]; ok && key != u.Key {
			other, taken = key, true
		}
		logins[at] = u.Key
	}
	return other, taken
}

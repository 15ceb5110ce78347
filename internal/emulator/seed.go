package emulator

import (
	"fmt"
	"time"

	"github.com/authbench/authbench/internal/contact"
	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// populate makes the users that a policy begins with. Nobody else knows of them yet.
func (h *holdings) populate(now time.Time, users []policy.User, rules *testRules) error {
	for i := range users {
		seed := &users[i]
		login, err := checkLogin(seed.Login())
		if err != nil {
			return fmt.Errorf("user %s: %w", seed.Key, err)
		}
		u := h.users.fresh(h.random.userID())
		u.info.LoginIDs = []string{login}
		fillSeed(&u.info, seed)
		u.info.CreatedTime = unix32(now)
		u.info.Test = rules.names(login)
		h.users.add(u)
	}
	return nil
}

func fillSeed(info *descope.User, seed *policy.User) {
	info.Phone, _ = contact.Phone(seed.Phone) // both were checked with the policy
	info.Email, _ = contact.Email(seed.Email)
	if seed.Phone == "" {
		info.Phone = ""
	}
	if seed.Email == "" {
		info.Email = ""
	}
	info.VerifiedPhone, info.VerifiedEmail = seed.VerifiedPhone, seed.VerifiedEmail
	info.Name = seed.Name
	info.Status = seed.Status
	if info.Status == "" {
		info.Status = descope.StatusEnabled
	}
	info.RoleNames = append(info.RoleNames, seed.Roles...)
	for _, id := range seed.Tenants {
		info.UserTenants = append(info.UserTenants, membership(id))
	}
}

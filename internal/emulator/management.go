package emulator

import (
	"cmp"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

func (c *call) license() (any, error) {
	return descope.LicenseResponse{RateLimitTier: c.project.policy().RateLimitTier}, nil
}

// findUser is the user of a management call, by user ID or by login ID, which
// may hold a user ID as well.
func (p *project) findUser(userID, login string) (*user, error) {
	if userID == "" && login == "" {
		return nil, required("loginId")
	}
	if u, ok := p.users.byID[userID]; ok {
		return u, nil
	}
	if userID == "" {
		if u := p.users.find(login); u != nil {
			if p.users.several(login) {
				return nil, refuse(descope.InvalidArgument, "Users of several tenants have the login ID: name the user by its ID")
			}
			return u, nil
		}
		if u, ok := p.users.byID[login]; ok {
			return u, nil
		}
	}
	return nil, refuse(descope.MgmtUserNotFound, "")
}

// findIn is the user of a management call that may say which of several has the login ID.
func (p *project) findIn(login, tenant string) (*user, error) {
	if tenant != "" {
		if u := p.lookup(&p.users.byLogin, login, tenant); u != nil {
			return u, nil
		}
	}
	return p.findUser("", login)
}

func (c *call) loadUser() (any, error) {
	query := c.request.URL.Query()
	var out descope.UserResponse
	return &out, c.project.locked(func(time.Time) error {
		u, err := c.project.findUser(query.Get("userId"), cmp.Or(query.Get("loginId"), query.Get("identifier")))
		if err != nil {
			return err
		}
		out.User = u.snapshot()
		return nil
	})
}

func (c *call) removeUser() (any, error) {
	return c.withUser(func(now time.Time, u *user, _ []string) {
		c.managed(now, descope.ActionUserDeleted, &u.info)
		c.project.deleteUser(u)
	})
}

func (c *call) logoutUser() (any, error) {
	return c.withUser(func(_ time.Time, u *user, types []string) {
		c.project.closeSessions(u, types)
		c.project.logoutEnds(u)
	})
}

func (c *call) withUser(do func(now time.Time, u *user, types []string)) (any, error) {
	var in descope.UserRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	types, err := sessionTypes("sessionTypes", in.SessionTypes)
	if err != nil {
		return nil, err
	}
	return struct{}{}, c.project.locked(func(now time.Time) error {
		u, err := c.project.findUser(in.UserID, in.Login())
		if err != nil {
			return err
		}
		do(now, u, types)
		return nil
	})
}

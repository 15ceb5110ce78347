package emulator

import (
	"time"

	"github.com/authbench/authbench/internal/descope"
)

func (c *call) license() (any, error) {
	return descope.LicenseResponse{RateLimitTier: "tier4"}, nil
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
			return u, nil
		}
		if u, ok := p.users.byID[login]; ok {
			return u, nil
		}
	}
	return nil, refuse(descope.MgmtUserNotFound, "")
}

func (c *call) loadUser() (any, error) {
	query := c.request.URL.Query()
	var out descope.UserResponse
	return &out, c.project.locked(func(time.Time) error {
		u, err := c.project.findUser(query.Get("userId"), query.Get("loginId"))
		if err != nil {
			return err
		}
		out.User = u.snapshot()
		return nil
	})
}

func (c *call) removeUser() (any, error) {
	return c.withUser(func(u *user) { c.project.deleteUser(u) })
}

func (c *call) logoutUser() (any, error) {
	return c.withUser(func(u *user) { c.project.closeSessions(u) })
}

func (c *call) withUser(do func(*user)) (any, error) {
	var in descope.UserRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if len(in.SessionTypes) > 0 {
		return nil, refuse(descope.NotEmulated, "sessionTypes is not emulated")
	}
	return struct{}{}, c.project.locked(func(time.Time) error {
		u, err := c.project.findUser(in.UserID, in.Login())
		if err != nil {
			return err
		}
		do(u)
		return nil
	})
}

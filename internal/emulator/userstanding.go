package emulator

import (
	"time"

	"github.com/authbench/authbench/internal/descope"
)

// setLoginID puts another login ID in place of one; an empty one takes it away.
func (c *call) setLoginID() (any, error) {
	var in descope.UpdateLoginIDRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	old, err := checkLogin(in.Login())
	if err != nil {
		return nil, err
	}
	login := ""
	if in.NewLoginID != "" {
		if login, err = checkLogin(in.NewLoginID); err != nil {
			return nil, invalid("newLoginId", "is too long or holds control characters")
		}
	}
	var out descope.UserResponse
	return &out, c.project.locked(func(now time.Time) error {
		u, err := c.project.findUser("", old)
		if err != nil {
			return err
		}
		if !u.has(old) { // it is a user ID
			return refuse(descope.MgmtUserNotFound, "")
		}
		other := c.project.owner(u, login)
		switch {
		case login == "" && len(u.info.LoginIDs) == 1:
			return refuse(descope.InvalidArgument, onlyLoginID)
		case other != nil && other != u:
			return refuse(descope.MgmtUserExists, "")
		case login != "" && other == nil:
			c.project.dropPending(login, u.info.UserTenants)
			c.project.users.addLogin(u, login)
		}
		if login != old {
			c.project.users.dropLogin(u, old)
		}
		u.info.ModifiedTime = unix32(now)
		c.managed(now, descope.ActionUserModified, &u.info)
		out.User = u.snapshot()
		return nil
	})
}

// setStatus enables or disables a user. A disabled one is refused at every step, and
// has its sessions back when it is enabled again.
func (c *call) setStatus() (any, error) {
	var in descope.UpdateUserStatusRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Status == "" {
		return nil, required("status")
	}
	if err := checkStatus(in.Status); err != nil {
		return nil, err
	}
	var out descope.UserResponse
	return &out, c.project.locked(func(now time.Time) error {
		u, err := c.project.findUser("", in.Login())
		if err != nil {
			return err
		}
		u.info.Status = in.Status
		u.info.ModifiedTime = unix32(now)
		c.managed(now, descope.ActionUserModified, &u.info)
		out.User = u.snapshot()
		return nil
	})
}

func checkStatus(status string) error {
	switch status {
	case descope.StatusEnabled, descope.StatusDisabled, descope.StatusInvited:
		return nil
	}
	return invalid("status", "is not enabled, disabled or invited")
}

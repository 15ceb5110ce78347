package emulator

import (
	"time"

	"github.com/authbench/authbench/internal/descope"
)

func (c *call) setPhone() (any, error) {
	var in descope.UpdateUserPhoneRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	return c.setAddress(descope.MethodSMS, in.Login(), in.Phone, in.Verified, in.FailOnConflict)
}

func (c *call) setEmail() (any, error) {
	var in descope.UpdateUserEmailRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	return c.setAddress(descope.MethodEmail, in.Login(), in.Email, in.Verified, in.FailOnConflict)
}

// setAddress sets a phone or an email without a message; an empty one clears it, and so
// does null or none at all, which the API does not tell from empty. Another user who has
// the value as a login ID is merged into this one, unless the request says to fail. What
// else becomes of login IDs depends on whether the management vouches for the address:
//
//   - verified: an address that was a login ID stays one under its new value;
//   - not verified: nobody logs in with the address before it is verified, and the
//     earlier login IDs go on working.
func (c *call) setAddress(channel descope.Method, login string, sent *string, vouched, fail bool) (any, error) {
	value := ""
	if sent != nil && *sent != "" {
		var err error
		if value, err = checkContact(channel, *sent); err != nil {
			return nil, err
		}
	}
	var out descope.UserResponse
	return &out, c.project.locked(func(now time.Time) error {
		u, err := c.project.findUser("", login)
		if err != nil {
			return err
		}
		other := c.project.rival(u, value, u.info.UserTenants)
		if other != nil && (fail || c.project.apart(u, other)) {
			return refuse(descope.MgmtConflict, "")
		}
		address, verified, barred := u.address(channel)
		if err := c.project.moveAddress(u, other, *address, value, vouched); err != nil {
			return err
		}
		if other != nil {
			c.managed(now, descope.ActionUserDeleted, &other.info)
		}
		*address, *verified = value, value != "" && vouched
		*barred = value != "" && !vouched
		u.info.ModifiedTime = unix32(now)
		c.managed(now, descope.ActionUserModified, &u.info)
		out.User = u.snapshot()
		return nil
	})
}

// moveAddress makes the login IDs of the user fit the new value of an address, which
// another user may have as a login ID: nil if nobody has.
func (p *project) moveAddress(u, other *user, old, value string, vouched bool) error {
	wasLogin := old != "" && old != value && u.has(old)
	switch {
	case value == "":
		if wasLogin && len(u.info.LoginIDs) == 1 {
			return refuse(descope.InvalidArgument, onlyLoginID)
		}
	case other != nil:
		p.merge(u, other)
	case wasLogin && vouched && !u.has(value):
		p.dropPending(value, u.info.UserTenants)
		p.users.addLogin(u, value)
	}
	if wasLogin && (vouched || value == "") {
		p.users.dropLogin(u, old)
	}
	return nil
}

const onlyLoginID = "The only login ID of a user can not be removed"

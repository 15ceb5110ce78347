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

// setPhone sets a phone without a message; an empty one clears it. What becomes
// of login IDs depends on whether the management vouches for the number:
//
//   - verified: a phone that was a login ID stays one under its new number, and
//     another user who has the number as a login ID is merged into this one,
//     unless the request says to fail;
//   - not verified: nobody logs in with the number before it is verified. No
//     login ID changes and nobody is merged; the earlier login IDs go on working.
func (c *call) setPhone() (any, error) {
	var in descope.UpdateUserPhoneRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Phone == nil {
		return nil, required("phone")
	}
	phone := *in.Phone
	if phone != "" {
		var err error
		if phone, err = checkContact(descope.MethodSMS, phone); err != nil {
			return nil, err
		}
	}
	var out descope.UserResponse
	return &out, c.project.locked(func(time.Time) error {
		u, err := c.project.findUser("", in.Login())
		if err != nil {
			return err
		}
		other := c.project.users.find(phone)
		if other != nil && other != u && in.FailOnConflict {
			return refuse(descope.MgmtConflict, "")
		}
		if phone == "" || in.Verified {
			if err := c.project.movePhone(u, other, phone); err != nil {
				return err
			}
		}
		u.info.Phone, u.info.VerifiedPhone = phone, phone != "" && in.Verified
		u.phoneBarred = phone != "" && !in.Verified
		out.User = u.snapshot()
		return nil
	})
}

// movePhone makes the login IDs of the user fit the phone, which other may have
// as a login ID.
func (p *project) movePhone(u, other *user, phone string) error {
	wasLogin := u.info.Phone != "" && u.info.Phone != phone && u.has(u.info.Phone)
	switch {
	case phone == "":
		if wasLogin && len(u.info.LoginIDs) == 1 {
			return refuse(descope.InvalidArgument, "The only login ID of a user can not be removed")
		}
	case other != nil && other != u:
		p.merge(u, other)
	case wasLogin && other == nil:
		p.dropPending(phone)
		p.users.addLogin(u, phone)
	}
	if wasLogin {
		p.users.dropLogin(u, u.info.Phone)
	}
	return nil
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

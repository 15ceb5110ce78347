package emulator

import (
	"slices"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

func (c *call) createUser() (any, error)     { return c.create(false) }
func (c *call) createTestUser() (any, error) { return c.create(true) }

// create makes a user. Creating a test user that exists answers with it.
func (c *call) create(test bool) (any, error) {
	var in descope.CreateUserRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	test = test || in.Test
	logins, err := createdLogins(in)
	if err != nil {
		return nil, err
	}
	info, err := createdInfo(in)
	if err != nil {
		return nil, err
	}
	info.Test = test
	info.LoginIDs = logins

	var out descope.UserResponse
	return &out, c.project.locked(func(now time.Time) error {
		for _, login := range logins {
			other := c.project.users.find(login)
			if other == nil {
				continue
			}
			if test && other.info.Test && login == logins[0] {
				created := false
				out = descope.UserResponse{User: other.snapshot(), Created: &created}
				return nil
			}
			return refuse(descope.MgmtUserExists, "")
		}
		for _, login := range logins {
			c.project.dropPending(login)
		}
		u := c.project.users.fresh(c.project.random.userID())
		info.UserID = u.info.UserID
		info.CreatedTime = unix32(now)
		u.info = info
		c.project.users.add(u)
		created := true
		out = descope.UserResponse{User: u.snapshot(), Created: &created}
		return nil
	})
}

func createdLogins(in descope.CreateUserRequest) ([]string, error) {
	if len(in.MoreLoginIDs()) > maxListItems {
		return nil, invalid("additionalIdentifiers", "has too many entries")
	}
	var logins []string
	for _, l := range append([]string{in.Login()}, in.MoreLoginIDs()...) {
		login, err := checkLogin(l)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(logins, login) {
			logins = append(logins, login)
		}
	}
	return logins, nil
}

// createdInfo is the user of the request. A flag that was not sent means that
// the address is not verified.
func createdInfo(in descope.CreateUserRequest) (descope.User, error) {
	info := blankInfo()
	if in.Invite || in.InviteURL != "" {
		return info, refuse(descope.NotEmulated, "invite is not emulated")
	}
	if in.Password != "" || len(in.HashedPassword) > 0 {
		return info, refuse(descope.NotEmulated, "passwords are not emulated")
	}
	profile, err := checkProfile(&descope.SignUpUser{
		Name: in.FullName(), GivenName: in.GivenName, MiddleName: in.MiddleName, FamilyName: in.FamilyName,
		Phone: in.Phone, Email: in.Email, RecoveryPhone: in.RecoveryPhone, RecoveryEmail: in.RecoveryEmail,
	})
	if err != nil {
		return info, err
	}
	if err := checkDocument("customAttributes", in.CustomAttributes); err != nil {
		return info, err
	}
	if err := checkTexts("picture", in.Picture); err != nil {
		return info, err
	}
	if max(len(in.RoleNames), len(in.UserTenants), len(in.SSOApps())) > maxListItems {
		return info, invalid("user", "has a list with too many entries")
	}
	info.Name, info.GivenName = profile.Name, profile.GivenName
	info.MiddleName, info.FamilyName = profile.MiddleName, profile.FamilyName
	info.Phone, info.Email = profile.Phone, profile.Email
	info.RecoveryPhone, info.RecoveryEmail = profile.RecoveryPhone, profile.RecoveryEmail
	info.VerifiedPhone = info.Phone != "" && in.VerifiedPhone != nil && *in.VerifiedPhone
	info.VerifiedEmail = info.Email != "" && in.VerifiedEmail != nil && *in.VerifiedEmail
	info.Picture = in.Picture
	info.RoleNames = append(info.RoleNames, in.RoleNames...)
	info.UserTenants = append(info.UserTenants, in.UserTenants...)
	info.SSOAppIDs = append(info.SSOAppIDs, in.SSOApps()...)
	if in.CustomAttributes != nil {
		info.CustomAttributes = in.CustomAttributes
	}
	switch in.Status {
	case "":
		info.Status = descope.StatusInvited
	case descope.StatusEnabled, descope.StatusDisabled, descope.StatusInvited:
		info.Status = in.Status
	default:
		return info, invalid("status", "is not enabled, disabled or invited")
	}
	return info, nil
}

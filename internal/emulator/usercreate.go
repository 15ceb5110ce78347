package emulator

import (
	"slices"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

func (c *call) createUser() (any, error)     { return c.createOne(false) }
func (c *call) createTestUser() (any, error) { return c.createOne(true) }

func (c *call) createOne(test bool) (any, error) {
	var in descope.CreateUserRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	made, err := checkCreation(in, test || in.Test)
	if err != nil {
		return nil, err
	}
	var out descope.UserResponse
	return &out, c.project.locked(func(now time.Time) error {
		var err error
		if out, err = c.project.create(now, made); err == nil && *out.Created {
			c.managed(now, descope.ActionUserCreated, &out.User)
		}
		return err
	})
}

// checkCreation is the user that a request asks for, without an ID.
func checkCreation(in descope.CreateUserRequest, test bool) (descope.User, error) {
	logins, err := createdLogins(in)
	if err != nil {
		return descope.User{}, err
	}
	info, err := createdInfo(in)
	info.LoginIDs, info.Test = logins, test
	return info, err
}

// create makes a user. Creating a test user that exists answers with it.
func (p *project) create(now time.Time, info descope.User) (descope.UserResponse, error) {
	for i, login := range info.LoginIDs {
		other := p.rival(nil, login, info.UserTenants)
		if other == nil {
			continue
		}
		if info.Test && other.info.Test && i == 0 {
			return descope.UserResponse{User: other.snapshot(), Created: new(false)}, nil
		}
		return descope.UserResponse{}, refuse(descope.MgmtUserExists, "")
	}
	info.Test = info.Test || slices.ContainsFunc(info.LoginIDs, p.testRules().names)
	if err := p.roomForTestUser(info.Test); err != nil {
		return descope.UserResponse{}, err
	}
	for _, login := range info.LoginIDs {
		p.dropPending(login, info.UserTenants)
	}
	u := p.users.fresh(p.random.userID())
	info.UserID = u.info.UserID
	info.CreatedTime = unix32(now)
	u.info = info
	p.users.add(u)
	return descope.UserResponse{User: u.snapshot(), Created: new(true)}, nil
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
	if err := checkLists(in.RoleNames, in.UserTenants, in.SSOApps()); err != nil {
		return info, err
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
	info.Status = descope.StatusInvited
	if in.Status != "" {
		info.Status = in.Status
		return info, checkStatus(in.Status)
	}
	return info, nil
}

func checkLists(roles []string, tenants []descope.UserTenant, apps []string) error {
	if max(len(roles), len(tenants), len(apps)) > maxListItems {
		return invalid("user", "has a list with too many entries")
	}
	return checkTenants(tenants)
}

package emulator

import (
	"maps"
	"slices"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

// updateUser overrides every attribute of a user: what the request leaves out is
// cleared. The status stays, and so do the login IDs if no list of them came along.
func (c *call) updateUser() (any, error) {
	var in descope.CreateUserRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	ch, err := checkChange(overriding(in))
	if err != nil {
		return nil, err
	}
	ch.dropAttributes = true
	return c.changeOne(ch)
}

// patchUser changes the attributes that the request holds.
func (c *call) patchUser() (any, error) {
	var in descope.PatchUserRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	ch, err := checkChange(in)
	if err != nil {
		return nil, err
	}
	return c.changeOne(ch)
}

func (c *call) changeOne(ch change) (any, error) {
	var out descope.UserResponse
	return &out, c.project.locked(func(now time.Time) error {
		u, err := c.project.change(now, ch)
		if err != nil {
			return err
		}
		c.managed(now, descope.ActionUserModified, &u.info)
		out.User = u.snapshot()
		return nil
	})
}

// overriding is the patch that an update comes to.
func overriding(in descope.CreateUserRequest) descope.PatchUserRequest {
	name := in.FullName()
	patch := descope.PatchUserRequest{
		Identity: in.Identity, Email: &in.Email, Phone: &in.Phone,
		VerifiedEmail: in.VerifiedEmail, VerifiedPhone: in.VerifiedPhone,
		Name: &name, GivenName: &in.GivenName, MiddleName: &in.MiddleName, FamilyName: &in.FamilyName,
		RoleNames: list(in.RoleNames), UserTenants: in.UserTenants, CustomAttributes: in.CustomAttributes,
		Picture: &in.Picture, SSOAppIDs: list(in.SSOApps()),
		RecoveryEmail: &in.RecoveryEmail, RecoveryPhone: &in.RecoveryPhone,
		AdditionalIdentifiers: in.AdditionalIdentifiers, AdditionalLoginIDs: in.AdditionalLoginIDs,
	}
	if patch.UserTenants == nil {
		patch.UserTenants = []descope.UserTenant{}
	}
	return patch
}

// change is a patch whose fields were checked.
type change struct {
	descope.PatchUserRequest
	login          string
	moreLogins     []string // nil leaves the login IDs alone
	dropAttributes bool     // custom attributes that are not named go
}

func checkChange(in descope.PatchUserRequest) (change, error) {
	ch := change{PatchUserRequest: in, login: in.Login()}
	if ch.login == "" {
		return ch, required("loginId")
	}
	addresses := []struct {
		field string
		value **string
		kind  descope.Method
	}{
		{"email", &ch.Email, descope.MethodEmail}, {"phone", &ch.Phone, descope.MethodSMS},
		{"recoveryEmail", &ch.RecoveryEmail, descope.MethodEmail}, {"recoveryPhone", &ch.RecoveryPhone, descope.MethodSMS},
	}
	for _, a := range addresses {
		if *a.value == nil || **a.value == "" {
			continue
		}
		normal, err := checkContact(a.kind, **a.value)
		if err != nil {
			return ch, err
		}
		*a.value = &normal
	}
	if ch.Name == nil {
		ch.Name = ch.DisplayName
	}
	for _, text := range []*string{ch.Name, ch.GivenName, ch.MiddleName, ch.FamilyName, ch.Picture} {
		if text != nil && len(*text) > maxText {
			return ch, invalid("user", "holds a text that is too long")
		}
	}
	if err := checkDocument("customAttributes", in.CustomAttributes); err != nil {
		return ch, err
	}
	if ch.SSOAppIDs == nil {
		ch.SSOAppIDs = in.SSOAppIDsAlias
	}
	if err := checkLists(ch.RoleNames, ch.UserTenants, ch.SSOAppIDs); err != nil {
		return ch, err
	}
	if in.Status != nil {
		if err := checkStatus(*in.Status); err != nil {
			return ch, err
		}
	}
	return ch, ch.checkLogins()
}

func (ch *change) checkLogins() error {
	sent := ch.AdditionalIdentifiers
	if sent == nil {
		sent = ch.AdditionalLoginIDs
	}
	if sent == nil {
		return nil
	}
	if len(sent) > maxListItems {
		return invalid("additionalIdentifiers", "has too many entries")
	}
	ch.moreLogins = []string{}
	for _, s := range sent {
		login, err := checkLogin(s)
		if err != nil {
			return err
		}
		ch.moreLogins = append(ch.moreLogins, login)
	}
	return nil
}

// change carries out a change, or with an error nothing of it.
func (p *project) change(now time.Time, ch change) (*user, error) {
	u, err := p.findUser("", ch.login)
	if err != nil {
		return nil, err
	}
	attributes := maps.Clone(u.info.CustomAttributes)
	if ch.dropAttributes {
		attributes = map[string]any{}
	}
	maps.Copy(attributes, ch.CustomAttributes)
	if err := checkDocument("customAttributes", attributes); err != nil {
		return nil, err
	}
	if ch.moreLogins != nil || ch.UserTenants != nil {
		if err := p.setLogins(u, ch); err != nil {
			return nil, err
		}
	}
	info := &u.info
	info.CustomAttributes = attributes
	u.setAttribute(descope.MethodEmail, ch.Email, ch.VerifiedEmail)
	u.setAttribute(descope.MethodSMS, ch.Phone, ch.VerifiedPhone)
	assign(&info.Name, ch.Name)
	assign(&info.GivenName, ch.GivenName)
	assign(&info.MiddleName, ch.MiddleName)
	assign(&info.FamilyName, ch.FamilyName)
	assign(&info.Picture, ch.Picture)
	u.setRecovery(descope.MethodEmail, ch.RecoveryEmail)
	u.setRecovery(descope.MethodSMS, ch.RecoveryPhone)
	assign(&info.Status, ch.Status)
	assign(&info.SCIM, ch.SCIM)
	if ch.RoleNames != nil {
		info.RoleNames = ch.RoleNames
	}
	if ch.UserTenants != nil {
		info.UserTenants = ch.UserTenants
	}
	if ch.SSOAppIDs != nil {
		info.SSOAppIDs = ch.SSOAppIDs
	}
	info.ModifiedTime = unix32(now)
	return u, nil
}

func assign[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}

// setAttribute sets an address as an attribute, which changes no login ID. A flag that
// was not sent means that an address is as verified as it was, and a new one is not.
func (u *user) setAttribute(channel descope.Method, value *string, flag *bool) {
	address, verified, barred := u.address(channel)
	was := *address
	assign(address, value)
	replaced := *address != was
	switch {
	case *address == "":
		*verified, *barred = false, false
	case flag != nil:
		*verified, *barred = *flag, !*flag
	case replaced:
		*verified, *barred = false, true
	}
}

// setLogins makes the login IDs those of the change, if it has any, behind the one that
// it names the user by. They must be free in the tenants that the user will have.
func (p *project) setLogins(u *user, ch change) error {
	wanted, tenants := u.info.LoginIDs, u.info.UserTenants
	if ch.moreLogins != nil {
		first := wanted[0]
		if login, err := checkLogin(ch.login); err == nil && u.has(login) {
			first = login
		}
		wanted = union([]string{first}, ch.moreLogins)
	}
	if ch.UserTenants != nil {
		tenants = ch.UserTenants
	}
	for _, login := range wanted {
		if p.rival(u, login, tenants) != nil {
			return refuse(descope.MgmtUserExists, "")
		}
	}
	for _, login := range wanted {
		p.dropPending(login, tenants)
		if !u.has(login) {
			p.users.addLogin(u, login)
		}
	}
	for _, login := range slices.Clone(u.info.LoginIDs) {
		if !slices.Contains(wanted, login) {
			p.users.dropLogin(u, login)
		}
	}
	return nil
}

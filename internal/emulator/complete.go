package emulator

import (
	"math"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

// complete carries out an intent that was proved. It either does all of it or,
// with an error, nothing. refused is the answer when the intent is void.
func (p *project) complete(now time.Time, in intent, refused descope.Condition) (grant, error) {
	u := in.user
	if u.info.Status == descope.StatusDisabled {
		return grant{}, refuse(descope.UserDisabled, "")
	}
	if p.opensSession(&in, false) {
		if err := p.roomFor(u, in); err != nil {
			return grant{}, err
		}
	}
	if err := p.roomForTestUser(u.pending && u.info.Test); err != nil {
		return grant{}, err
	}
	if !u.pending {
		if err := p.checkTenant(u, in.login.tenant); err != nil {
			return grant{}, err // the user left the tenant since, or signed up in another one
		}
	}
	if isUpdate(in.purpose) {
		return p.completeUpdate(now, in)
	}
	created := u.pending
	if created {
		p.activate(now, in)
	} else if in.newcomer && in.contact != "" && !u.owns(in.channel, in.contact) {
		// Somebody signed up with this login ID and another address, and was
		// verified first. The login ID is theirs.
		return grant{}, refuse(refused, "")
	}
	u.prove(&in)
	g := p.openSession(now, u, in)
	g.created = created
	return g, nil
}

// activate turns a verified sign-up into a user.
func (p *project) activate(now time.Time, in intent) {
	u := in.user
	p.users.remove(u)
	u.pending = false
	u.info.Status = descope.StatusEnabled
	u.info.CreatedTime = unix32(now)
	profile := in.told()
	u.info.Name = profile.Name
	u.info.GivenName = profile.GivenName
	u.info.MiddleName = profile.MiddleName
	u.info.FamilyName = profile.FamilyName
	u.info.RecoveryEmail = profile.RecoveryEmail
	u.info.RecoveryPhone = profile.RecoveryPhone
	if tenant := in.login.tenant; tenant != "" && !u.belongs(tenant) {
		u.info.UserTenants = []descope.UserTenant{membership(tenant)}
	}
	u.info.Email, u.info.Phone = profile.Email, profile.Phone
	u.info.VerifiedEmail = in.emailVerified && u.info.Email != ""
	u.info.VerifiedPhone = in.phoneVerified && u.info.Phone != ""
	if in.contact != "" { // the address that was proved beats the one that was told
		if in.channel == descope.MethodEmail {
			u.info.Email = in.contact
		} else {
			u.info.Phone = in.contact
		}
	}
	p.users.add(u)
}

// commitUpdate makes the proved address a login ID of the user, if that is wanted, and
// returns who is left: the user, or the one it was merged into; and who is gone, if they
// were two.
func (p *project) commitUpdate(in intent) (survivor, merged *user, err error) {
	survivor = in.user
	if in.update.addToLoginIDs {
		other := p.owner(survivor, in.contact)
		switch {
		case other == nil:
			p.dropPending(in.contact, survivor.info.UserTenants)
			p.users.addLogin(survivor, in.contact)
		case other == survivor:
		case in.update.failOnConflict, p.apart(survivor, other):
			return nil, nil, refuse(descope.UpdateConflict, "")
		case other.info.Status == descope.StatusDisabled:
			return nil, nil, refuse(descope.UserDisabled, "")
		case in.update.useExisting:
			if p.opensSession(&in, true) {
				if err := p.roomFor(other, in); err != nil {
					return nil, nil, err
				}
			}
			p.merge(other, survivor)
			survivor, merged = other, survivor
		default:
			p.merge(survivor, other)
			merged = other
		}
	}
	return survivor, merged, nil
}

// unix32 is a time in the 32 bits that the API has for it.
func unix32(t time.Time) int32 {
	return int32(min(max(t.Unix(), 0), math.MaxInt32))
}

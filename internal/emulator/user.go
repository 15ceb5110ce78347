package emulator

import (
	"slices"

	"github.com/authbench/authbench/internal/descope"
)

// user is a user, or a sign-up that nobody has verified yet (pending). It owns
// everything that must not outlive it.
type user struct {
	info    descope.User
	order   uint64 // of creation
	pending bool
	seen    bool // has signed in
	// phoneBarred says that the management set the phone and did not vouch for
	// it, so that it is no way to log in. A phone that came with the creation of
	// the user is one, verified or not.
	phoneBarred bool

	links    map[linkKey]*link
	codes    map[slot]*code
	sessions map[string]*session

	verifications verificationCounts
	// generated holds the tokens of a test user's links that were generated and
	// not sent since, by channel.
	generated map[descope.Method]string
}

// snapshot is the user as the API shows it, safe to use outside the lock: what its
// lists and maps hold is replaced and never changed.
func (u *user) snapshot() descope.User { return u.info }

func (u *user) has(login string) bool { return slices.Contains(u.info.LoginIDs, login) }

// owns tells whether the user has proved to read messages at the address.
func (u *user) owns(channel descope.Method, contact string) bool {
	if channel == descope.MethodEmail {
		return u.info.VerifiedEmail && u.info.Email == contact
	}
	return u.info.VerifiedPhone && u.info.Phone == contact
}

// contact is where messages of the channel go: the address of the user, else
// the login ID that was used, if it is one. A barred phone is no address.
func (u *user) contact(channel descope.Method, login string) (string, bool) {
	known := u.info.Email
	if channel != descope.MethodEmail {
		known = u.info.Phone
		if u.phoneBarred {
			known = ""
		}
	}
	if known != "" {
		return known, true
	}
	return normalContact(channel, login)
}

// barred tells whether the login ID is a phone that is no way to log in.
func (u *user) barred(login string) bool { return u.phoneBarred && u.info.Phone == login }

// confirm records that a message to the address was read. An address that
// the user has replaced since the message was sent stays replaced.
func (u *user) confirm(channel descope.Method, contact string) {
	address, verified := &u.info.Phone, &u.info.VerifiedPhone
	if channel == descope.MethodEmail {
		address, verified = &u.info.Email, &u.info.VerifiedEmail
	}
	if *address == "" {
		*address = contact
	}
	if *address == contact {
		*verified = true
		u.phoneBarred = u.phoneBarred && !u.info.VerifiedPhone
	}
}

// blankInfo has every list set, because the API never shows null.
func blankInfo() descope.User {
	return descope.User{
		LoginIDs:         []string{},
		RoleNames:        []string{},
		UserTenants:      []descope.UserTenant{},
		ExternalIDs:      []string{},
		CustomAttributes: map[string]any{},
		OAuth:            map[string]any{},
		SSOAppIDs:        []string{},
		Permissions:      []string{},
		Editable:         true,
	}
}

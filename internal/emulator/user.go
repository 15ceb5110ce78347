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
	// phoneBarred and emailBarred say that the management set the address and did
	// not vouch for it, so that it is no way to log in. An address that came with
	// the creation of the user is one, verified or not.
	phoneBarred, emailBarred bool

	links    owned[*link]
	codes    map[slot]*code
	sessions owned[*session]
	visits   []visit // the oldest first

	verifications verificationCounts
	// generated holds the tokens of a test user's links that sends use: the last one
	// that was generated for each slot.
	generated map[linkSlot]string
	awaited   map[refKey]*pendingSession // nil until there is one
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

// address is the place of what the user has for a channel.
func (u *user) address(channel descope.Method) (value *string, verified, barred *bool) {
	if channel == descope.MethodEmail {
		return &u.info.Email, &u.info.VerifiedEmail, &u.emailBarred
	}
	return &u.info.Phone, &u.info.VerifiedPhone, &u.phoneBarred
}

// contact is where messages of the channel go: the address of the user, else
// the login ID that was used, if it is one. A barred address is none.
func (u *user) contact(channel descope.Method, login string) (string, bool) {
	if known, _, barred := u.address(channel); *known != "" && !*barred {
		return *known, true
	}
	return normalContact(channel, login)
}

// barred refuses a login ID that is an address and no way to log in.
func (u *user) barred(login string) error {
	switch {
	case u.phoneBarred && u.info.Phone == login:
		return refuse(descope.UnverifiedPhone, "")
	case u.emailBarred && u.info.Email == login:
		return refuse(descope.UnverifiedEmail, "")
	}
	return nil
}

// confirm records that a message to the address was read. An address that
// the user has replaced since the message was sent stays replaced.
func (u *user) confirm(channel descope.Method, contact string) {
	address, verified, barred := u.address(channel)
	if *address == "" {
		*address = contact
	}
	if *address == contact {
		*verified, *barred = true, false
	}
}

// noDocument is shared, as nobody changes what a user shows.
var noDocument = map[string]any{}

// blankInfo has every list set, because the API never shows null.
func blankInfo() descope.User {
	return descope.User{
		LoginIDs:         []string{},
		RoleNames:        []string{},
		UserTenants:      []descope.UserTenant{},
		ExternalIDs:      []string{},
		CustomAttributes: noDocument,
		OAuth:            noDocument,
		SSOAppIDs:        []string{},
		Permissions:      []string{},
		Editable:         true,
	}
}

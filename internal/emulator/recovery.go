package emulator

import "github.com/authbench/authbench/internal/descope"

// recovery is the place of what the user has for a channel when the address of it is lost.
func (u *user) recovery(channel descope.Method) (value *string, verified *bool) {
	if channel == descope.MethodEmail {
		return &u.info.RecoveryEmail, &u.info.VerifiedRecoveryEmail
	}
	return &u.info.RecoveryPhone, &u.info.VerifiedRecoveryPhone
}

// destination is where the message of a sign-in goes.
func (u *user) destination(channel descope.Method, login string, useRecovery bool) (string, error) {
	if useRecovery {
		if address, _ := u.recovery(channel); *address != "" {
			return *address, nil
		}
		if channel == descope.MethodEmail {
			return "", invalid("recoveryEmail", "is not set for this user")
		}
		return "", invalid("recoveryPhone", "is not set for this user")
	}
	if contact, ok := u.contact(channel, login); ok {
		return contact, nil
	}
	if known, _, _ := u.address(channel); *known != "" {
		return "", u.barred(*known)
	}
	return "", invalid(contactField(channel), "is not set for this user")
}

// prove records that the message of an intent was read. An address that the user has
// replaced since stays as it is.
func (u *user) prove(in *intent) {
	switch address, verified := u.recovery(in.channel); {
	case in.contact == "":
	case !in.useRecovery:
		u.confirm(in.channel, in.contact)
	case *address == in.contact:
		*verified = true
	}
}

// setRecovery sets a recovery address. A new one is not verified.
func (u *user) setRecovery(channel descope.Method, value *string) {
	address, verified := u.recovery(channel)
	if value != nil && *value != *address {
		*address, *verified = *value, false
	}
}

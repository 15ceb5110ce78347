package emulator

import (
	"github.com/authbench/authbench/internal/contact"
	"github.com/authbench/authbench/internal/descope"
)

const maxLoginID = 1024 // bytes

// normalContact is the form of an address for the channel.
func normalContact(m descope.Method, s string) (string, bool) {
	if m == descope.MethodEmail {
		return contact.Email(s)
	}
	return contact.Phone(s)
}

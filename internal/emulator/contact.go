package emulator

import (
	"strings"
	"unicode/utf8"

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

// maskPhone keeps the last digits only: four of a long number, two of a short.
func maskPhone(phone string) string {
	keep := 4
	if len(phone) < 11 {
		keep = 2
	}
	if len(phone) <= keep {
		return strings.Repeat("*", 8)
	}
	return strings.Repeat("*", len(phone)-keep) + phone[len(phone)-keep:]
}

// maskEmail keeps the first letter and the domain.
func maskEmail(email string) string {
	at := strings.LastIndexByte(email, '@')
	if at < 1 {
		return "****"
	}
	first, _ := utf8.DecodeRuneInString(email)
	return string(first) + "****" + email[at:]
}

// masked is the answer to a send.
func masked(m descope.Method, contact string) descope.MaskedResponse {
	if m == descope.MethodEmail {
		return descope.MaskedResponse{MaskedEmail: maskEmail(contact)}
	}
	return descope.MaskedResponse{MaskedPhone: maskPhone(contact)}
}

package emulator

import (
	"net/mail"
	"strings"

	"github.com/authbench/authbench/internal/descope"
)

const (
	maxLoginID = 1024 // bytes
	maxEmail   = 254
)

// normalPhone is the E.164 form of a phone number; ok is false if it is none.
// Spaces, dashes, dots and parentheses are separators; letters, extensions and
// digits other than ASCII are not taken.
func normalPhone(s string) (phone string, ok bool) {
	s = strings.Trim(s, " ")
	if !strings.HasPrefix(s, "+") || len(s) > 64 {
		return "", false
	}
	digits := make([]byte, 1, len(s))
	digits[0] = '+'
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits = append(digits, c)
		case c == ' ' || c == '-' || c == '.' || c == '(' || c == ')':
		default:
			return "", false
		}
	}
	n := len(digits) - 1
	return string(digits), n >= 8 && n <= 15 && digits[1] != '0'
}

// normalEmail is the lower-case form of a bare address; ok is false if it is none.
func normalEmail(s string) (email string, ok bool) {
	s = strings.Trim(s, " ")
	if len(s) > maxEmail {
		return "", false
	}
	addr, err := mail.ParseAddress(s)
	if err != nil || addr.Address != s {
		return "", false
	}
	return strings.ToLower(s), true
}

// normalLogin is the form in which a login ID is stored and looked up.
func normalLogin(s string) string {
	if phone, ok := normalPhone(s); ok {
		return phone
	}
	if email, ok := normalEmail(s); ok {
		return email
	}
	return strings.Trim(s, " ")
}

// normalContact is the form of an address for the channel.
func normalContact(m descope.Method, s string) (string, bool) {
	if m == descope.MethodEmail {
		return normalEmail(s)
	}
	return normalPhone(s)
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
	first := []rune(email[:at])[0]
	return string(first) + "****" + email[at:]
}

// masked is the answer to a send.
func masked(m descope.Method, contact string) descope.MaskedResponse {
	if m == descope.MethodEmail {
		return descope.MaskedResponse{MaskedEmail: maskEmail(contact)}
	}
	return descope.MaskedResponse{MaskedPhone: maskPhone(contact)}
}

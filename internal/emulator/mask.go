package emulator

import (
	"strings"
	"unicode/utf8"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// shortPhone is how many characters a phone has that must not show more than two of them.
const shortPhone = 11

// maskPhone shows what the policy has of the start and the end of a phone.
func maskPhone(u *policy.Unpublished, phone string) string {
	start, end := u.MaskPhoneStart, u.MaskPhoneEnd
	if len(phone) < shortPhone {
		end = min(end, 2)
		start = min(start, 2-end)
	}
	hidden := len(phone) - start - end
	if hidden <= 0 {
		return "********"
	}
	var room [96]byte
	out := append(room[:0], phone[:start]...)
	out = appendStars(out, u.MaskPhoneStars, hidden)
	return string(append(out, phone[len(phone)-end:]...))
}

// maskEmail shows what the policy has of the start, and the domain. Of the name before it
// one character is hidden at least, but if it has no other.
func maskEmail(u *policy.Unpublished, email string) string {
	at := strings.LastIndexByte(email, '@')
	if at < 1 {
		return "****"
	}
	name := email[:at]
	runes := utf8.RuneCountInString(name)
	show := min(u.MaskEmailStart, max(1, runes-1))
	var room [96]byte
	out := room[:0]
	for range show {
		_, size := utf8.DecodeRuneInString(name)
		out, name = append(out, name[:size]...), name[size:]
	}
	out = appendStars(out, u.MaskEmailStars, max(1, runes-show))
	return string(append(out, email[at:]...))
}

// appendStars appends a fixed number of stars, or with 0 one for each hidden character.
func appendStars(out []byte, stars, hidden int) []byte {
	if stars == 0 {
		stars = hidden
	}
	for range stars {
		out = append(out, '*')
	}
	return out
}

// masked is the answer to a send.
func (p *project) masked(m descope.Method, contact string) descope.MaskedResponse {
	if m == descope.MethodEmail {
		return descope.MaskedResponse{MaskedEmail: maskEmail(&p.policy().Unpublished, contact)}
	}
	return descope.MaskedResponse{MaskedPhone: maskPhone(&p.policy().Unpublished, contact)}
}

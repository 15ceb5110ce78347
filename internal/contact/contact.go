// Package contact brings phone numbers and mail addresses into one form each, so that
// two ways to write one are told to be the same. It knows no service. Start at [Login].
package contact

import (
	"net/mail"
	"strings"
)

const maxEmail = 254 // bytes

// Phone is the E.164 form of a phone number; ok is false if it is none.
// Spaces, dashes, dots and parentheses are separators, and 00 stands for the plus sign;
// letters, extensions and digits other than ASCII are not taken.
func Phone(s string) (phone string, ok bool) {
	s = strings.Trim(s, " ")
	if rest, international := strings.CutPrefix(s, "00"); international {
		s = "+" + rest
	}
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

// Email is the lower-case form of a bare address; ok is false if it is none.
func Email(s string) (email string, ok bool) {
	s = strings.Trim(s, " ")
	if len(s) > maxEmail {
		return "", false
	}
	if !plain(s) {
		addr, err := mail.ParseAddress(s)
		if err != nil || addr.Address != s {
			return "", false
		}
	}
	return strings.ToLower(s), true
}

// plain tells what nearly every address is: words of letters, digits and a few signs,
// with single dots between them, on both sides of one @. It saves the parser's work.
func plain(s string) bool {
	at, word := false, false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '+':
			word = true
		case c == '.' && word:
			word = false
		case c == '@' && word && !at:
			at, word = true, false
		default:
			return false
		}
	}
	return at && word
}

// Login is the form in which a login ID is stored and looked up.
func Login(s string) string {
	if phone, ok := Phone(s); ok {
		return phone
	}
	if email, ok := Email(s); ok {
		return email
	}
	return strings.Trim(s, " ")
}

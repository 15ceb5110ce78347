package contact_test

import (
	"net/mail"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/contact"
)

func TestLogin(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"+1 (555) 555-0101": "+15555550101", " +1.555.555.0101": "+15555550101", "+0123456789": "+0123456789",
		"0015555550101": "+15555550101", " 00 1 (555) 555-0101": "+15555550101", "0012345678": "+12345678", "001234567": "001234567", "00015555550101": "00015555550101",
		"0 015555550101": "0 015555550101", "+0015555550101": "+0015555550101", "0015555550101x5": "0015555550101x5", "00": "00",
		"User@Example.TEST": "user@example.test", "Someone <a@b.test>": "Someone <a@b.test>", " someone ": "someone", "": "",
	} {
		got := contact.Login(in)
		if got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
		if again := contact.Login(got); again != got {
			t.Errorf("%q becomes %q, and that %q", in, got, again)
		}
	}
}

// FuzzEmail: the short way and the parser take the same addresses.
func FuzzEmail(f *testing.F) {
	for _, s := range []string{"ab-r0-17@example.test", "A.b+c_d@x-y.z", ".a@b", "a.@b", "a..b@c", "a@b@c", "a@.b", "a@", "@b", "a@[::1]", `"a b"@c`, "a <a@b>", "-@-", "é@ü.test"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := contact.Email(s)
		trimmed := strings.Trim(s, " ")
		addr, err := mail.ParseAddress(trimmed)
		if want := err == nil && addr.Address == trimmed && len(trimmed) <= 254; ok != want {
			t.Fatalf("Email(%q) = %v, the parser says %v", s, ok, want)
		}
		if ok && got != strings.ToLower(trimmed) {
			t.Fatalf("Email(%q) = %q", s, got)
		}
	})
}

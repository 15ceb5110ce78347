package contact_test

import (
	"testing"

	"github.com/authbench/authbench/internal/contact"
)

func TestLogin(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"+1 (555) 555-0101": "+15555550101", " +1.555.555.0101": "+15555550101", "+0123456789": "+0123456789",
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

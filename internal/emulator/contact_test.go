package emulator

import (
	"testing"

	"github.com/authbench/authbench/internal/contact"
)

func TestNormalForms(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"+1-555-555-0101": "+15555550101", " +1 (555) 555.0101 ": "+15555550101", "Alice@Example.TEST": "alice@example.test",
		"Alice": "Alice", " alice ": "alice", "+1": "+1", "+1555x5550101": "+1555x5550101", "A <a@b.test>": "A <a@b.test>",
	} {
		if got := contact.Login(in); got != want {
			t.Errorf("contact.Login(%q) = %q, want %q", in, got, want)
		}
	}
}

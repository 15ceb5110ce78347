package contact

import (
	"net/mail"
	"testing"
)

func TestCommonAddresses(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"ab-run-1@example.test": true, "A.b_c@x": true, "": false, "@": false, "a@": false, "@b": false, "a@b@c": false,
		".a@b": false, "a.@b": false, "a..b@c": false, "a@b.": false, "a@.b": false, "a b@c": false, "ä@b.test": false, "a+b@c.test": false,
	} {
		if got := common(address); got != want {
			t.Errorf("common(%q) is %t, want %t", address, got, want)
		}
	}
}

// FuzzCommon holds what needs no parser against the parser.
func FuzzCommon(f *testing.F) {
	for _, s := range []string{"ab-run-1@example.test", "-@-", "_._@0.0", "a@b", "A@B"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !common(s) {
			return
		}
		if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
			t.Errorf("%q: the parser gives %v, %v", s, a, err)
		}
	})
}

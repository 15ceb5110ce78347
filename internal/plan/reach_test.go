package plan_test

import (
	"testing"

	"github.com/authbench/authbench/internal/plan"
)

func TestOrigin(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://a.test/x?y": "https://a.test", "https://A.Test:443": "https://a.test", "http://a.test:80/": "http://a.test", "http://a.test:443": "http://a.test:443",
		"http://[::1]:80/x": "http://[::1]", "http://user@a.test": "http://a.test", "HTTP://a.test": "http://a.test", "": "", "emulator": "", "/x": "", "http://a\\b": "",
	} {
		if got := plan.Origin(address); got != want {
			t.Errorf("Origin(%q) = %q, want %q", address, got, want)
		}
	}
}

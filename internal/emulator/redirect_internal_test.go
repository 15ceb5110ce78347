package emulator

import (
	"testing"

	"github.com/authbench/authbench/internal/policy"
)

// FuzzPlainHost: the short way and the parser see the same host.
func FuzzPlainHost(f *testing.F) {
	for _, s := range []string{
		"https://app.example.test/verify", "http://a", "https://a.b-c/~x_y//z", "https://", "https:///x", "https://a:1/x",
		"https://u@a/", "https://[::1]/", "https://a/%2F", "https://.", "https://-", "HTTPS://a", "https://a/?t=1", "https://é.test",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		host, plain := plainHost(s)
		if !plain {
			return
		}
		u, err := parseRedirect(s)
		if err != nil || host != u.Hostname() || policy.AppScheme(u.Scheme) {
			t.Fatalf("plainHost(%q) = %q; the parser says %v, %v", s, host, u, err)
		}
	})
}

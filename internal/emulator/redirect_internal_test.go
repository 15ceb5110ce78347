package emulator

import "testing"

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
		want, err := hostOf(s)
		if err != nil || host != want {
			t.Fatalf("plainHost(%q) = %q; the parser says %q, %v", s, host, want, err)
		}
	})
}

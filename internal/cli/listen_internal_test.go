package cli

import (
	"net"
	"testing"
)

// A listener on every address is reached by the loopback one.
func TestNearby(t *testing.T) {
	t.Parallel()
	for ip, want := range map[string]string{
		"0.0.0.0": "127.0.0.1:80", "::": "127.0.0.1:80", "127.0.0.1": "127.0.0.1:80", "::1": "[::1]:80", "192.0.2.1": "192.0.2.1:80",
	} {
		if got := nearby(&net.TCPAddr{IP: net.ParseIP(ip), Port: 80}); got != want {
			t.Errorf("%s: %s, want %s", ip, got, want)
		}
	}
}

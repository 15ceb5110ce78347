package client

import (
	"crypto/tls"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	t.Parallel()
	s := origins{keep: KeepAliveShared, config: &tls.Config{MinVersion: tls.VersionTLS12}}
	for _, tt := range []struct{ url, target, host, address string }{
		{"http://a.test", "/", "a.test", "a.test:80"},
		{"http://a.test?x", "/?x", "a.test", "a.test:80"},
		{"http://a.test#x", "/", "a.test", "a.test:80"},
		{"http://a.test/b//c;d=e/%2f?f=%zz&g=?/", "/b//c;d=e/%2f?f=%zz&g=?/", "a.test", "a.test:80"},
		{"http://a.test/b c?d e#f", "/b%20c?d%20e", "a.test", "a.test:80"},
		{"http://a.test/é?é", "/%C3%A9?%C3%A9", "a.test", "a.test:80"},
		{"HTTP://a.test:/x", "/x", "a.test", "a.test:80"},
		{"https://a.test:8443/x", "/x", "a.test:8443", "a.test:8443"},
		{"https://a.test/x", "/x", "a.test", "a.test:443"},
		{"http://[::1]/x", "/x", "[::1]", "[::1]:80"},
		{"http://[fe80::1%25lo]:81/x", "/x", "[fe80::1]:81", "[fe80::1%lo]:81"},
	} {
		for _, look := range []string{"first", "again"} {
			o, target, address, err := s.find(tt.url)
			if err != nil {
				t.Errorf("%s, %s: %v", tt.url, look, err)
				continue
			}
			if target != tt.target || o.host != tt.host || address != tt.address || o.address != tt.address || o.secure != strings.HasPrefix(tt.url, "https") {
				t.Errorf("%s, %s: got %q of %q at %q, want %q of %q at %q", tt.url, look, target, o.host, address, tt.target, tt.host, tt.address)
			}
		}
	}
}

func TestFindRefuses(t *testing.T) {
	t.Parallel()
	s := origins{keep: KeepAliveShared}
	if _, _, _, err := s.find("http://a.test/"); err != nil { // known when the others come
		t.Fatal(err)
	}
	for _, bad := range []string{
		"", "a.test", "//a.test/", "http:a.test", "http:///x", "http://:80/", "ftp://a.test/", "http://a.test/\x01", "http://a.test/%zz",
		"http://a.test/\r\nX: y", "http://u:p@a.test/", "http://a.test:x/", "http://b\u00fccher.test/", "http://a b.test/", "http://a.test\\@b.test/",
	} {
		if o, _, _, err := s.find(bad); err == nil {
			t.Errorf("%q went to %s", bad, o.address)
		}
	}
}

func TestOriginsAreBounded(t *testing.T) {
	t.Parallel()
	s := origins{keep: KeepAliveShared}
	first, _, _, err := s.find("http://first.test/")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 * maxOrigins {
		if _, _, _, err := s.find("http://" + strconv.Itoa(i) + ".test/"); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(*s.known.Load()); got > maxOrigins {
		t.Errorf("%d origins are remembered, want %d at most", got, maxOrigins)
	}
	if !first.pool.closed {
		t.Error("a forgotten origin still takes connections")
	}
}

// FuzzTarget holds the short way against net/url: what is sent as it is written is what
// net/url would send.
func FuzzTarget(f *testing.F) {
	for _, rest := range []string{"/", "/a/b?c=d&e=%20", "/%41%7e", "//x", "/*", "/a?b?c/d", "/%zz", "/a#b", "/a?#"} {
		f.Add(rest)
	}
	f.Fuzz(func(t *testing.T, rest string) {
		if !isTarget(rest) {
			return
		}
		u, err := url.Parse("http://a.test" + rest)
		if err != nil {
			t.Fatalf("net/url refuses %q: %v", rest, err)
		}
		if got := u.RequestURI(); got != rest || u.Host != "a.test" {
			t.Errorf("%q is sent as it is, net/url sends %q", rest, got)
		}
	})
}

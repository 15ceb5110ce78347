// Package site judges who asks for a page of ours.
//
// A page on a loopback listener is within reach of every site that the same browser
// shows. [Guard] keeps them out. It is no login: whoever has the address and no browser
// gets the page.
package site

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Guard serves next to who asks by an address, by localhost or by one of hosts, which
// are in lower case: a site that points a name of its own here gets nothing. Nor does
// a page of another site that asks in its reader's name. Every answer has the headers of
// a page that is not to be kept, framed or read elsewhere.
func Guard(next http.Handler, hosts ...string) http.Handler {
	known := map[string]bool{"localhost": true}
	for _, h := range hosts {
		known[h] = true
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if !known[nameOf(r.Host)] {
			http.Error(w, "this page is not served under that name", http.StatusMisdirectedRequest)
			return
		}
		if foreign(r) {
			http.Error(w, "another site may not read this", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// nameOf is the name in a Host header. An address is as good as localhost: only a name
// can be made to point here by somebody else.
func nameOf(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return "localhost"
	}
	return strings.ToLower(host)
}

// foreign tells requests that a page of another site makes. Following a link to the
// page is not one.
func foreign(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return false
	}
	return r.Header.Get("Sec-Fetch-Mode") != "navigate"
}

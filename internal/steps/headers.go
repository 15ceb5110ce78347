package steps

import (
	"net/http"
	"strings"
)

// PlainHeaders gives the headers of an answer as results show them: names in lower
// case, repeated ones joined, cookies and credentials left out.
func PlainHeaders(h http.Header) map[string]string {
	out := make(map[string]string, len(h))
	for name, values := range h {
		switch http.CanonicalHeaderKey(name) {
		case "Set-Cookie", "Set-Cookie2", "Cookie", "Authorization", "Proxy-Authorization":
		default:
			out[strings.ToLower(name)] = strings.Join(values, ", ")
		}
	}
	return out
}

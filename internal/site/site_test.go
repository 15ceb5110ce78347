package site_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/authbench/authbench/internal/site"
)

// ask gives the status of the answer to a request with some headers.
func ask(t *testing.T, host string, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	h := site.Guard(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }), "bench.example")
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.Host, r.Header = host, header
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestNames(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]int{
		"evil.example": 421, "evil.example:8080": 421, "localhost.evil.example": 421, "127.0.0.1.evil.example": 421, "": 421,
		"localhost": 200, "localhost:1234": 200, "LOCALHOST": 200, "127.0.0.1": 200, "[::1]:80": 200, "[::1]": 200,
		"bench.example:8080": 200, "Bench.Example": 200,
	} {
		if w := ask(t, host, http.Header{}); w.Code != want {
			t.Errorf("host %q: got %d, want %d", host, w.Code, want)
		}
	}
}

func TestOtherSites(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		site, mode string
		want       int
	}{
		{"cross-site", "cors", 403}, {"same-site", "no-cors", 403}, {"cross-site", "navigate", 200},
		{"same-origin", "cors", 200}, {"none", "navigate", 200}, {"", "", 200},
	} {
		w := ask(t, "127.0.0.1:80", http.Header{"Sec-Fetch-Site": {test.site}, "Sec-Fetch-Mode": {test.mode}})
		if w.Code != test.want {
			t.Errorf("%s by %s: got %d, want %d", test.site, test.mode, w.Code, test.want)
		}
		for name, want := range map[string]string{
			"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
			"Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s by %s: %s is %q, want %q", test.site, test.mode, name, got, want)
			}
		}
	}
}

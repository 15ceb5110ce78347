package emulator

import (
	"net/http"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// newFuzzedCookies is a crowd whose project keeps tokens in cookies.
func newFuzzedCookies(tb testing.TB) *fuzzed {
	tb.Helper()
	f := newFuzzed(tb)
	f.p.policy().RefreshTokenResponseMethod, f.p.policy().SessionTokenResponseMethod = policy.Cookies, policy.Cookies
	return f
}

// fuzzCookies are values of the header, of which the first holds both tokens.
func fuzzCookies() []string {
	return []string{
		"DSR=REFRESH; DS=SESSION", "DS=SESSION;DSR=REFRESH;x=y", `DSR="REFRESH"`, "DSR=REFRESH; DSR=REFRESH", "DSR=SESSION; DS=REFRESH",
		"DSR=REFRESH.", "DSR=;DS=", "DSR", "=REFRESH", "DSR=\x00", "DSR=a b, c", ";;;", "DSR=..; DS=a.b.c", "dsr=REFRESH", "DSR=" + strings.Repeat("A.", 2000),
	}
}

// headed is a request to a route with the bearer of the project alone.
func (f *fuzzed) headed(path, verb, cookie, contentType string) *http.Request {
	req := f.request(verb, path, "", f.holders[0], f.filled(path))
	req.Header["Cookie"] = []string{strings.NewReplacer("REFRESH", f.auth.RefreshJWT, "SESSION", f.auth.SessionJWT).Replace(cookie)}
	req.Header["Content-Type"] = []string{contentType}
	return req
}

// FuzzHeaders: no cookie and no content type brings a route down, makes it blame itself, or
// leaves what can not be listed, exported and imported.
func FuzzHeaders(f *testing.F) {
	table, paths := routes(), fuzzRoutes()
	for i, path := range paths {
		cookies := fuzzCookies()
		switch path {
		case descope.PathMe, descope.PathRefresh, descope.PathTryRefresh, descope.PathLogout, descope.PathValidate:
		default:
			cookies = cookies[:1]
		}
		for _, cookie := range cookies {
			f.Add(uint8(i), cookie, "application/json")
		}
	}
	for _, kind := range []string{"", "application/json; charset=utf-8", "application/json; charset", "text/plain", "application/json;;", "APPLICATION/JSON", "a/b; c=\"", "\xff"} {
		f.Add(uint8(0), "", kind)
	}
	f.Fuzz(func(t *testing.T, at uint8, cookie, contentType string) {
		f, path := newFuzzedCookies(t), paths[int(at)%len(paths)]
		f.answered(f.api, f.headed(path, table[path].verb, cookie, contentType), "errorCode")
		f.stillWhole()
	})
}

// TestFuzzCookiesAreGood: the first of the seeds is taken for a bearer, wherever one with a
// JWT is.
func TestFuzzCookiesAreGood(t *testing.T) {
	t.Parallel()
	for path, route := range routes() {
		if route.needs != refreshJWT && route.needs != sessionJWT {
			continue
		}
		f := newFuzzedCookies(t)
		if w := f.answered(f.api, f.headed(path, route.verb, fuzzCookies()[0], "application/json"), "errorCode"); w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		w := f.answered(f.api, f.headed(path, route.verb, "", "application/json"), "errorCode")
		if want := map[credential]int{refreshJWT: 401, sessionJWT: 401}[route.needs]; w.Code != want {
			t.Errorf("%s without a cookie: %d, want %d", path, w.Code, want)
		}
	}
	if descope.KindRefresh != "DSR" || descope.KindSession != "DS" {
		t.Error("the seeds name other cookies than the API")
	}
}

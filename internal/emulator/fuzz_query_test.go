package emulator

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// fuzzValues are values of the parameters of the admin API by name, of which the first is
// taken wherever the parameter is.
func fuzzValues() map[string][]string {
	return map[string][]string{
		"limit":      {"1", "0", "-1", "99999999999999999999", "1e3", "%31"},
		"after":      {"", "0", "18446744073709551615", "-1", "0x1", "P1", "%00"},
		"since":      {"0", "18446744073709551615", "18446744073709551616", "+1", "1.0"},
		"wait":       {"10ms", "-1h", "2562047h", "1", "1e9s", "%C2%B5s"},
		"beat":       {"1s", "0", "-1s", "9999999h", "soon"},
		"state":      {"all", "delivered", "pending", "lost", "rejected", "", "none"},
		"revoke":     {"true", "false", "1", "TRUE", ""},
		"recipient":  {"%2B15555550101", "+15555550101", "anna@example.test", "", "%zz", "%ff", "0015555550101"},
		"user_id":    {"USER", "", "%00"},
		"text":       {"a", "", "%F0%9F%98%80", strings.Repeat("a", 4096)},
		"read":       {"true", "false", "TRUE"},
		"method":     {"POST", "post", "", "%00"},
		"path":       {"/v1/auth/me", "/v1/*", "*", "", "["},
		"error_code": {"E061102", "", "%00"},
		"status":     {"200", "0", "-1", "99999999999999999999", "", "2xx"},
		"channel":    {"sms", "", "%00"},
		"fault":      {"a", "", "%00"},
		"lane":       {"1", "", "%00"},
	}
}

// fuzzSegments stand in the place of {fault} and {id}, lastIDs in the header of a client
// that comes again.
func fuzzSegments() []string {
	return []string{"a", "MESSAGE", "", "%", "..", "a/b", "\x00", "\xff", "ä"}
}
func fuzzLastIDs() []string { return []string{"0", "18446744073709551615", "-1", "x", "\x00", " 1 "} }

// queryRequest is one of the admin API that nobody waits for: what a client would wait for
// ends at once.
func (f *fuzzed) queryRequest(r adminRoute, query, segment, lastID string) *http.Request {
	segment = strings.ReplaceAll(segment, "MESSAGE", f.message)
	fill := func(segment string) string {
		return strings.NewReplacer("{project}", f.p.id, "{id}", segment, "{fault}", segment).Replace(r.path)
	}
	req := f.request(r.verb, fill(segment), strings.ReplaceAll(query, "USER", f.userID), "Bearer "+fuzzAdmin, "")
	req.URL.RawPath = fill(url.PathEscape(segment))
	req.Header["Last-Event-Id"] = []string{lastID}
	gone, leave := context.WithCancel(req.Context())
	leave()
	return req.WithContext(gone)
}

// queried carries out a request and checks what comes of it.
func (f *fuzzed) queried(req *http.Request) *httptest.ResponseRecorder {
	f.t.Helper()
	if strings.Contains(req.URL.Path+"/", "/../") || strings.Contains(req.URL.Path+"/", "/./") || strings.Contains(req.URL.Path+"/", "//") {
		w := httptest.NewRecorder() // of another path, where the client is sent to
		f.admin.ServeHTTP(w, req)
		return w
	}
	return f.answered(f.admin, req, "error")
}

// FuzzAdminQuery: no query, no value in a path and no cursor of a client that comes again
// brings the admin API down, makes it blame itself, or leaves what can not be listed,
// exported and imported.
func FuzzAdminQuery(f *testing.F) {
	routes := (admin{}).routes()
	for i, r := range routes {
		for _, p := range r.query {
			for _, value := range fuzzValues()[p.name] {
				f.Add(uint8(i), p.name+"="+value, "a", "0")
			}
		}
		if strings.Contains(r.path, "{id}") || strings.Contains(r.path, "{fault}") {
			for _, segment := range fuzzSegments() {
				f.Add(uint8(i), "", segment, "")
			}
		}
		if strings.HasSuffix(r.path, "/stream") {
			for _, lastID := range fuzzLastIDs() {
				f.Add(uint8(i), "beat=1s&after=0", "", lastID)
			}
		}
		f.Add(uint8(i), "a=b;c&=&&%=%zz&after=1&after=2", "a", "")
	}
	f.Fuzz(func(t *testing.T, at uint8, query, segment, lastID string) {
		f, r := newFuzzed(t), routes[int(at)%len(routes)]
		f.queried(f.queryRequest(adminRoute{verb: r.verb, path: r.path}, query, segment, lastID))
		if _, there := f.e.project(f.p.id); there {
			f.stillWhole()
		}
	})
}

// TestFuzzQueriesAreGood: every parameter of every route has a seed that is taken.
func TestFuzzQueriesAreGood(t *testing.T) {
	t.Parallel()
	for _, r := range (admin{}).routes() {
		for _, p := range r.query {
			values := fuzzValues()[p.name]
			if len(values) == 0 {
				t.Fatalf("%s: no value of %s is tried", r.path, p.name)
			}
			f := newFuzzed(t)
			if w := f.queried(f.queryRequest(r, p.name+"="+values[0], "", "")); w.Code >= 300 {
				t.Errorf("%s?%s=%s: %d %s", r.path, p.name, values[0], w.Code, w.Body)
			}
		}
	}
}

package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/secret"
)

const (
	fuzzPhone = "+15555550101"
	fuzzEmail = "anna@example.test"
	fuzzAdmin = "T"
)

// fuzzed is a crowd with something of every sort: whatever a request names is there.
// One is like another to the byte, so that seeds hold tokens that are good.
type fuzzed struct {
	*crowd
	admin   http.Handler
	holders []string // values of Authorization
	auth    descope.AuthResponse
	// What was sent and not redeemed.
	link, embedded, enchanted, pendingRef, code string
	userID, message                             string
}

func newFuzzed(tb testing.TB) *fuzzed {
	tb.Helper()
	c := newCrowd(tb)
	tb.Cleanup(c.e.Close)
	f := &fuzzed{crowd: c, admin: c.e.Admin(secret.New(fuzzAdmin))}
	phone, mail := descope.Identity{LoginID: fuzzPhone}, descope.Identity{LoginID: fuzzEmail}
	sms := descope.MethodSMS
	f.post(descope.PathUserCreate, ":Kkey", map[string]any{"loginId": fuzzPhone, "phone": fuzzPhone, "verifiedPhone": true}, nil)
	f.post(descope.PathUserCreate, ":Kkey", map[string]any{"loginId": fuzzEmail, "email": fuzzEmail, "verifiedEmail": true}, nil)
	f.post(descope.PathTestUserCreate, ":Kkey", map[string]any{"loginId": "a", "test": true}, nil)
	var auth descope.AuthResponse
	var made descope.EmbeddedLinkResponse
	f.post(descope.PathEmbeddedLinkSignIn, ":Kkey", descope.EmbeddedSignInRequest{Identity: phone}, &made)
	f.post(descope.PathMagicLinkVerify, "", descope.VerifyLinkRequest{Token: made.Token}, &auth)
	f.post(descope.PathEmbeddedLinkSignIn, ":Kkey", descope.EmbeddedSignInRequest{Identity: phone}, &made)
	f.embedded, f.auth, f.userID = made.Token, auth, auth.User.UserID
	f.post(descope.Path(descope.PathMagicLinkSignIn, sms), "", descope.SignInRequest{Identity: phone}, nil)
	f.link = tokenIn(f.read(fuzzPhone))
	f.post(descope.Path(descope.PathOTPSignIn, sms), "", descope.SignInRequest{Identity: phone}, nil)
	f.read(fuzzPhone)
	var awaited descope.EnchantedLinkResponse
	f.post(descope.Path(descope.PathEnchantedLinkSignIn, descope.MethodEmail), "", descope.SignInRequest{Identity: mail}, &awaited)
	f.pendingRef, f.enchanted = awaited.PendingRef, tokenIn(f.read(fuzzEmail))
	f.post(descope.Path(descope.PathOTPSignIn, sms), "", descope.SignInRequest{Identity: phone}, nil)
	unread := f.p.inbox.byRecipient[fuzzPhone][0]
	f.code, f.message = unread.Code, unread.ID
	bearer := "Bearer " + c.p.id
	f.holders = []string{
		bearer, bearer + ":Kkey", bearer + ":" + auth.RefreshJWT, bearer + ":" + auth.SessionJWT,
		bearer + ":" + auth.RefreshJWT + ":" + c.p.authKey.Reveal(),
	}
	return f
}

// holder gives a good bearer of what an endpoint needs, as its place among the holders.
func (f *fuzzed) holder(needs credential) uint8 {
	return map[credential]uint8{nothing: 0, management: 1, refreshJWT: 2, anyRefreshJWT: 2, sessionJWT: 3}[needs]
}

// request is one of the project's or the admin API's.
func (f *fuzzed) request(verb, path, query, authorization, body string) *http.Request {
	req := httptest.NewRequestWithContext(f.t.Context(), verb, "/", strings.NewReader(body))
	req.URL.Path, req.URL.RawQuery = path, query
	req.Header["Authorization"] = []string{authorization}
	req.Header.Set("Content-Type", "application/json")
	return req
}

// send is one request to a handler.
func (f *fuzzed) send(h http.Handler, verb, path, query, authorization, body, member string) *httptest.ResponseRecorder {
	f.t.Helper()
	return f.answered(h, f.request(verb, path, query, authorization, body), member)
}

// answered carries out a request. An answer must be JSON, be marked as ours and, if it is
// a refusal, say why in the member.
func (f *fuzzed) answered(h http.Handler, req *http.Request, member string) *httptest.ResponseRecorder {
	f.t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	asked := func() string { return fmt.Sprintf("%s %q, %q", req.Method, req.URL, req.Header) }
	if w.Header().Get(descope.EmulatorHeader) != "1" {
		f.t.Errorf("%s: no %s header", asked(), descope.EmulatorHeader)
	}
	if w.Code >= 500 && w.Code != http.StatusNotImplemented {
		f.t.Errorf("%s: %d %s", asked(), w.Code, w.Body)
	}
	if w.Code == http.StatusNoContent || w.Header().Get("Content-Type") == "text/event-stream" {
		return w
	}
	var members map[string]json.RawMessage
	if !json.Valid(w.Body.Bytes()) {
		f.t.Errorf("%s: %d with what is no JSON: %s", asked(), w.Code, w.Body)
	} else if w.Code >= 400 && (json.Unmarshal(w.Body.Bytes(), &members) != nil || len(members[member]) < len(`"x"`)) {
		f.t.Errorf("%s: %d without %s: %s", asked(), w.Code, member, w.Body)
	}
	return w
}

// stillWhole checks that what is left can be listed, exported, and imported elsewhere.
func (f *fuzzed) stillWhole() {
	f.t.Helper()
	at := "/_ab/projects/" + f.p.id
	ask := func(h http.Handler, verb, path, query, body string, want int) string {
		f.t.Helper()
		w := f.send(h, verb, path, query, "Bearer "+fuzzAdmin, body, "error")
		if w.Code != want {
			f.t.Fatalf("%s %s afterwards: %d %s", verb, path, w.Code, w.Body)
		}
		return w.Body.String()
	}
	for _, list := range []string{"/users", "/messages/counts", "/delivery", "/clock", "/faults", "/journal", "/verifications"} {
		ask(f.admin, http.MethodGet, at+list, "", "", http.StatusOK)
	}
	ask(f.admin, http.MethodGet, at+"/messages", "state=all", "", http.StatusOK)
	exported := ask(f.admin, http.MethodGet, at, "", "", http.StatusOK)
	other := New(Options{Clock: f.e.base, Seed: 2})
	defer other.Close()
	admin := other.Admin(secret.New(fuzzAdmin))
	ask(admin, http.MethodPut, at, "", exported, http.StatusCreated)
	if got := ask(admin, http.MethodGet, at, "", "", http.StatusOK); got != exported {
		f.t.Errorf("what was imported is exported otherwise:\n%s\n%s", exported, got)
	}
}

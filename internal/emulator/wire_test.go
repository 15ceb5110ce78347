package emulator

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// The wire tests know the API by literals alone: no name of package descope
// may appear in them. Client and emulator share that package, so a name that is
// wrong there is wrong on both sides alike.

const (
	wirePublic  = "Bearer Pwire"
	wireManager = "Bearer Pwire:Kwire"
)

// wire talks to an emulator as a stranger does, and keeps a list of the routes
// it used.
type wire struct {
	t          *testing.T
	api, admin *httptest.Server
	used       map[string]bool // "VERB path"
}

func newWire(t *testing.T) *wire {
	t.Helper()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	e := New(Options{Clock: func() time.Time { return now }, Seed: 7})
	p := policy.Default()
	p.SigningAlg = policy.ES256
	if _, err := e.CreateProject("Pwire", secret.New("Kwire"), p); err != nil {
		t.Fatal(err)
	}
	w := &wire{t: t, api: httptest.NewServer(e.Handler()), admin: httptest.NewServer(e.Admin(secret.New("T"))), used: map[string]bool{}}
	t.Cleanup(w.api.Close)
	t.Cleanup(w.admin.Close)
	return w
}

// call answers with the document of an answer that has the status.
func (w *wire) call(verb, path, bearer, body string, status int) map[string]any {
	w.t.Helper()
	route, _, _ := strings.Cut(path, "?")
	w.used[verb+" "+route] = true
	return w.exchange(w.api.URL+path, verb, bearer, body, status)
}

func (w *wire) post(path, bearer, body string) map[string]any {
	w.t.Helper()
	return w.call("POST", path, bearer, body, 200)
}

// list is call for an answer that is a list.
func (w *wire) list(verb, path, bearer, body string) []any {
	w.t.Helper()
	w.used[verb+" "+path] = true
	var out []any
	w.send(w.api.URL+path, verb, bearer, body, 200, &out)
	return out
}

func (w *wire) exchange(address, verb, bearer, body string, status int) map[string]any {
	w.t.Helper()
	var out map[string]any
	w.send(address, verb, bearer, body, status, &out)
	return out
}

func (w *wire) send(address, verb, bearer, body string, status int, out any) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), verb, address, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", bearer)
	req.Header.Set("Content-Type", "application/json")
	res, err := w.api.Client().Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	if res.StatusCode != status {
		w.t.Fatalf("%s %s: %d %s, want %d", verb, address, res.StatusCode, text, status)
	}
	if got, want := res.Header.Get("x-authbench-emulator"), "1"; got != want {
		w.t.Errorf("%s %s: x-authbench-emulator is %q, want %q", verb, address, got, want)
	}
	if err := json.Unmarshal(text, out); err != nil {
		w.t.Fatalf("%s %s: %s: %v", verb, address, text, err)
	}
}

// message is the newest message of a recipient.
func (w *wire) message(recipient string) map[string]any {
	w.t.Helper()
	out := w.exchange(w.admin.URL+"/_ab/projects/Pwire/messages?recipient="+url.QueryEscape(recipient), "GET", "Bearer T", "", 200)
	all := out["messages"].([]any)
	if len(all) == 0 {
		w.t.Fatalf("no message for %s", recipient)
	}
	return all[len(all)-1].(map[string]any)
}

// token is what parameter t of the newest link for the recipient holds.
func (w *wire) token(recipient string) string {
	w.t.Helper()
	return w.tokenIn(w.message(recipient)["link"].(string))
}

func (w *wire) tokenIn(link string) string {
	w.t.Helper()
	u, err := url.Parse(link)
	if err != nil || u.Query().Get("t") == "" {
		w.t.Fatalf("link %q without parameter t", link)
	}
	return u.Query().Get("t")
}

func (w *wire) code(recipient string) string {
	w.t.Helper()
	return w.message(recipient)["code"].(string)
}

// redeem verifies a link's token and returns the tokens.
func (w *wire) redeem(token string) map[string]any {
	w.t.Helper()
	return w.post("/v1/auth/magiclink/verify", wirePublic, `{"token":"`+token+`"}`)
}

// names compares the keys of an object with a list of them.
func (w *wire) names(what string, object any, want string) {
	w.t.Helper()
	got := slices.Sorted(maps.Keys(object.(map[string]any)))
	if diff := cmp.Diff(got, slices.Sorted(slices.Values(strings.Fields(want)))); diff != "" {
		w.t.Errorf("names of %s (-got +want):\n%s", what, diff)
	}
}

// same compares a value of a document.
func (w *wire) same(what string, got, want any) {
	w.t.Helper()
	if diff := cmp.Diff(got, want); diff != "" {
		w.t.Errorf("%s (-got +want):\n%s", what, diff)
	}
}

func wireClaims(t *testing.T, jwt any) map[string]any {
	t.Helper()
	parts := strings.Split(jwt.(string), ".")
	if len(parts) != 3 {
		t.Fatalf("%q is no JWT", jwt)
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

const (
	wireAuthNames = "sessionJwt refreshJwt cookieDomain cookiePath cookieMaxAge cookieExpiration user firstSeen " +
		"sessionExpiration nextRefreshSeconds cookieName sessionCookieName"
	wireUserNames = "loginIds userId name givenName middleName familyName email phone verifiedEmail verifiedPhone roleNames " +
		"userTenants status externalIds picture test customAttributes createdTime TOTP SAML SCIM OIDC webauthn password push " +
		"OAuth ssoAppIds editable permissions consentExpiration recoveryEmail recoveryPhone verifiedRecoveryEmail verifiedRecoveryPhone"
	wireClaimNames = "iss sub drn jti sid iat exp rexp amr"
)

// Every route of the table is called by its literal path.
func TestWire(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	w.magicLinks()
	w.codes()
	w.updates()
	w.sessions()
	w.users()
	w.moreUsers()
	w.embeddedLinks()
	w.enchantedLinks()
	w.testUsers()
	w.refusals()

	want := []string{"GET /v1/keys/Pwire", "GET /v2/keys/Pwire"}
	for path, route := range routes() {
		want = append(want, route.verb+" "+path)
	}
	got := slices.Collect(maps.Keys(w.used))
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("routes called (-got +want):\n%s", diff)
	}
}

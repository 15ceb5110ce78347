package emulator_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

func inCookies(p *policy.Project) {
	p.SessionTokenResponseMethod, p.RefreshTokenResponseMethod = policy.Cookies, policy.Cookies
	p.SessionTokenCookiePolicy, p.RefreshTokenCookiePolicy = policy.CookieLax, policy.CookieStrict
	p.RefreshTokenCookieDomain = "example.test"
}

// signedIn signs alice up and gives the answer as it is.
func (b *bench) signedIn() reply {
	b.t.Helper()
	b.post(descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(alice)})
	return b.verify(b.take(alice).token(b.t))
}

// cookies are those that an answer sets, by name.
func (r reply) cookies(tb testing.TB) map[string]*http.Cookie {
	tb.Helper()
	out := map[string]*http.Cookie{}
	for _, line := range r.header["Set-Cookie"] {
		c, err := http.ParseSetCookie(line)
		if err != nil || out[c.Name] != nil {
			tb.Fatalf("cookie %q: %v", line, err)
		}
		out[c.Name] = c
	}
	return out
}

func shape(c *http.Cookie) string {
	return fmt.Sprintf("%s path=%s domain=%s age=%d http=%v secure=%v site=%d rest=%v",
		c.Name, c.Path, c.Domain, c.MaxAge, c.HttpOnly, c.Secure, c.SameSite, c.Unparsed)
}

func TestF34CookiesMode(t *testing.T) {
	t.Parallel()
	b := newBench(t, inCookies)
	r := b.signedIn()
	var auth descope.AuthResponse
	r.into(t, &auth)
	set := r.cookies(t)
	if auth.SessionJWT != "" || auth.RefreshJWT != "" || strings.Contains(r.text, set["DS"].Value) || strings.Contains(r.text, set["DSR"].Value) {
		t.Errorf("the body holds a token: %s", r.text)
	}
	got := []string{shape(set["DS"]), shape(set["DSR"])}
	want := []string{
		"DS path=/ domain= age=600 http=true secure=true site=2 rest=[]",
		"DSR path=/ domain=example.test age=2419200 http=true secure=true site=3 rest=[]",
	}
	if diff := cmp.Diff(got, want); diff != "" || len(set) != 2 {
		t.Errorf("cookies (-got +want):\n%s", diff)
	}
	session, refresh := claims(t, set["DS"].Value), claims(t, set["DSR"].Value)
	if session["drn"] != "DS" || refresh["drn"] != "DSR" || refresh["exp"].(float64)-refresh["iat"].(float64) != 2419200 {
		t.Errorf("claims %v, %v", session, refresh)
	}
	if auth.CookieDomain != "example.test" || auth.CookieName != "DSR" || auth.CookieMaxAge != 2419200 || auth.SessionCookieName != "DS" {
		t.Errorf("answer %+v", auth)
	}
}

// withCookies sends cookies with a bearer that holds the project alone.
func (b *bench) withCookies(verb, path string, cookies ...*http.Cookie) reply {
	b.t.Helper()
	req := httptest.NewRequestWithContext(b.t.Context(), verb, path, nil)
	req.Header.Set("Authorization", b.public().Header())
	for _, c := range cookies {
		req.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	w := httptest.NewRecorder()
	b.emulator.Handler().ServeHTTP(w, req)
	return reply{w.Code, w.Header(), w.Body.String()}
}

func TestF34CookieInsteadOfBearer(t *testing.T) {
	t.Parallel()
	b := newBench(t, inCookies)
	set := b.signedIn().cookies(t)
	var me descope.User
	b.withCookies(http.MethodGet, descope.PathMe, set["DSR"], set["DS"]).into(t, &me)
	if me.Phone != alice {
		t.Errorf("me: %+v", me)
	}
	b.clock.advance(time.Second)
	next := b.withCookies(http.MethodPost, descope.PathRefresh, set["DSR"])
	if again := next.cookies(t); next.status != 200 || again["DS"] == nil || again["DS"].Value == set["DS"].Value || again["DSR"] != nil {
		t.Errorf("refresh: %d %v", next.status, again)
	}
	if r := b.withCookies(http.MethodPost, descope.PathValidate, set["DS"]); r.status != 200 {
		t.Errorf("validate: %s", r.text)
	}
	if r := b.withCookies(http.MethodPost, descope.PathTryRefresh, set["DSR"]); r.cookies(t)["DS"] == nil {
		t.Errorf("try-refresh: %s", r.text)
	}
	b.withCookies(http.MethodGet, descope.PathMe).refused(t, 401, descope.CodeMissingArguments)
	b.withCookies(http.MethodGet, descope.PathMe, set["DS"]).refused(t, 401, descope.CodeMissingArguments)
	misnamed := &http.Cookie{Name: "DSR", Value: set["DS"].Value}
	b.withCookies(http.MethodGet, descope.PathMe, misnamed).refused(t, 401, descope.CodeInvalidArguments)
	b.withCookies(http.MethodGet, descope.PathMe, set["DSR"], misnamed).refused(t, 401, descope.CodeInvalidArguments)

	out := b.withCookies(http.MethodPost, descope.PathLogout, set["DSR"])
	cleared := out.cookies(t)
	for _, name := range []string{"DS", "DSR"} {
		if c := cleared[name]; c == nil || c.Value != "" || c.MaxAge != -1 || c.Path != "/" || c.Domain != set[name].Domain {
			t.Errorf("logout leaves %s: %v", name, cleared[name])
		}
	}
	b.withCookies(http.MethodGet, descope.PathMe, set["DSR"]).refused(t, 401, descope.CodeLoggedOut)
}

// A stale cookie is no fault where no session is needed, and counts for nothing where
// the policy hands out no cookies.
func TestF34CookiesThatDoNotCount(t *testing.T) {
	t.Parallel()
	b := newBench(t, inCookies)
	stale := &http.Cookie{Name: "DSR", Value: "a.b.c"}
	r := b.withCookies(http.MethodPost, descope.PathMagicLinkVerify, stale)
	r.refused(t, 400, descope.CodeInvalidRequest, "token")

	plain := newBench(t)
	auth := plain.signUp(alice)
	plain.withCookies(http.MethodGet, descope.PathMe, &http.Cookie{Name: "DSR", Value: auth.RefreshJWT}).refused(t, 401, descope.CodeMissingArguments)
}

// Each token has its own method.
func TestF34OneTokenInACookie(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.RefreshTokenResponseMethod = policy.Cookies })
	r := b.signedIn()
	var auth descope.AuthResponse
	r.into(t, &auth)
	if set := r.cookies(t); auth.SessionJWT == "" || auth.RefreshJWT != "" || len(set) != 1 || set["DSR"].SameSite != http.SameSiteNoneMode {
		t.Errorf("session %q, refresh %q, cookies %v", auth.SessionJWT, auth.RefreshJWT, set)
	}
}

// A client with a jar needs nothing but the project ID, over TLS as Secure asks for.
func TestF34ClientWithAJar(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	p := policy.Default()
	inCookies(&p)
	p.SigningAlg, p.RefreshTokenCookieDomain = policy.ES256, ""
	var err error
	if b.project, err = b.emulator.CreateProject("", secret.String{}, p); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewTLSServer(b.emulator.Handler())
	t.Cleanup(s.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := s.Client()
	client.Jar = jar
	call := func(verb, path, body string) int {
		req, err := http.NewRequestWithContext(t.Context(), verb, s.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", b.public().Header())
		req.Header.Set("Content-Type", "application/json")
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		_, _ = io.Copy(io.Discard, res.Body)
		return res.StatusCode
	}
	b.send(alice)
	body := fmt.Sprintf(`{"loginId":%q,"code":%q}`, alice, b.take(alice).Code)
	for _, step := range []struct {
		verb, path, body string
		want             int
	}{
		{http.MethodGet, descope.PathMe, "", 401},
		{http.MethodPost, descope.Path(descope.PathOTPVerify, descope.MethodSMS), body, 200},
		{http.MethodGet, descope.PathMe, "", 200},
		{http.MethodPost, descope.PathRefresh, "", 200},
		{http.MethodPost, descope.PathLogout, "", 200},
		{http.MethodGet, descope.PathMe, "", 401},
	} {
		if got := call(step.verb, step.path, step.body); got != step.want {
			t.Errorf("%s: %d, want %d", step.path, got, step.want)
		}
	}
	u, err := url.Parse(s.URL)
	if err != nil || len(jar.Cookies(u)) != 0 {
		t.Errorf("the jar holds %v behind a logout (%v)", jar.Cookies(u), err)
	}
}

// An answer that a fault replaced gives out no token, in cookies as little as in its body.
func TestFaultLosesCookies(t *testing.T) {
	t.Parallel()
	b := newBench(t, inCookies)
	b.faulty(policy.Fault{Name: "lost", Match: verifyLink, Phase: policy.PhaseAfterCommit, Action: policy.FaultStatus})
	r := b.signedIn()
	if got := r.cookies(t); r.status != http.StatusServiceUnavailable || len(got) != 0 {
		t.Errorf("answer %d with cookies %v, want 503 and none", r.status, got)
	}
}

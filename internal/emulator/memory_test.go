package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// census counts everything that a project keeps.
type census struct {
	Users, Logins, Pending, Links, Codes, Sessions, Issued, Deadlines, Unread, Read, Recipients, Waiters int
}

func (p *project) census() census {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.inbox.mu.Lock()
	defer p.inbox.mu.Unlock()
	c := census{
		Users: len(p.users.byID), Logins: len(p.users.byLogin.oldest), Pending: len(p.users.pending.oldest), Links: len(p.links),
		Sessions: len(p.sessions), Issued: len(p.issued), Deadlines: len(p.expiry.queue), Unread: p.inbox.unreadCount, Read: len(p.inbox.read),
		Recipients: len(p.inbox.byRecipient), Waiters: len(p.inbox.waiters),
	}
	for _, u := range p.users.byID {
		c.Codes += len(u.codes)
	}
	for u := range p.users.pending.each {
		c.Codes += len(u.codes)
	}
	return c
}

// crowd drives a project from inside.
type crowd struct {
	t   testing.TB
	e   *Emulator
	p   *project
	api http.Handler
	now time.Time
}

func newCrowd(t testing.TB) *crowd {
	t.Helper()
	c := &crowd{t: t, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	e := New(Options{Clock: func() time.Time { return c.now }, Seed: 1})
	settings := policy.Default()
	settings.SigningAlg = policy.ES256
	made, err := e.CreateProject("", secret.New("Kkey"), settings)
	if err != nil {
		t.Fatal(err)
	}
	c.e = e
	c.p, _ = e.project(made.ID)
	c.api = e.Handler()
	return c
}

func (c *crowd) post(path, credential string, body any, out any) {
	c.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		c.t.Fatal(err)
	}
	req := httptest.NewRequestWithContext(c.t.Context(), http.MethodPost, path, strings.NewReader(string(text)))
	req.Header.Set("Authorization", "Bearer "+c.p.id+credential)
	req.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	c.api.ServeHTTP(w, req)
	if w.Code != http.StatusOK {
		c.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	if out != nil {
		if err := json.Unmarshal(w.Body.Bytes(), out); err != nil {
			c.t.Fatal(err)
		}
	}
}

// visit is the life of one user: sign up, sign in by code, start an update,
// leave a link unused, be deleted.
func (c *crowd) visit(i int) {
	c.t.Helper()
	login := fmt.Sprintf("+1555%07d", i)
	id := descope.Identity{LoginID: login}
	sms := descope.MethodSMS
	c.post(descope.Path(descope.PathMagicLinkSignUp, sms), "", descope.SignUpRequest{Identity: id}, nil)
	var auth descope.AuthResponse
	c.post(descope.PathMagicLinkVerify, "", descope.VerifyLinkRequest{Token: tokenIn(c.read(login))}, &auth)
	c.post(descope.Path(descope.PathOTPSignIn, sms), "", descope.SignInRequest{Identity: id}, nil)
	c.post(descope.Path(descope.PathOTPVerify, sms), "", descope.VerifyCodeRequest{Identity: id, Code: c.read(login).Code}, nil)
	c.post(descope.Path(descope.PathOTPUpdatePhone, sms), ":"+auth.RefreshJWT, descope.UpdatePhoneRequest{Identity: id, Phone: "+15559999999"}, nil)
	c.read("+15559999999")
	c.post(descope.PathEmbeddedLinkSignIn, ":Kkey", descope.EmbeddedSignInRequest{Identity: id}, nil)
	c.post(descope.PathUserDelete, ":Kkey", descope.UserRequest{Identity: id}, nil)
}

func tokenIn(m message) string {
	_, t, _ := strings.Cut(m.Link, "?t=")
	return t
}

func (c *crowd) read(recipient string) message {
	c.t.Helper()
	found, _, err := c.p.inbox.wait(c.t.Context(), recipient, 0, false)
	if err != nil || len(found) != 1 {
		c.t.Fatalf("messages for %s: %v, %v", recipient, found, err)
	}
	c.p.inbox.markRead(found[0].ID)
	return *found[0]
}

func TestVisitorsLeaveNothing(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	for i := range 500 {
		c.visit(i)
	}
	want := census{Read: readLimit}
	if diff := cmp.Diff(c.p.census(), want); diff != "" {
		t.Errorf("left behind (-got +want):\n%s", diff)
	}
	if got := len(c.p.inbox.unread); got > 128 {
		t.Errorf("%d entries in the list of the unread", got)
	}
}

// What nobody redeems, reads or deletes goes away with the time, users apart.
func TestTimeTakesTheRest(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	sms := descope.MethodSMS
	id := descope.Identity{LoginID: "+15555550101"}
	c.post(descope.Path(descope.PathMagicLinkSignUp, sms), "", descope.SignUpRequest{Identity: id}, nil)
	c.post(descope.PathMagicLinkVerify, "", descope.VerifyLinkRequest{Token: tokenIn(c.read(id.LoginID))}, nil)
	for i := range 100 {
		other := descope.Identity{LoginID: fmt.Sprintf("+1555%07d", i)}
		c.post(descope.Path(descope.PathMagicLinkSignUp, sms), "", descope.SignUpRequest{Identity: other}, nil)
		c.post(descope.Path(descope.PathOTPSignUp, sms), "", descope.SignUpRequest{Identity: other}, nil)
		c.post(descope.Path(descope.PathOTPSignIn, sms), "", descope.SignInRequest{Identity: id}, nil)
		c.post(descope.Path(descope.PathMagicLinkSignIn, sms), "", descope.SignInRequest{Identity: id}, nil)
	}
	lone := descope.Identity{LoginID: "+15556666666"} // a sign-up by link alone
	c.post(descope.Path(descope.PathMagicLinkSignUp, sms), "", descope.SignUpRequest{Identity: lone}, nil)
	want := census{Users: 1, Logins: 1, Pending: 101, Links: 201, Codes: 101, Sessions: 1, Issued: 1, Deadlines: 303, Unread: 401, Read: 1, Recipients: 102}
	if diff := cmp.Diff(c.p.census(), want); diff != "" {
		t.Errorf("before (-got +want):\n%s", diff)
	}
	c.now = c.now.Add(c.p.policy().RefreshTokenExpiration.Std())
	c.post(descope.PathUserSearch, ":Kkey", struct{}{}, nil)
	want = census{Users: 1, Logins: 1, Unread: 401, Read: 1, Recipients: 102}
	if diff := cmp.Diff(c.p.census(), want); diff != "" {
		t.Errorf("after (-got +want):\n%s", diff)
	}
}

// A sign-in that there is no room for is refused, consumes nothing and ends no
// other session.
func TestSessionsOfOneUserAreBounded(t *testing.T) {
	t.Parallel()
	const limit = 20
	c := newCrowd(t)
	c.p.sessionLimit = limit
	id := descope.Identity{LoginID: "alice"}
	c.post(descope.PathUserCreate, ":Kkey", descope.CreateUserRequest{Identity: id}, nil)
	link := func() (token string) {
		var out descope.EmbeddedLinkResponse
		c.post(descope.PathEmbeddedLinkSignIn, ":Kkey", descope.EmbeddedSignInRequest{Identity: id}, &out)
		return out.Token
	}
	var auth descope.AuthResponse
	for range limit {
		c.post(descope.PathMagicLinkVerify, "", descope.VerifyLinkRequest{Token: link()}, &auth)
	}
	token := link()
	err := c.p.locked(func(now time.Time) error {
		_, err := c.p.redeemLink(now, token)
		return err
	})
	if status, body := failure(err); status != http.StatusTooManyRequests || body.ErrorCode != "EAB0429" {
		t.Errorf("one session too many: %d %+v, want 429 EAB0429", status, body)
	}
	if got := c.p.census(); got.Sessions != limit || got.Links != 1 {
		t.Errorf("census %+v, want %d sessions and 1 link", got, limit)
	}
	c.post(descope.PathLogout, ":"+auth.RefreshJWT, struct{}{}, nil)
	c.post(descope.PathMagicLinkVerify, "", descope.VerifyLinkRequest{Token: token}, nil)
	if got := c.p.census(); got.Sessions != limit || got.Deadlines != limit || got.Links != 0 {
		t.Errorf("census %+v, want %d sessions", got, limit)
	}
}

// A wait in vain leaves nothing behind either.
func TestWaitersAreForgotten(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	for i := range 10 {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet,
			fmt.Sprintf("/_ab/projects/%s/messages?recipient=r%d&wait=1ms", c.p.id, i), nil)
		req.Header.Set("Authorization", "Bearer T")
		w := httptest.NewRecorder()
		e := &Emulator{projects: map[string]*project{c.p.id: c.p}}
		e.Admin(secret.New("T")).ServeHTTP(w, req)
		if w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	if got := c.p.census().Waiters; got != 0 {
		t.Errorf("%d waiters are left", got)
	}
}

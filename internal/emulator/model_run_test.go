package emulator_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// TestModel does the same to the emulator and to the model, in thousands of sequences
// that nobody thought of, and compares every answer and what is there after it. A
// sequence that differs is cut down to the shortest that does. Each part is a hundred of
// them, the default of the library.
func TestModel(t *testing.T) {
	t.Parallel()
	for part := range parts {
		t.Run(fmt.Sprint(part), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) { newPair(t).walk(t) })
		})
	}
}

// pair is the emulator and its model. The handlers are called without sockets.
type pair struct {
	model      *model
	clock      *clock
	api, admin http.Handler
	project    emulator.Project
}

func newPair(t *rapid.T) *pair {
	c := newClock()
	p := policy.Default()
	p.SigningAlg = policy.EdDSA
	p.OTP.Attempts = rapid.IntRange(1, 3).Draw(t, "attempts")
	p.RefreshTokenRotation = rapid.Bool().Draw(t, "rotation")
	p.RefreshTokenExpiration = policy.Duration(time.Hour)
	p.TenantUserIsolation = rapid.Bool().Draw(t, "apart")
	e := emulator.New(emulator.Options{Clock: c.Now, Seed: 7})
	made, err := e.CreateProject("", secretNone, p)
	if err != nil {
		t.Fatal(err)
	}
	return &pair{
		model: &model{
			now: c.Now(), otpLife: p.OTP.ExpirationTime.Std(), linkLife: p.MagicLink.ExpirationTime.Std(),
			attempts: p.OTP.Attempts, rotation: p.RefreshTokenRotation, sessLife: p.RefreshTokenExpiration.Std(),
			apart: p.TenantUserIsolation,
		},
		clock: c, project: made, api: e.Handler(), admin: e.Admin(secret.New(adminKey)),
	}
}

func (p *pair) walk(t *rapid.T) {
	t.Repeat(map[string]func(*rapid.T){
		"send a link":   func(t *rapid.T) { p.send(t, false) },
		"send a code":   func(t *rapid.T) { p.send(t, true) },
		"redeem a link": p.redeemLink,
		"redeem a code": p.redeemCode,
		"change by link": func(t *rapid.T) {
			p.update(t, false)
		},
		"change by code": func(t *rapid.T) { p.update(t, true) },
		"refresh":        p.refresh,
		"log out":        func(t *rapid.T) { p.end(t, descope.PathLogout) },
		"log out all":    func(t *rapid.T) { p.end(t, descope.PathLogoutAll) },
		"delete":         p.remove,
		"move":           p.move,
		"wait":           p.wait,
		"":               p.compare,
	})
}

func number(t *rapid.T, label string) string {
	return fmt.Sprintf("+1555555010%d", rapid.IntRange(1, 4).Draw(t, label))
}

// tenant draws one that is named, or none. Without isolation few sign-ins name any.
func (p *pair) tenant(t *rapid.T) string {
	if p.model.apart == sometimes(t, "another way") {
		return ""
	}
	return rapid.SampledFrom([]string{"T1", "T2"}).Draw(t, "tenant")
}

func sometimes(t *rapid.T, label string) bool { return rapid.IntRange(0, 2).Draw(t, label) == 0 }

// call sends a request to the API.
func (p *pair) call(t *rapid.T, path string, bearer descope.Bearer, body any) reply {
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return p.serve(t, p.api, http.MethodPost, path, bearer.Header(), string(text))
}

func (p *pair) serve(t *rapid.T, h http.Handler, verb, path, authorization, body string) reply {
	req := httptest.NewRequestWithContext(t.Context(), verb, path, strings.NewReader(body))
	req.Header.Set("Authorization", authorization)
	req.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return reply{w.Code, w.Header(), w.Body.String()}
}

func (p *pair) public() descope.Bearer { return descope.Bearer{Project: p.project.ID} }

func (p *pair) as(jwt string) descope.Bearer { return descope.Bearer{Project: p.project.ID, JWT: jwt} }

// same compares the code of an answer with the one that the model gives.
func same(t *rapid.T, r reply, code string) {
	if got := codeOf(t, r); got != code {
		t.Fatalf("the emulator answers %q and the model %q: %d %s", got, code, r.status, r.text)
	}
}

func codeOf(t *rapid.T, r reply) string {
	if r.status == http.StatusOK {
		return ""
	}
	var e descope.ErrorBody
	if err := json.Unmarshal([]byte(r.text), &e); err != nil || e.ErrorCode == "" {
		t.Fatalf("answer %d %q: %v", r.status, r.text, err)
	}
	return e.ErrorCode
}

func into(t *rapid.T, r reply, v any) {
	if err := json.Unmarshal([]byte(r.text), v); err != nil {
		t.Fatalf("answer %q: %v", r.text, err)
	}
}

// message takes the one message that must be there, and it alone.
func (p *pair) message(t *rapid.T, recipient string) sent {
	base := "/_ab/projects/" + p.project.ID + "/messages"
	var out struct{ Messages []sent }
	into(t, p.serve(t, p.admin, http.MethodGet, base, "Bearer "+adminKey, ""), &out)
	if len(out.Messages) != 1 || out.Messages[0].Recipient != recipient {
		t.Fatalf("messages %+v, want one to %s", out.Messages, recipient)
	}
	p.serve(t, p.admin, http.MethodPost, base+"/"+out.Messages[0].ID+"/read", "Bearer "+adminKey, "")
	return out.Messages[0]
}

// took notes what was sent for an intent.
func (p *pair) took(t *rapid.T, in mIntent, asCode bool) {
	m := p.message(t, in.contact)
	if asCode {
		p.model.addCode(in, m.Code)
		return
	}
	u, err := url.Parse(m.Link)
	if err != nil {
		t.Fatal(err)
	}
	p.model.addLink(in, u.Query().Get("t"))
}

func (p *pair) send(t *rapid.T, asCode bool) {
	verb, login := rapid.SampledFrom([]string{"signup", "signin", "signup-in"}).Draw(t, "verb"), number(t, "login")
	family := "magiclink"
	if asCode {
		family = "otp"
	}
	tenant := p.tenant(t)
	in, code := p.model.aim(verb, login, tenant)
	same(t, p.call(t, "/v1/auth/"+family+"/"+verb+"/sms", p.public(), descope.SignInRequest{Identity: identity(login), TenantID: tenant}), code)
	if code == "" {
		p.took(t, in, asCode)
	}
}

func (p *pair) update(t *rapid.T, asCode bool) {
	jwt, login, phone := p.jwt(t), number(t, "login"), number(t, "phone")
	options := descope.UpdateOptions{
		AddToLoginIDs: rapid.Bool().Draw(t, "add"), OnMergeUseExisting: rapid.Bool().Draw(t, "existing"), FailOnConflict: sometimes(t, "fail"),
	}
	path := descope.Path(descope.PathMagicLinkUpdatePhone, descope.MethodSMS)
	if asCode {
		path = descope.Path(descope.PathOTPUpdatePhone, descope.MethodSMS)
	}
	in, code := p.model.aimUpdate(jwt, login, phone, options)
	same(t, p.call(t, path, p.as(jwt), descope.UpdatePhoneRequest{Identity: identity(login), Phone: phone, UpdateOptions: options}), code)
	if code == "" {
		p.took(t, in, asCode)
	}
}

func (p *pair) redeemLink(t *rapid.T) {
	token := "garbage"
	if n := len(p.model.links); n > 0 && !sometimes(t, "garbage") {
		token = p.model.links[rapid.IntRange(0, n-1).Draw(t, "link")].token
	}
	s, first, code := p.model.redeemLink(token)
	p.opened(t, p.call(t, descope.PathMagicLinkVerify, p.public(), descope.VerifyLinkRequest{Token: token}), s, first, code)
}

func (p *pair) redeemCode(t *rapid.T) {
	login, digits := number(t, "login"), "000000"
	if n := len(p.model.codes); n > 0 && !sometimes(t, "wrong") {
		c := p.model.codes[rapid.IntRange(0, n-1).Draw(t, "code")]
		digits = c.digits
		if !sometimes(t, "elsewhere") {
			login = c.user.logins[0]
		}
	}
	tenant := p.tenant(t)
	s, first, code := p.model.redeemCode(login, tenant, digits)
	p.opened(t, p.call(t, otpVerify, p.public(), descope.VerifyCodeRequest{Identity: identity(login), Code: digits, TenantID: tenant}), s, first, code)
}

// opened compares what a redemption came to.
func (p *pair) opened(t *rapid.T, r reply, s *mSession, first bool, code string) {
	same(t, r, code)
	if code != "" {
		return
	}
	var auth descope.AuthResponse
	into(t, r, &auth)
	p.model.give(s, auth.RefreshJWT)
	s.user.id = auth.User.UserID
	p.forTenant(t, s, auth.SessionJWT)
	if auth.FirstSeen != first || auth.User.Phone != s.user.phone || auth.User.VerifiedPhone != s.user.verified {
		t.Fatalf("first seen %v, %s verified %v; the model says %v, %s, %v", auth.FirstSeen, auth.User.Phone, auth.User.VerifiedPhone, first, s.user.phone, s.user.verified)
	}
}

// forTenant compares the tenant that a session says it is for.
func (p *pair) forTenant(t *rapid.T, s *mSession, jwt string) {
	text, err := base64.RawURLEncoding.DecodeString(strings.Split(jwt, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		Tenant string `json:"dct"`
	}
	if err := json.Unmarshal(text, &claims); err != nil || claims.Tenant != s.dct() {
		t.Fatalf("the session is for tenant %q; the model says %q: %v", claims.Tenant, s.dct(), err)
	}
}

// jwt draws a refresh JWT that was issued once, or none that ever was.
func (p *pair) jwt(t *rapid.T) string {
	n := len(p.model.sessions)
	if n == 0 {
		return "e30.e30.e30"
	}
	tokens := p.model.sessions[rapid.IntRange(0, n-1).Draw(t, "session")].tokens
	return tokens[rapid.IntRange(0, len(tokens)-1).Draw(t, "refresh JWT")].jwt
}

func (p *pair) refresh(t *rapid.T) {
	jwt := p.jwt(t)
	s, code := p.model.session(jwt)
	r := p.call(t, descope.PathRefresh, p.as(jwt), struct{}{})
	same(t, r, code)
	if code != "" {
		return
	}
	var auth descope.AuthResponse
	into(t, r, &auth)
	p.forTenant(t, s, auth.SessionJWT)
	if (auth.RefreshJWT != "") != p.model.rotation {
		t.Fatalf("rotation %v, and the answer has a refresh JWT: %v", p.model.rotation, auth.RefreshJWT != "")
	}
	if p.model.rotation {
		p.model.give(s, auth.RefreshJWT)
	}
}

func (p *pair) end(t *rapid.T, path string) {
	jwt := p.jwt(t)
	s, code := p.model.session(jwt)
	same(t, p.call(t, path, p.as(jwt), struct{}{}), code)
	if code != "" {
		return
	}
	for _, other := range p.model.sessions {
		other.closed = other.closed || other == s || path == descope.PathLogoutAll && other.user == s.user
	}
}

func (p *pair) remove(t *rapid.T) {
	login, code := number(t, "login"), ""
	switch found := p.model.named(login); len(found) {
	case 0:
		code = descope.CodeMgmtUserNotFound
	case 1:
		p.model.remove(found[0])
	default:
		code = descope.CodeInvalidArguments
	}
	same(t, p.call(t, descope.PathUserDelete, p.manager(), descope.UserRequest{Identity: identity(login)}), code)
}

// move gives a user of the model other tenants.
func (p *pair) move(t *rapid.T) {
	known := p.model.those(func(u *mUser) bool { return u.id != "" })
	if len(known) == 0 {
		return
	}
	u := rapid.SampledFrom(known).Draw(t, "user")
	tenants := rapid.SampledFrom([][]string{{}, {"T1"}, {"T2"}, {"T1", "T2"}}).Draw(t, "tenants")
	change := descope.PatchUserRequest{Identity: identity(u.id), UserTenants: []descope.UserTenant{}}
	for _, id := range tenants {
		change.UserTenants = append(change.UserTenants, descope.UserTenant{TenantID: id})
	}
	text, err := json.Marshal(change)
	if err != nil {
		t.Fatal(err)
	}
	code := p.model.move(u, tenants)
	same(t, p.serve(t, p.api, http.MethodPatch, descope.PathUserPatch, p.manager().Header(), string(text)), code)
}

func (p *pair) manager() descope.Bearer {
	return descope.Bearer{Project: p.project.ID, Key: p.project.ManagementKey.Reveal()}
}

func (p *pair) wait(t *rapid.T) {
	d := rapid.SampledFrom([]time.Duration{
		time.Second, 179 * time.Second, 180 * time.Second, 10 * time.Minute, 59 * time.Minute,
	}).Draw(t, "time")
	p.clock.advance(d)
	p.model.now = p.clock.Now()
}

// compare looks whether both know the same users.
func (p *pair) compare(t *rapid.T) {
	var found descope.SearchUsersResponse
	into(t, p.call(t, descope.PathUserSearch, p.manager(), struct{}{}), &found)
	got := map[string]string{}
	for _, u := range found.Users {
		var tenants []string
		for _, of := range u.UserTenants {
			tenants = append(tenants, of.TenantID)
		}
		for _, login := range u.LoginIDs {
			for _, place := range p.model.places(login, tenants) {
				if _, twice := got[place]; twice {
					t.Fatalf("two users have the login ID %s", place)
				}
				got[place] = description(u.Phone, tenants)
			}
		}
	}
	if diff := cmp.Diff(got, p.model.directory()); diff != "" {
		t.Fatalf("users by login ID (-emulator +model):\n%s", diff)
	}
}

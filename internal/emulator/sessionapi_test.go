package emulator_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// A client that tries gets a session or nothing, and no error.
func TestTryRefresh(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	auth := b.signUp(alice)
	try := func(bearer, body string) reply {
		return b.do(http.MethodPost, descope.PathTryRefresh, bearer, "application/json", body)
	}
	for _, body := range []string{``, `null`, `{}`, `{"externalToken":"","unknown":1}`} {
		b.clock.advance(time.Second)
		var next descope.AuthResponse
		try(b.as(auth.RefreshJWT).Header(), body).into(t, &next)
		if c := claims(t, next.SessionJWT); c["iat"] != float64(b.clock.Now().Unix()) || next.User == nil {
			t.Errorf("%s: claims %v", body, c)
		}
	}
	for name, bearer := range map[string]string{
		"none": b.public().Header(), "garbage": b.public().Header() + ":garbage", "no signature": b.public().Header() + ":a.b.c",
		"session JWT": b.as(auth.SessionJWT).Header(),
	} {
		if r := try(bearer, `{}`); r.status != 200 || r.text != "{}" {
			t.Errorf("%s: %d %s, want 200 {}", name, r.status, r.text)
		}
	}
	b.post(descope.PathLogout, b.as(auth.RefreshJWT), struct{}{})
	if r := try(b.as(auth.RefreshJWT).Header(), ``); r.status != 200 || r.text != "{}" {
		t.Errorf("after the logout: %d %s, want 200 {}", r.status, r.text)
	}
	try("Bearer Pnobody", ``).refused(t, 401, descope.CodeInvalidArguments, "project")
	try("", ``).refused(t, 401, descope.CodeMissingArguments)
	try(b.as(auth.RefreshJWT).Header()+":wrong", ``).refused(t, 401, descope.CodeUnauthorized)
	try(b.as(auth.RefreshJWT).Header(), `{"externalToken":"x"}`).refused(t, 501, descope.CodeNotEmulated, "externalToken")
}

func TestTryRefreshRotates(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.RefreshTokenRotation = true })
	auth := b.signUp(alice)
	var next descope.AuthResponse
	b.post(descope.PathTryRefresh, b.as(auth.RefreshJWT), struct{}{}).into(t, &next)
	if next.RefreshJWT == "" {
		t.Fatal("no refresh JWT")
	}
	b.me(next.RefreshJWT)
	if r := b.post(descope.PathTryRefresh, b.as(auth.RefreshJWT), struct{}{}); r.text != "{}" {
		t.Errorf("the old token: %s, want {}", r.text)
	}
	b.get(descope.PathMe, b.as(next.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut) // the reuse was seen
}

// F33: what the service says of a session JWT, before and after its end.
func TestF33Validate(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	auth := b.signUp(alice)
	validate := func(jwt, body string) reply {
		return b.do(http.MethodPost, descope.PathValidate, b.as(jwt).Header(), "application/json", body)
	}
	for _, body := range []string{``, `null`, `{}`, `{"unknown":[1]}`} {
		var out descope.ValidateResponse
		validate(auth.SessionJWT, body).into(t, &out)
		if diff := cmp.Diff(out.ParsedJWT, claims(t, auth.SessionJWT)); diff != "" {
			t.Errorf("claims (-got +want):\n%s", diff)
		}
	}
	key := b.project.AuthManagementKey.Reveal()
	if r := b.post(descope.PathValidate, descope.Bearer{Project: b.project.ID, JWT: auth.SessionJWT, Key: key}, struct{}{}); r.status != 200 {
		t.Errorf("three parts: %s", r.text)
	}
	b.post(descope.PathValidate, b.public(), struct{}{}).refused(t, 401, descope.CodeMissingArguments, "session token")
	validate(auth.RefreshJWT, ``).refused(t, 401, descope.CodeInvalidArguments, "session token")
	validate("a.b.c", ``).refused(t, 401, descope.CodeInvalidArguments)
	validate(auth.SessionJWT[:len(auth.SessionJWT)-4]+"AAAA", ``).refused(t, 401, descope.CodeInvalidArguments)
	validate(auth.SessionJWT, `[`).refused(t, 400, descope.CodeBadRequest)

	b.clock.advance(10 * time.Minute)
	validate(auth.SessionJWT, ``).refused(t, 401, descope.CodeInvalidArguments, "expired")
	again := b.signUp(alice)
	b.post(descope.PathLogoutAll, b.as(again.RefreshJWT), struct{}{})
	validate(again.SessionJWT, ``).refused(t, 401, descope.CodeLoggedOut)
	b.get(descope.PathMe, b.as(again.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut)
}

func TestHistory(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.signUp(alice)
	b.clock.advance(time.Minute)
	auth := b.signUp(alice)
	b.post(descope.PathRefresh, b.as(auth.RefreshJWT), struct{}{}) // no sign-in
	other := b.signUp(bob)
	var mine []descope.UserVisit
	b.get(descope.PathMyHistory, b.as(auth.RefreshJWT)).into(t, &mine)
	now := int32(b.clock.Now().Unix())
	want := []descope.UserVisit{
		{UserID: first.User.UserID, LoginTime: now, IP: "127.0.0.1"}, {UserID: first.User.UserID, LoginTime: now - 60, IP: "127.0.0.1"},
	}
	if diff := cmp.Diff(mine, want); diff != "" {
		t.Errorf("history (-got +want):\n%s", diff)
	}
	var all []descope.UserVisit
	b.manage(http.MethodPost, descope.PathUsersHistory, `["`+other.User.UserID+`","U0","`+first.User.UserID+`"]`).into(t, &all)
	if len(all) != 3 || all[0].UserID != other.User.UserID {
		t.Errorf("history of two: %+v", all)
	}
	b.get(descope.PathMyHistory, b.public()).refused(t, 401, descope.CodeMissingArguments)
	b.manage(http.MethodPost, descope.PathUsersHistory, `{"userIds":[]}`).refused(t, 400, descope.CodeBadRequest)
	b.manage(http.MethodPost, descope.PathUsersHistory, ``).refused(t, 400, descope.CodeInvalidRequest)
}

func TestHistoryIsBounded(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	auth := b.signUp(alice)
	for range 55 {
		b.clock.advance(time.Second)
		auth = b.embed(descope.EmbeddedSignInRequest{Identity: identity(alice)})
	}
	var mine []descope.UserVisit
	b.get(descope.PathMyHistory, b.as(auth.RefreshJWT)).into(t, &mine)
	now := int32(b.clock.Now().Unix())
	if len(mine) != 50 || mine[0].LoginTime != now || mine[49].LoginTime != now-49 {
		t.Errorf("%d visits, %+v", len(mine), mine)
	}
}

// F37: both routes of the keys need no bearer and show public parameters only.
func TestF37Keys(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.SigningAlg = policy.RS256 })
	object, err := jose.ParseSignedCompact(b.signUp(alice).SessionJWT, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		t.Fatal(err)
	}
	var set struct{ Keys []map[string]any }
	r := b.do(http.MethodGet, descope.KeysPath(b.project.ID)+"?certs=true", "", "", "")
	r.into(t, &set)
	var legacy []map[string]any
	b.do(http.MethodGet, strings.Replace(descope.PathKeysV1, "{project}", b.project.ID, 1), b.manager().Header(), "", "").into(t, &legacy)
	if diff := cmp.Diff(legacy, set.Keys); diff != "" {
		t.Errorf("v1 (-got +want):\n%s", diff)
	}
	for _, key := range set.Keys {
		for name := range key {
			if !slices.Contains([]string{"kty", "alg", "use", "kid", "n", "e"}, name) {
				t.Errorf("parameter %s", name)
			}
		}
	}
	if got, want := set.Keys[0]["kid"], any(object.Signatures[0].Header.KeyID); got != want {
		t.Errorf("kid %v, want %v", got, want)
	}
	if got := r.header.Get("Cache-Control"); got == "" {
		t.Error("no Cache-Control")
	}
	for _, path := range []string{"/v1/keys/Pnobody", "/v2/keys/Pnobody", "/v1/keys/"} {
		b.do(http.MethodGet, path, "", "", "").refused(t, 401, descope.CodeInvalidArguments, "project")
	}
	b.do(http.MethodPost, "/v1/keys/"+b.project.ID, "", "", "").refused(t, 405, descope.CodeWrongVerb)
}

// F27: revokeOtherSessions ends the others, of some types if it says so.
func TestF27RevokeOtherSessions(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	open := func(kind string) descope.AuthResponse {
		return b.embed(descope.EmbeddedSignInRequest{Identity: identity(alice), CustomClaims: map[string]any{descope.ClaimSessionType: kind}})
	}
	signIn := func(options string) descope.AuthResponse {
		r := b.do(http.MethodPost, descope.Path(descope.PathMagicLinkSignIn, descope.MethodSMS), b.public().Header(), "application/json",
			`{"loginId":"`+alice+`","loginOptions":`+options+`}`)
		if r.status != 200 {
			t.Fatal(r.text)
		}
		return b.redeem(b.take(alice).token(t))
	}
	web, phone := open("web"), open("mobile")
	current := signIn(`{"revokeOtherSessions":true,"revokeOtherSessionsTypes":[" web ","other"]}`)
	b.get(descope.PathMe, b.as(web.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut)
	b.me(phone.RefreshJWT)
	signIn(`{"revokeOtherSessionsTypes":["mobile"]}`) // types alone revoke nothing
	b.me(phone.RefreshJWT)
	last := signIn(`{"revokeOtherSessions":true,"revokeOtherSessionsTypes":null}`)
	for _, gone := range []descope.AuthResponse{phone, current} {
		b.post(descope.PathRefresh, b.as(gone.RefreshJWT), struct{}{}).refused(t, 401, "E064001")
	}
	b.me(last.RefreshJWT)
	b.do(http.MethodPost, descope.Path(descope.PathMagicLinkSignIn, descope.MethodSMS), b.public().Header(), "application/json",
		`{"loginId":"`+alice+`","loginOptions":{"revokeOtherSessions":true,"revokeOtherSessionsTypes":[" "]}}`).
		refused(t, 400, descope.CodeInvalidRequest, "revokeOtherSessionsTypes")
	b.quiet("")

	// The management ends sessions by their type as well.
	web = open("web")
	b.manage(http.MethodPost, descope.PathUserLogout, `{"loginId":"`+alice+`","sessionTypes":["web"]}`).into(t, &struct{}{})
	b.get(descope.PathMe, b.as(web.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut)
	b.me(last.RefreshJWT)
	many, err := json.Marshal(make([]string, 21))
	if err != nil {
		t.Fatal(err)
	}
	b.manage(http.MethodPost, descope.PathUserLogout, `{"loginId":"`+alice+`","sessionTypes":`+string(many)+`}`).
		refused(t, 400, descope.CodeInvalidRequest, "sessionTypes")
	b.manage(http.MethodPost, descope.PathUserLogout, `{"loginId":"`+alice+`","sessionTypes":null}`).into(t, &struct{}{})
	b.get(descope.PathMe, b.as(last.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut)
}

// A session that is over needs no body to say so, and takes any.
func TestLogoutBodies(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, path := range []string{descope.PathLogout, descope.PathLogoutAll} {
		for _, body := range []string{``, `null`, `{}`, ` `, `{"logoutType":null}`, `{"logoutType":[]}`} {
			auth := b.signUp(alice)
			kind := "application/json"
			if body == "" {
				kind = "" // as some SDKs do
			}
			var out descope.AuthResponse
			b.do(http.MethodPost, path, b.as(auth.RefreshJWT).Header(), kind, body).into(t, &out)
			if out.SessionJWT != "" || out.RefreshJWT != "" {
				t.Errorf("%s %q: tokens in the answer", path, body)
			}
			b.get(descope.PathMe, b.as(auth.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut)
		}
		auth := b.signUp(alice)
		b.do(http.MethodPost, path, b.as(auth.RefreshJWT).Header(), "application/json", `{"logoutType":["x"]}`).refused(t, 501, descope.CodeNotEmulated, "logoutType")
		b.me(auth.RefreshJWT)
	}
}

func TestLicenseTier(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.RateLimitTier = "tier2" })
	var out descope.LicenseResponse
	b.get(descope.PathLicense, b.manager()).into(t, &out)
	if out.RateLimitTier != "tier2" {
		t.Errorf("tier %s", out.RateLimitTier)
	}
}

package emulator_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// claims reads a JWT without checking it.
func claims(tb testing.TB, jwt string) map[string]any {
	tb.Helper()
	parts := strings.Split(jwt, ".")
	if len(parts) != 3 {
		tb.Fatalf("%q is no JWT", jwt)
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		tb.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(text, &out); err != nil {
		tb.Fatal(err)
	}
	return out
}

func (b *bench) keys() jose.JSONWebKeySet {
	b.t.Helper()
	var set jose.JSONWebKeySet
	b.do(http.MethodGet, descope.KeysPath(b.project.ID), "", "", "").into(b.t, &set)
	return set
}

func TestTokensVerifyAgainstTheKeys(t *testing.T) {
	t.Parallel()
	for _, algorithm := range policy.SigningAlgs() {
		t.Run(algorithm, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, func(p *policy.Project) { p.SigningAlg = algorithm })
			auth := b.signUp(alice)
			set := b.keys()
			if len(set.Keys) != 1 || !set.Keys[0].IsPublic() || set.Keys[0].Use != "sig" || set.Keys[0].Algorithm != algorithm {
				t.Fatalf("keys %+v", set)
			}
			ids := map[any]bool{}
			for kind, jwt := range map[string]string{"DS": auth.SessionJWT, "DSR": auth.RefreshJWT} {
				object, err := jose.ParseSignedCompact(jwt, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(algorithm)})
				if err != nil {
					t.Fatal(err)
				}
				header := object.Signatures[0].Header
				if header.KeyID != set.Keys[0].KeyID || header.ExtraHeaders["typ"] != "JWT" {
					t.Errorf("header %+v", header)
				}
				if _, err := object.Verify(set.Keys[0].Key); err != nil {
					t.Errorf("%s: %v", kind, err)
				}
				c := claims(t, jwt)
				now, life := float64(b.clock.Now().Unix()), 600.0
				if kind == "DSR" {
					life = 28 * 24 * 3600
				}
				want := map[string]any{
					"iss": b.project.ID, "sub": auth.User.UserID, "drn": kind, "iat": now, "exp": now + life,
					"rexp": b.clock.Now().Add(28 * 24 * time.Hour).Format(time.RFC3339), "amr": []any{"sms"}, "jti": c["jti"], "sid": c["sid"],
				}
				if diff := cmp.Diff(c, want); diff != "" {
					t.Errorf("%s claims (-got +want):\n%s", kind, diff)
				}
				ids[c["jti"]] = true
			}
			if len(ids) != 2 || ids[""] || ids[nil] {
				t.Errorf("token IDs %v are not two", ids)
			}
			if int64(auth.SessionExpiration) != b.clock.Now().Unix()+600 || auth.NextRefreshSeconds != 580 {
				t.Errorf("sessionExpiration %d, nextRefreshSeconds %d", auth.SessionExpiration, auth.NextRefreshSeconds)
			}
		})
	}
}

func TestF32Refresh(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	auth := b.signUp(alice)
	seen := map[any]bool{claims(t, auth.SessionJWT)["jti"]: true}
	for range 3 {
		b.clock.advance(time.Hour)
		var next descope.AuthResponse
		b.do(http.MethodPost, descope.PathRefresh, b.as(auth.RefreshJWT).Header(), "application/json", "").into(t, &next)
		c := claims(t, next.SessionJWT)
		if seen[c["jti"]] || c["iat"] != float64(b.clock.Now().Unix()) || c["exp"] != float64(next.SessionExpiration) {
			t.Errorf("claims %v", c)
		}
		seen[c["jti"]] = true
		if next.RefreshJWT != "" || next.FirstSeen {
			t.Error("a refresh JWT without rotation, or a second first time")
		}
	}
	b.clock.advance(28 * 24 * time.Hour)
	b.post(descope.PathRefresh, b.as(auth.RefreshJWT), struct{}{}).refused(t, 401, descope.CodeInvalidArguments, "refresh token")
}

func TestRefreshTokensOfNoUse(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	auth := b.signUp(alice)
	parts := strings.Split(auth.RefreshJWT, ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","kid":"`+b.keys().Keys[0].KeyID+`"}`)) + "." + parts[1] + "."
	for name, jwt := range map[string]string{
		"garbage": "garbage", "dots": "a.b.c", "session JWT": auth.SessionJWT, "unsigned": none,
		"tampered": parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"drn":"DSR"}`)) + "." + parts[2],
	} {
		r := b.get(descope.PathMe, b.as(jwt))
		if r.status != 401 || r.code(t) != descope.CodeInvalidArguments && name != "unsigned" {
			t.Errorf("%s: %d %s", name, r.status, r.text)
		}
	}
	// A token of one project is of no use in another one.
	p2, err := b.emulator.CreateProject("", b.project.ManagementKey, policy.Default())
	if err != nil {
		t.Fatal(err)
	}
	b.get(descope.PathMe, descope.Bearer{Project: p2.ID, JWT: auth.RefreshJWT}).refused(t, 401, descope.CodeInvalidArguments)
}

// Whatever fraction of a second a token is issued at and its policy asks for,
// it lives for its full lifetime from its iat, and a refresh JWT works until its
// exp and not longer.
func TestTokensEndWhenTheySay(t *testing.T) {
	t.Parallel()
	for _, at := range []time.Duration{0, time.Millisecond, 500 * time.Millisecond, time.Second - time.Nanosecond} {
		b := newBench(t, func(p *policy.Project) {
			p.SessionTokenExpiration = policy.Duration(1500 * time.Millisecond)
			p.RefreshTokenExpiration = policy.Duration(time.Minute)
		})
		b.clock.advance(at)
		auth := b.signUp(alice)
		second := func(jwt, name string) int64 { return int64(claims(t, jwt)[name].(float64)) }
		if got := second(auth.SessionJWT, "exp") - second(auth.SessionJWT, "iat"); got != 2 {
			t.Errorf("%s: the session JWT lives for %d s, want 2", at, got)
		}
		if got := second(auth.RefreshJWT, "exp") - second(auth.RefreshJWT, "iat"); got != 60 {
			t.Errorf("%s: the refresh JWT lives for %d s, want 60", at, got)
		}
		end := time.Unix(second(auth.RefreshJWT, "exp"), 0)
		b.clock.advance(end.Add(-time.Nanosecond).Sub(b.clock.Now()))
		b.me(auth.RefreshJWT)
		b.clock.advance(time.Nanosecond)
		b.get(descope.PathMe, b.as(auth.RefreshJWT)).refused(t, 401, descope.CodeInvalidArguments)
	}
}

// A signature has one text. Each change of its last character is refused, also
// where it changes no bit that a lenient decoder would look at.
func TestTamperedSignature(t *testing.T) {
	t.Parallel()
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for _, algorithm := range policy.SigningAlgs() {
		b := newBench(t, func(p *policy.Project) { p.SigningAlg = algorithm })
		jwt := b.signUp(alice).RefreshJWT
		body, last := jwt[:len(jwt)-1], jwt[len(jwt)-1:]
		for _, c := range alphabet {
			if string(c) != last {
				b.get(descope.PathMe, b.as(body+string(c))).refused(t, 401, descope.CodeInvalidArguments)
			}
		}
		b.get(descope.PathMe, b.as(jwt+"=")).refused(t, 401, descope.CodeInvalidArguments)
		b.me(jwt)
	}
}

func TestF33N13Logout(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	one, two, three := b.signUp(alice), b.signUp(alice), b.signUp(alice)
	var out descope.AuthResponse
	b.post(descope.PathLogout, b.as(one.RefreshJWT), struct{}{}).into(t, &out)
	if out.SessionJWT != "" || out.RefreshJWT != "" {
		t.Errorf("logout answered with tokens")
	}
	for _, path := range []string{descope.PathRefresh, descope.PathLogout, descope.PathLogoutAll} {
		b.post(path, b.as(one.RefreshJWT), struct{}{}).refused(t, 401, descope.CodeLoggedOut, "Expired due to logout")
	}
	b.get(descope.PathMe, b.as(one.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut)
	b.get(descope.PathMe, b.as(one.SessionJWT)).refused(t, 401, descope.CodeInvalidArguments)
	b.me(two.RefreshJWT)
	if r := b.do(http.MethodPost, descope.PathLogoutAll, b.as(two.RefreshJWT).Header(), "application/json", ""); r.status != 200 {
		t.Errorf("logoutall without a body: %s", r.text)
	}
	b.get(descope.PathMe, b.as(three.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut)
	b.change(b.as(three.RefreshJWT), alice, newPhone, descope.UpdateOptions{}).refused(t, 401, descope.CodeLoggedOut)
	b.quiet(newPhone)
}

// signIn signs alice in with options and returns the tokens.
func (b *bench) signIn(bearer descope.Bearer, o descope.LoginOptions) descope.AuthResponse {
	b.t.Helper()
	r := b.post(descope.Path(descope.PathMagicLinkSignIn, descope.MethodSMS), bearer, descope.SignInRequest{Identity: identity(alice), LoginOptions: &o})
	if r.status != 200 {
		b.t.Fatalf("sign in: %d %s", r.status, r.text)
	}
	return b.redeem(b.take(alice).token(b.t))
}

func TestLoginOptions(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	one := b.signUp(alice)
	sms := descope.MethodSMS

	t.Run("F24 custom claims", func(t *testing.T) {
		auth := b.signIn(b.public(), descope.LoginOptions{CustomClaims: map[string]any{
			"plan": "x", "big": json.Number("12345678901234567890"), "sub": "evil", "exp": 1, "iss": "evil", "drn": "DSR", "roles": []string{"admin"},
		}})
		c := claims(t, auth.SessionJWT)
		if c["plan"] != "x" || c["sub"] != one.User.UserID || c["iss"] != b.project.ID || c["drn"] != "DS" || c["roles"] != nil || c["exp"] == 1.0 {
			t.Errorf("claims %v", c)
		}
		if text, _ := base64.RawURLEncoding.DecodeString(strings.Split(auth.SessionJWT, ".")[1]); !strings.Contains(string(text), "12345678901234567890") {
			t.Errorf("a large number lost digits: %s", text)
		}
		var next descope.AuthResponse
		b.post(descope.PathRefresh, b.as(auth.RefreshJWT), struct{}{}).into(t, &next)
		if claims(t, next.SessionJWT)["plan"] != "x" {
			t.Error("a refresh dropped the custom claims")
		}
	})

	t.Run("F25 step up", func(t *testing.T) {
		auth := b.signIn(b.as(one.RefreshJWT), descope.LoginOptions{StepUp: true})
		if claims(t, auth.SessionJWT)["su"] != true || claims(t, auth.RefreshJWT)["su"] != nil {
			t.Error("su is not in the session JWT alone")
		}
		path := descope.Path(descope.PathMagicLinkSignIn, sms)
		body := descope.SignInRequest{Identity: identity(alice), LoginOptions: &descope.LoginOptions{StepUp: true}}
		b.post(path, b.public(), body).refused(t, 401, descope.CodeMissingArguments, "refresh")
		body.LoginOptions = &descope.LoginOptions{MFA: true}
		b.post(path, b.as("a.b.c"), body).refused(t, 401, descope.CodeInvalidArguments)
		stranger := b.signUp(bob)
		b.post(path, b.as(stranger.RefreshJWT), body).refused(t, 400, descope.CodeInvalidArguments)
		b.quiet("")
	})

	t.Run("F26 mfa", func(t *testing.T) {
		r := b.post(descope.Path(descope.PathOTPSignIn, descope.MethodVoice), b.as(one.RefreshJWT),
			descope.SignInRequest{Identity: identity(alice), LoginOptions: &descope.LoginOptions{MFA: true}})
		if r.status != 200 {
			t.Fatal(r.text)
		}
		var auth descope.AuthResponse
		b.verifyCode(descope.MethodVoice, alice, b.take(alice).Code).into(t, &auth)
		if diff := cmp.Diff(claims(t, auth.SessionJWT)["amr"], any([]any{"sms", "voice", "mfa"})); diff != "" {
			t.Errorf("amr (-got +want):\n%s", diff)
		}
	})

	t.Run("F27 revoke other sessions", func(t *testing.T) {
		auth := b.signIn(b.public(), descope.LoginOptions{RevokeOtherSessions: true})
		b.get(descope.PathMe, b.as(one.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut)
		b.me(auth.RefreshJWT)
	})

	t.Run("a tenant that is not the user's", func(t *testing.T) {
		path := descope.Path(descope.PathMagicLinkSignIn, sms)
		b.post(path, b.public(), descope.SignInRequest{Identity: identity(alice), LoginOptions: &descope.LoginOptions{TenantID: "T"}}).
			refused(t, 400, descope.CodeBadRequest, "tenant")
		b.quiet("")
	})
}

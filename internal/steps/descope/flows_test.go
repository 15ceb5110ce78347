package descope_test

import (
	"strings"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/result"
)

func text(s string) cty.Value { return cty.StringVal(s) }

func TestMagicLinkSignUpGivesASession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.message(alice, "magiclink_sign_up", "login_id", alice, "redirect_url", redirect,
		"user", cty.ObjectVal(map[string]cty.Value{"given_name": text("Ada")}),
		"login_options", cty.ObjectVal(map[string]cty.Value{"custom_claims": cty.ObjectVal(map[string]cty.Value{"n": cty.NumberIntVal(7)})}))
	_, token, _ := strings.Cut(m.Links[0], redirect+"?t=")
	r := w.try("magiclink_verify", "token", token)
	if !r.OK {
		t.Fatal(r.Message)
	}
	v := r.Values
	equal(t, "user.phone", get(v, "user", "phone"), text(alice))
	equal(t, "user.verified_phone", get(v, "user", "verified_phone"), cty.True)
	equal(t, "user.given_name", get(v, "user", "given_name"), text("Ada"))
	equal(t, "user.login_ids", get(v, "user", "login_ids"), cty.ListVal([]cty.Value{text(alice)}))
	equal(t, "first_seen", v.Value("first_seen"), cty.True)
	equal(t, "claims.n", get(v, "claims", "n"), cty.NumberIntVal(7))
	equal(t, "claims.drn", get(v, "claims", "drn"), text("DS"))
	equal(t, "claims.sub", get(v, "claims", "sub"), get(v, "user", "user_id"))
	if got := r.TokenLifetimes.Session; got != 10*time.Minute {
		t.Errorf("the session lives for %s, want 10m", got)
	}
	if got := r.TokenLifetimes.Refresh; got != 28*24*time.Hour {
		t.Errorf("the refresh JWT lives for %s, want 4 weeks", got)
	}
	refusedWith(t, w.try("magiclink_verify", "token", token), 401, descope.CodeTokenExpired)
}

func TestSendsGoByTheirMethod(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	address := "ada@example.test"
	tests := []struct{ kind, login, method, channel string }{
		{"magiclink_sign_up", alice, "sms", "sms"},
		{"magiclink_sign_up", address, "email", "email"},
		{"magiclink_sign_up", bob, "whatsapp", "whatsapp"},
		{"magiclink_sign_up_or_in", "+15555550110", "whatsapp", "whatsapp"},
		{"otp_sign_up_or_in", "+15555550111", "sms", "sms"},
		{"otp_sign_up_or_in", "+15555550112", "voice", "voice"},
		{"otp_sign_up_or_in", "+15555550113", "im", "whatsapp"},
		{"otp_sign_up_or_in", "bob@example.test", "email", "email"},
		{"otp_sign_up", "+15555550114", "whatsapp", "whatsapp"},
	}
	for _, tt := range tests {
		pairs := []any{"login_id", tt.login, "method", tt.method}
		if strings.HasPrefix(tt.kind, "magiclink") {
			pairs = append(pairs, "redirect_url", redirect)
		}
		if got := w.message(tt.login, tt.kind, pairs...).Channel; got != tt.channel {
			t.Errorf("%s by %s came by %s, want %s", tt.kind, tt.method, got, tt.channel)
		}
		k := w.kinds["descope_"+tt.kind]
		if got := k.Sends(w.args(k, pairs)); got != tt.channel {
			t.Errorf("%s by %s says that it sends by %s, want %s", tt.kind, tt.method, got, tt.channel)
		}
		if got, want := k.Requests(w.args(k, pairs))[0].Path, "/"+tt.method; !strings.HasSuffix(got, want) {
			t.Errorf("%s has the path %s, want one that ends in %s", tt.kind, got, want)
		}
	}
}

func TestMaskedResults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.do("otp_sign_up_or_in", "login_id", alice)
	if got := get(v, "masked_phone").AsString(); got == alice || !strings.HasSuffix(got, "01") {
		t.Errorf("masked_phone is %q", got)
	}
	if v.Value("verification_attempts").IsNull() || !v.Value("masked_email").IsNull() {
		t.Errorf("results are %#v", v)
	}
	v = w.do("magiclink_sign_up_or_in", "login_id", "ada@example.test", "method", "email", "redirect_url", redirect)
	if v.Value("masked_email").IsNull() || !v.Value("masked_phone").IsNull() {
		t.Errorf("results are %#v", v)
	}
}

func TestUpdatePhoneByLinkAndByCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.signUp(alice)
	refresh := s.Value("refresh_jwt")
	token := w.token(newPhone, "magiclink_update_phone", "login_id", alice, "phone", newPhone, "refresh_jwt", refresh,
		"redirect_url", redirect, "add_to_login_ids", true, "locale", "de", "template_options", cty.MapVal(map[string]cty.Value{"a": text("b")}))
	equal(t, "phone before", get(w.do("me", "refresh_jwt", refresh), "user", "phone"), text(alice))
	v := w.do("magiclink_verify", "token", token)
	equal(t, "phone after", get(v, "user", "phone"), text(newPhone))
	equal(t, "login IDs after", get(v, "user", "login_ids"), cty.ListVal([]cty.Value{text(alice), text(newPhone)}))

	code := w.code(bob, "otp_update_phone", "login_id", alice, "phone", bob, "refresh_jwt", v.Value("refresh_jwt"))
	v = w.do("otp_verify", "login_id", alice, "code", code)
	equal(t, "phone after the code", get(v, "user", "phone"), text(bob))

	code = w.code("ada@example.test", "otp_update_email", "login_id", alice, "email", "ada@example.test", "refresh_jwt", v.Value("refresh_jwt"))
	v = w.do("otp_verify", "login_id", alice, "code", code, "method", "email")
	equal(t, "email after the code", get(v, "user", "email"), text("ada@example.test"))

	token = w.token("bob@example.test", "magiclink_update_email", "login_id", alice, "email", "bob@example.test", "refresh_jwt", v.Value("refresh_jwt"), "redirect_url", redirect)
	equal(t, "email after the link", get(w.do("magiclink_verify", "token", token), "user", "email"), text("bob@example.test"))
}

// Where tenants are isolated a step says whose code it verifies.
func TestVerifyACodeInATenant(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(p *policy.Project) { p.TenantUserIsolation = true })
	to := func(tenant string) cty.Value { return cty.ObjectVal(map[string]cty.Value{"tenant_id": text(tenant)}) }
	first := w.code(alice, "otp_sign_up_or_in", "login_id", alice, "login_options", to("T1"))
	w.code(alice, "otp_sign_up", "login_id", alice, "login_options", to("T2"))
	refusedWith(t, w.try("otp_verify", "login_id", alice, "code", first, "tenant_id", "T2"), 401, descope.CodeWrongOTP)
	v := w.do("otp_verify", "login_id", alice, "code", first, "tenant_id", "T1")
	equal(t, "claims.dct", get(v, "claims", "dct"), text("T1"))
}

func TestUpdatePhoneRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s, other := w.signUp(alice), w.signUp(bob)
	change := func(more ...any) []any { return append([]any{"login_id", alice, "phone", newPhone}, more...) }
	refusedWith(t, w.try("magiclink_update_phone", change("redirect_url", redirect)...), 401, descope.CodeMissingArguments)
	if r := w.try("magiclink_update_phone", change("refresh_jwt", s.Value("session_jwt"), "redirect_url", redirect)...); r.OK || r.Status != 401 {
		t.Errorf("a session JWT passed for a refresh JWT: %+v", r)
	}
	if r := w.try("otp_update_phone", change("refresh_jwt", other.Value("refresh_jwt"))...); r.OK || r.Status/100 != 4 {
		t.Errorf("another user's refresh JWT passed: %+v", r)
	}
	for _, bearer := range []string{"", "P", w.project.ID + ":", w.project.ID + ":garbage"} {
		if r := w.try("otp_update_phone", change("bearer", bearer, "refresh_jwt", s.Value("refresh_jwt"))...); r.OK || r.Status/100 != 4 {
			t.Errorf("the bearer %q passed: %+v", bearer, r)
		}
	}
}

func TestEmbeddedLink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do("user_create", "login_id", alice, "phone", alice)
	link := w.do("embedded_link", "login_id", alice, "expires_in", "2m", "custom_claims", cty.ObjectVal(map[string]cty.Value{"plan": text("x")}))
	v := w.do("magiclink_verify", "token", link.Value("token"))
	equal(t, "claims.plan", get(v, "claims", "plan"), text("x"))
	link = w.do("embedded_link_sign_up", "login_id", bob, "phone_verified", true, "user", cty.ObjectVal(map[string]cty.Value{"name": text("Bob")}))
	equal(t, "user.name", get(w.do("magiclink_verify", "token", link.Value("token")), "user", "name"), text("Bob"))
	refusedWith(t, w.try("embedded_link", "login_id", alice, "bearer", w.project.ID), 401, descope.CodeUnauthorized)
	if r := w.try("embedded_link", "login_id", alice, "expires_in", "1500ms"); r.OK || !r.Unjudged {
		t.Errorf("half a second was sent: %+v", r)
	}
}

func TestSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.signUp(alice)
	refresh := s.Value("refresh_jwt")
	v := w.do("refresh", "refresh_jwt", refresh)
	if v.Value("session_jwt").RawEquals(s.Value("session_jwt")) || v.Value("session_jwt").IsNull() {
		t.Error("refresh gave no other session JWT")
	}
	w.do("session_validate", "session_jwt", v.Value("session_jwt"))
	w.do("logout", "refresh_jwt", refresh)
	for _, kind := range []string{"refresh", "me", "logout"} {
		r := w.try(kind, "refresh_jwt", refresh)
		refusedWith(t, r, 401, descope.CodeLoggedOut)
		if r.Reason != result.ReasonTokenInvalid {
			t.Errorf("%s: reason %s, want %s", kind, r.Reason, result.ReasonTokenInvalid)
		}
	}
	refresh = w.do("otp_verify", "login_id", alice, "code", w.code(alice, "otp_sign_in", "login_id", alice)).Value("refresh_jwt")
	w.do("logout_all", "refresh_jwt", refresh)
	refusedWith(t, w.try("me", "refresh_jwt", refresh), 401, descope.CodeLoggedOut)
}

func TestCodesAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	code := w.code(alice, "otp_sign_up_or_in", "login_id", alice)
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	r := w.try("otp_verify", "login_id", alice, "code", wrong)
	refusedWith(t, r, 401, descope.CodeWrongOTP)
	if r.Reason != result.ReasonCodeRejected {
		t.Errorf("reason %s, want %s", r.Reason, result.ReasonCodeRejected)
	}
	w.do("otp_verify", "login_id", alice, "code", code)
	refusedWith(t, w.try("otp_sign_up", "login_id", alice), 400, descope.CodeUserExists)
	refusedWith(t, w.try("otp_sign_in", "login_id", bob), 400, descope.CodeUserNotFound)
}

func TestManagement(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.do("user_create", "login_id", "ada", "email", "ada@example.test", "verified_email", true, "name", "Ada",
		"custom_attributes", cty.ObjectVal(map[string]cty.Value{"n": cty.NumberIntVal(3)}),
		"additional_login_ids", cty.ListVal([]cty.Value{text("ada@example.test")}))
	id := get(v, "user", "user_id")
	equal(t, "custom attribute", get(v, "user", "custom_attributes", "n"), cty.NumberIntVal(3))
	equal(t, "user by ID", get(w.do("user_load", "user_id", id), "user"), get(w.do("user_load", "login_id", "ada"), "user"))
	v = w.do("user_update_phone", "login_id", "ada", "phone", alice, "verified", true)
	equal(t, "phone", get(v, "user", "phone"), text(alice))
	w.do("user_create", "login_id", "bob", "phone", bob)
	w.do("user_create", "login_id", "test", "phone", newPhone, "test", true)
	v = w.do("user_search", "phones", cty.ListVal([]cty.Value{text(alice)}))
	equal(t, "total", v.Value("total"), cty.NumberIntVal(1))
	equal(t, "found", v.Value("users").Index(cty.Zero).GetAttr("user_id"), id)
	equal(t, "all", w.do("user_search", "with_test_user", true).Value("total"), cty.NumberIntVal(3))
	w.do("user_logout", "login_id", "ada")
	w.do("user_delete", "user_id", id)
	refusedWith(t, w.try("user_load", "login_id", "ada"), 404, descope.CodeMgmtUserNotFound)
	refusedWith(t, w.try("user_load", "login_id", "bob", "bearer", w.project.ID+":no-such-key"), 401, descope.CodeUnauthorized)
	if r := w.try("user_delete"); r.OK || !r.Unjudged || !strings.Contains(r.Message, "login_id") {
		t.Errorf("deleting nobody: %+v", r)
	}
}

func TestGeneratedForTestUsers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do("user_create", "login_id", alice, "phone", alice, "test", true)
	code := w.do("test_user_generate_otp", "login_id", alice).Value("code")
	w.do("otp_sign_in", "login_id", alice)
	w.do("otp_verify", "login_id", alice, "code", code)
	v := w.do("test_user_generate_magiclink", "login_id", alice, "redirect_url", redirect)
	if !strings.HasPrefix(v.Value("link").AsString(), redirect+"?t=") {
		t.Errorf("link is %s", v.Value("link").AsString())
	}
	w.do("magiclink_verify", "token", v.Value("token"))
	w.do("user_create", "login_id", bob, "phone", bob)
	if r := w.try("test_user_generate_otp", "login_id", bob); r.OK || r.Status/100 != 4 {
		t.Errorf("a code for a user who is no test user: %+v", r)
	}
}

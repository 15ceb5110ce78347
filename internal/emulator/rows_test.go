package emulator_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
)

// Rows of the catalogue of scenarios that concern the surface alone and have no other
// test of their own.

// F12: an update by code answers with the mask of the new number, sends to it, and
// changes nothing before the proof.
func TestF12UpdatePhoneByCode(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	auth := b.signUp(alice)
	r := b.do(http.MethodPost, descope.Path(descope.PathOTPUpdatePhone, descope.MethodSMS), b.as(auth.RefreshJWT).Header(), "application/json",
		`{"loginId":"`+alice+`","phone":"+1-555-555-0199"}`)
	var sent descope.MaskedResponse
	r.into(t, &sent)
	if sent.MaskedPhone == "" || strings.Contains(r.text, newPhone) || sent.VerificationAttempts != 5 {
		t.Errorf("answer %s", r.text)
	}
	b.quiet(alice)
	code := b.take(newPhone).Code
	if got := b.me(auth.RefreshJWT).Phone; got != alice {
		t.Errorf("phone before the proof: %s", got)
	}
	b.verifyCode(descope.MethodSMS, newPhone, code).refused(t, 401, "E061102") // it is no login ID
	var after descope.AuthResponse
	b.verifyCode(descope.MethodSMS, alice, code).into(t, &after)
	if u := after.User; u.Phone != newPhone || !u.VerifiedPhone || u.UserID != auth.User.UserID || after.RefreshJWT == "" {
		t.Errorf("after: %+v", u)
	}
}

// F30: using one of three links leaves the two others good, each once.
func TestF30SiblingsOfAUsedLink(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	var tokens []string
	for range 3 {
		b.post(descope.Path(descope.PathMagicLinkSignIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(alice)})
		tokens = append(tokens, b.take(alice).token(t))
	}
	for _, i := range []int{1, 0, 2} {
		b.redeem(tokens[i])
		b.verify(tokens[i]).refused(t, 401, "E062504")
	}
}

// N02: a missing field is named, and nothing is sent.
func TestN02MissingFields(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	auth := b.signUp(alice)
	for _, tt := range []struct{ path, bearer, body, field string }{
		{"/v1/auth/magiclink/signup/sms", "", ``, "loginId"},
		{"/v1/auth/magiclink/signup-in/sms", "", `null`, "loginId"},
		{"/v1/auth/magiclink/signin/email", "", `{"loginId":null}`, "loginId"},
		{"/v1/auth/otp/signin/voice", "", `{"LoginId":"` + alice + `"}`, "loginId"},
		{"/v1/auth/enchantedlink/signin/email", "", `{}`, "loginId"},
		{"/v1/auth/otp/update/phone/sms", ":" + auth.RefreshJWT, `{"loginId":"` + alice + `"}`, "phone"},
		{"/v1/auth/magiclink/update/phone/im", ":" + auth.RefreshJWT, `{"loginId":"` + alice + `","phone":""}`, "phone"},
		{"/v1/auth/magiclink/update/email", ":" + auth.RefreshJWT, `{"loginId":"` + alice + `"}`, "email"},
		{"/v1/auth/enchantedlink/update/email", ":" + auth.RefreshJWT, `{"loginId":"` + alice + `","email":null}`, "email"},
		{"/v1/auth/magiclink/verify", "", ``, "token"},
		{"/v1/auth/enchantedlink/verify", "", ``, "token"},
		{"/v1/auth/enchantedlink/pending-session", "", `{}`, "pendingRef"},
		{"/v1/auth/otp/verify/sms", "", `{"loginId":"` + alice + `","code":""}`, "code"},
		{"/v1/auth/otp/verify/sms", "", `{"code":"000000"}`, "loginId"},
	} {
		b.do(http.MethodPost, tt.path, b.public().Header()+tt.bearer, "application/json", tt.body).refused(t, 400, "E011003", tt.field)
	}
	b.quiet("")
}

// N24: what is far too large is refused, and the emulator goes on.
func TestN24Oversized(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const path = "/v1/auth/magiclink/signup-in/sms"
	options := make([]string, 100_000)
	for i := range options {
		options[i] = `"k` + strconv.Itoa(i) + `":"v"`
	}
	for name, body := range map[string]string{
		"login ID":         `{"loginId":"` + strings.Repeat("a", 1<<20) + `"}`,
		"long login ID":    `{"loginId":"` + strings.Repeat("a", 2000) + `"}`,
		"nesting":          `{"x":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`,
		"template options": `{"loginId":"` + alice + `","loginOptions":{"templateOptions":{` + strings.Join(options[:40_000], ",") + `}}}`,
		"more than a MiB":  `{"loginOptions":{"templateOptions":{` + strings.Join(options, ",") + `}}}`,
	} {
		r := b.do(http.MethodPost, path, b.public().Header(), "application/json", body)
		if r.status != 400 || r.code(t) == "" || len(r.text) > 1000 {
			t.Errorf("%s: %d %.200s", name, r.status, r.text)
		}
	}
	b.quiet("")
	b.requestCode(alice).into(t, &struct{}{}) // it goes on
	b.take(alice)
}

// N24: a body that says two things of one name is refused, wherever the name stands, and
// nothing is sent or changed.
func TestN24NamesTwice(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	auth := b.signUp(alice)
	want := b.load(alice)
	const start = "/v1/auth/magiclink/signup-in/sms"
	for _, tt := range []struct{ path, credential, body string }{
		{start, "", `{"loginId":"` + bob + `","loginId":"` + alice + `"}`},
		{start, "", `{"loginId":"` + alice + `","loginId":"` + alice + `"}`},
		{start, "", `{"loginId":"","loginId":"` + alice + `"}`},
		{start, "", `{"loginId":"` + bob + `","login\u0049d":"` + alice + `"}`},
		{start, "", `{"loginId":"` + alice + `","unknown":1,"unknown":2}`},
		{start, "", `{"loginId":"` + alice + `","loginOptions":{"templateOptions":{"a":"1","a":"2"}}}`},
		{start, "", `{"loginId":"` + alice + `","loginOptions":{"customClaims":{"a":[{"b":1,"b":1}]}}}`},
		{"/v1/auth/otp/verify/sms", "", `{"loginId":"` + alice + `","code":"000000","code":"111111"}`},
		{"/v1/auth/otp/update/phone/sms", ":" + auth.RefreshJWT, `{"loginId":"` + alice + `","phone":"` + bob + `","phone":"` + newPhone + `"}`},
		{"/v1/mgmt/user/create", ":" + b.project.ManagementKey.Reveal(), `{"loginId":"` + bob + `","customAttributes":{"a":1,"a":2}}`},
		{"/v1/mgmt/user/update/phone", ":" + b.project.ManagementKey.Reveal(), `{"loginId":"` + alice + `","phone":"` + bob + `","phone":""}`},
	} {
		b.do(http.MethodPost, tt.path, b.public().Header()+tt.credential, "application/json", tt.body).refused(t, 400, descope.CodeBadRequest)
	}
	b.quiet("")
	b.unchanged(alice, want)
	if n := len(b.everyUser()); n != 1 {
		t.Errorf("%d users, want 1", n)
	}
}

// N27: a timeout has bounds, and none makes a token without an end.
func TestN27EmbeddedTimeouts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	for timeout, code := range map[string]string{`-1`: "E011004", `1000000000`: "E011004", `86401`: "E011004", `99999999999`: "E011003", `"60"`: "E011003", `1.5`: "E011003"} {
		for _, path := range []string{descope.PathEmbeddedLinkSignIn, descope.PathEmbeddedLinkSignUp} {
			b.manage(http.MethodPost, path, `{"loginId":"`+alice+`","timeout":`+timeout+`}`).refused(t, 400, code, "timeout")
		}
	}
	for _, timeout := range []string{`0`, `1`, `null`, `86400`} {
		b.manage(http.MethodPost, descope.PathEmbeddedLinkSignIn, `{"loginId":"`+alice+`","timeout":`+timeout+`}`).into(t, &struct{}{})
	}
	b.quiet("")
}

// N29: an update to the phone that the user has is one message to it, and changes nothing.
func TestN29UpdateToTheSamePhone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	auth := b.signUp(alice)
	for _, options := range []descope.UpdateOptions{{}, {AddToLoginIDs: true, FailOnConflict: true}} {
		if r := b.change(b.as(auth.RefreshJWT), alice, "+1 (555) 555-0101", options); r.status != 200 {
			t.Fatal(r.text)
		}
		after := b.redeem(b.take(alice).token(t)).User
		if diff := cmp.Diff([]any{after.Phone, after.VerifiedPhone, after.LoginIDs, after.UserID}, []any{alice, true, []string{alice}, auth.User.UserID}); diff != "" {
			t.Errorf("user (-got +want):\n%s", diff)
		}
	}
	b.me(auth.RefreshJWT)
	b.quiet("")
}

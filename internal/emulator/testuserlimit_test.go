package emulator_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

func (b *bench) testUsers() int32 {
	b.t.Helper()
	var out descope.SearchUsersResponse
	b.manage(http.MethodPost, descope.PathTestUsersSearch, `{}`).into(b.t, &out)
	return out.Total
}

// N15: one more test user than there may be is refused, on every way to become one.
func TestN15TestUserCap(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.TestUsersLimit, p.TestUsersLoginIDRegexp = 2, `^\+1555555019` })
	b.testUser(alice)
	if u := b.create(descope.CreateUserRequest{Identity: identity("second"), Test: true}); !u.Test {
		t.Errorf("the plain route made no test user: %+v", u)
	}
	b.manage(http.MethodPost, descope.PathTestUserCreate, `{"loginId":"third"}`).refused(t, 400, "E111111", "E013002")
	b.manage(http.MethodPost, descope.PathUserCreate, `{"loginId":"third","test":true}`).refused(t, 400, "E111111", "E013002")
	b.manage(http.MethodPost, descope.PathUserCreate, `{"loginId":"`+newPhone+`"}`).refused(t, 400, "E111111")
	b.post(descope.Path(descope.PathOTPSignUpOrIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(newPhone)}).refused(t, 400, "E111111")
	b.post(descope.Path(descope.PathOTPSignUp, descope.MethodSMS), b.public(), descope.SignUpRequest{Identity: identity(newPhone)}).refused(t, 400, "E111111")
	b.manage(http.MethodPost, descope.PathEmbeddedLinkSignUp, `{"loginId":"`+newPhone+`"}`).refused(t, 400, "E111111")
	b.manage(http.MethodPost, descope.PathTestUserCreate, `{"loginId":"second"}`).into(t, &struct{}{}) // is there already
	if got := b.testUsers(); got != 2 {
		t.Errorf("%d test users, want 2", got)
	}
	b.create(descope.CreateUserRequest{Identity: identity("third")}) // of another kind

	// One goes, one may come; but not two.
	b.post(descope.PathUserDelete, b.manager(), descope.UserRequest{Identity: identity("second")})
	var one, two descope.EmbeddedLinkResponse
	b.manage(http.MethodPost, descope.PathEmbeddedLinkSignUp, `{"loginId":"`+newPhone+`"}`).into(t, &one)
	b.manage(http.MethodPost, descope.PathEmbeddedLinkSignUp, `{"loginId":"+15555550198"}`).into(t, &two)
	b.redeem(one.Token)
	b.verify(two.Token).refused(t, 400, "E111111")
}

func TestDeleteAllTestUsers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.testUser(alice)
	token := b.generateLink(alice)
	auth := b.redeem(b.generateLink(alice))
	b.create(descope.CreateUserRequest{Identity: identity("bob")})
	remove := func(bearer descope.Bearer) reply {
		return b.do(http.MethodDelete, descope.PathTestUsersDelete, bearer.Header(), "", "")
	}
	remove(b.as(auth.RefreshJWT)).refused(t, 401, descope.CodeUnauthorized)
	b.do(http.MethodPost, descope.PathTestUsersDelete, b.manager().Header(), "", "").refused(t, 405, descope.CodeWrongVerb)
	if r := remove(b.manager()); r.status != 200 || r.text != "{}" {
		t.Fatalf("delete all: %d %s", r.status, r.text)
	}
	if got := b.testUsers(); got != 0 {
		t.Errorf("%d test users left", got)
	}
	b.load("bob")
	b.verify(token).refused(t, 401, descope.CodeTokenExpired)
	b.get(descope.PathMe, b.as(auth.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut)
}

// F36: whoever matches is a test user, gets no message and signs in with the static
// code; any other code is refused, and codes to other addresses are not static.
func TestF36StaticOTP(t *testing.T) {
	t.Parallel()
	const static = "271828"
	b := newBench(t, func(p *policy.Project) {
		p.TestUsersLoginIDRegexp, p.TestUsersVerifierRegexp, p.TestUsersStaticOTP = `^\+1555555019\d$`, `^\+155555501\d\d$`, static
	})
	sms := descope.MethodSMS
	b.verifyCode(sms, newPhone, static).refused(t, 401, descope.CodeWrongOTP) // nothing was sent
	b.post(descope.Path(descope.PathOTPSignUp, sms), b.public(), descope.SignUpRequest{Identity: identity(newPhone)})
	b.quiet("")
	b.verifyCode(sms, newPhone, otherCode(static)).refused(t, 401, descope.CodeWrongOTP)
	var auth descope.AuthResponse
	b.verifyCode(sms, newPhone, static).into(t, &auth)
	if claims(t, auth.SessionJWT)["tu"] != true || !auth.User.Test {
		t.Errorf("no test user: %+v", auth.User)
	}
	b.verifyCode(sms, newPhone, static).refused(t, 401, descope.CodeWrongOTP) // once

	// Its update to an address that matches takes the static code, another does not.
	update := func(phone string) {
		t.Helper()
		r := b.post(descope.Path(descope.PathOTPUpdatePhone, sms), b.as(auth.RefreshJWT), descope.UpdatePhoneRequest{Identity: identity(newPhone), Phone: phone})
		if r.status != 200 {
			t.Fatal(r.text)
		}
	}
	update("+15555550160")
	b.verifyCode(sms, newPhone, static).into(t, &auth)
	update("+15555559999")
	b.verifyCode(sms, newPhone, static).refused(t, 401, descope.CodeWrongOTP)
	b.quiet("")

	// A generated code is static as well, and a user who does not match has none.
	b.manage(http.MethodPost, descope.PathUserCreate, `{"loginId":"+15555550191","phone":"+15555550191"}`)
	if got := b.generateCode("+15555550191"); got != static {
		t.Errorf("generated %s, want %s", got, static)
	}
	b.signUp(alice)
	b.sendCode(alice)
	if got := b.take(alice).Code; got == static {
		t.Error("a real user has the static code")
	}
	b.verifyCode(sms, alice, static).refused(t, 401, descope.CodeWrongOTP)
}

// F35: generate, send, verify, and delete one user; values survive sends and updates
// of phone and email alike, on each channel.
func TestF35TestUserValues(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.testUser(alice)
	b.testUser(bob)
	auth := b.redeem(b.generateLink(alice))
	for _, u := range []struct {
		path, channel, field, address string
		method                        descope.Method
	}{
		{descope.PathOTPUpdatePhone, "voice", "phone", "+15555550131", descope.MethodVoice},
		{descope.PathOTPUpdatePhone, "whatsapp", "phone", "+15555550132", descope.MethodWhatsApp},
		{descope.PathOTPUpdateEmail, "email", "email", "e@x.test", descope.MethodEmail},
	} {
		var out descope.GeneratedOTP
		b.manage(http.MethodPost, descope.PathGenerateOTP, `{"loginId":"`+alice+`","deliveryMethod":"`+u.channel+`"}`).into(t, &out)
		r := b.do(http.MethodPost, descope.Path(u.path, u.method), b.as(auth.RefreshJWT).Header(), "application/json",
			`{"loginId":"`+alice+`","`+u.field+`":"`+u.address+`"}`)
		if r.status != 200 {
			t.Fatalf("%s: %s", u.path, r.text)
		}
		b.verifyCode(u.method, alice, otherCode(out.Code)).refused(t, 401, descope.CodeWrongOTP)
		b.verifyCode(u.method, alice, out.Code).into(t, &auth)
	}
	if diff := cmp.Diff([]string{auth.User.Phone, auth.User.Email}, []string{"+15555550132", "e@x.test"}); diff != "" {
		t.Errorf("addresses (-got +want):\n%s", diff)
	}
	b.quiet("")
	b.post(descope.PathUserDelete, b.manager(), descope.UserRequest{Identity: identity(alice)})
	b.load(bob)
}

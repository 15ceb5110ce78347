package emulator_test

import (
	"net/url"
	"testing"

	"github.com/authbench/authbench/internal/descope"
)

func (b *bench) testUser(login string) {
	b.t.Helper()
	var out descope.UserResponse
	b.post(descope.PathTestUserCreate, b.manager(), descope.CreateUserRequest{Identity: identity(login), Phone: login, VerifiedPhone: yes()}).into(b.t, &out)
	if !out.User.Test || out.User.Status != descope.StatusInvited {
		b.t.Fatalf("test user %+v", out.User)
	}
}

func (b *bench) generateCode(login string) string {
	b.t.Helper()
	var out descope.GeneratedOTP
	b.post(descope.PathGenerateOTP, b.manager(), descope.GenerateRequest{Identity: identity(login), DeliveryMethod: "sms"}).into(b.t, &out)
	return out.Code
}

func (b *bench) generateLink(login string) string {
	b.t.Helper()
	var out descope.GeneratedLink
	b.post(descope.PathGenerateLink, b.manager(), descope.GenerateRequest{Identity: identity(login), DeliveryMethod: "sms"}).into(b.t, &out)
	u, err := url.Parse(out.Link)
	if err != nil || out.LoginID != login {
		b.t.Fatalf("generated %+v: %v", out, err)
	}
	return u.Query().Get("t")
}

func TestGeneratedCode(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.testUser(alice)
	var auth descope.AuthResponse
	b.verifyCode(descope.MethodSMS, alice, b.generateCode(alice)).into(t, &auth) // without a send
	if claims(t, auth.SessionJWT)["tu"] != true {
		t.Error("no tu claim")
	}

	code := b.generateCode(alice)
	b.sendCode(alice)
	b.verifyCode(descope.MethodSMS, alice, code).into(t, &auth)
	b.verifyCode(descope.MethodSMS, alice, code).refused(t, 401, descope.CodeWrongOTP)

	// The value generated for the old phone proves the update to the new one.
	code = b.generateCode(alice)
	r := b.post(descope.Path(descope.PathOTPUpdatePhone, descope.MethodSMS), b.as(auth.RefreshJWT),
		descope.UpdatePhoneRequest{Identity: identity(alice), Phone: newPhone})
	if r.status != 200 {
		t.Fatal(r.text)
	}
	b.verifyCode(descope.MethodSMS, alice, code).into(t, &auth)
	if auth.User.Phone != newPhone {
		t.Errorf("phone %s, want %s", auth.User.Phone, newPhone)
	}
	b.quiet("")
}

func TestGeneratedLink(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.testUser(alice)
	auth := b.redeem(b.generateLink(alice))
	token := b.generateLink(alice)
	if r := b.change(b.as(auth.RefreshJWT), alice, newPhone, descope.UpdateOptions{}); r.status != 200 {
		t.Fatal(r.text)
	}
	if got := b.redeem(token).User.Phone; got != newPhone {
		t.Errorf("phone %s, want %s", got, newPhone)
	}
	b.verify(token).refused(t, 401, descope.CodeTokenExpired)
	b.quiet("")
}

func TestN04GenerateRefusals(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	b.testUser(bob)
	for _, path := range []string{descope.PathGenerateOTP, descope.PathGenerateLink} {
		ask := func(login, method string) reply {
			return b.post(path, b.manager(), descope.GenerateRequest{Identity: identity(login), DeliveryMethod: method})
		}
		ask(alice, "sms").refused(t, 400, descope.CodeInvalidArguments, "test user")
		ask("nobody", "sms").refused(t, 404, descope.CodeMgmtUserNotFound)
		ask(bob, "fax").refused(t, 400, descope.CodeInvalidArguments, "deliveryMethod")
		ask(bob, "").refused(t, 400, descope.CodeInvalidRequest, "deliveryMethod")
	}
	var again descope.UserResponse
	b.post(descope.PathTestUserCreate, b.manager(), descope.CreateUserRequest{Identity: identity(bob)}).into(t, &again)
	if again.Created == nil || *again.Created {
		t.Errorf("a test user was created twice: %+v", again)
	}
}

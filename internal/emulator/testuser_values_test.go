package emulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// repeated runs a send twice, as people and SDKs do, and as an SDK does that got no
// answer to the first.
func (b *bench) repeated(send func() reply) {
	b.t.Helper()
	for range 2 {
		if r := send(); r.status != http.StatusOK {
			b.t.Fatalf("send: %d %s", r.status, r.text)
		}
	}
	b.faulty(policy.Fault{Name: "lost", Phase: policy.PhaseAfterCommit, Action: policy.FaultStatus, Status: 503, Count: 1})
	if r := send(); r.status != http.StatusServiceUnavailable {
		b.t.Fatalf("a lost answer: %d %s", r.status, r.text)
	}
	if r := send(); r.status != http.StatusOK {
		b.t.Fatalf("send: %d %s", r.status, r.text)
	}
	b.ask(http.MethodDelete, "/faults/lost")
}

func (b *bench) sends(path string, m descope.Method, bearer descope.Bearer, body string) func() reply {
	return func() reply {
		b.t.Helper()
		return b.do(http.MethodPost, descope.Path(path, m), bearer.Header(), "application/json", body)
	}
}

// A generated value serves every send until it is redeemed. It does what the last send
// was for, once.
func TestGeneratedValuesSurviveEverySend(t *testing.T) {
	t.Parallel()
	const sms = descope.MethodSMS
	signIn, update := `{"loginId":"`+alice+`"}`, `{"loginId":"`+alice+`","phone":"`+newPhone+`"}`
	for name, resend := range map[string]string{"replace": policy.ResendReplace, "coexist": policy.ResendCoexist} {
		t.Run("code, "+name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, func(p *policy.Project) { p.OTP.Resend = resend })
			b.testUser(alice)
			code := b.generateCode(alice)
			b.repeated(b.sends(descope.PathOTPSignIn, sms, b.public(), signIn))
			var auth descope.AuthResponse
			b.verifyCode(sms, alice, code).into(t, &auth)
			b.verifyCode(sms, alice, code).refused(t, 401, descope.CodeWrongOTP)

			code = b.generateCode(alice)
			b.repeated(b.sends(descope.PathOTPSignIn, sms, b.public(), signIn))
			b.repeated(b.sends(descope.PathOTPUpdatePhone, sms, b.as(auth.RefreshJWT), update))
			b.verifyCode(sms, alice, code).into(t, &auth)
			if auth.User.Phone != newPhone {
				t.Errorf("phone %s, want %s", auth.User.Phone, newPhone)
			}
			b.verifyCode(sms, alice, code).refused(t, 401, descope.CodeWrongOTP)
		})
	}
	t.Run("magic link", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.testUser(alice)
		token := b.generateLink(alice)
		b.repeated(b.sends(descope.PathMagicLinkSignIn, sms, b.public(), signIn))
		auth := b.redeem(token)
		b.verify(token).refused(t, 401, descope.CodeTokenExpired)

		token = b.generateLink(alice)
		b.repeated(b.sends(descope.PathMagicLinkSignIn, sms, b.public(), signIn))
		b.repeated(b.sends(descope.PathMagicLinkUpdatePhone, sms, b.as(auth.RefreshJWT), update))
		if got := b.redeem(token).User.Phone; got != newPhone {
			t.Errorf("phone %s, want %s", got, newPhone)
		}
		b.verify(token).refused(t, 401, descope.CodeTokenExpired)
	})
	t.Run("enchanted link", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.create(descope.CreateUserRequest{Identity: identity(alicesMail), Email: alicesMail, VerifiedEmail: yes(), Test: true})
		auth := b.mailTestUser()
		token, ref := b.generateEnchanted(alicesMail)
		b.repeated(b.sends(descope.PathEnchantedLinkSignIn, descope.MethodEmail, b.public(), `{"loginId":"`+alicesMail+`"}`))
		b.repeated(b.sends(descope.PathEnchantedLinkUpdateEmail, "", b.as(auth.RefreshJWT), `{"loginId":"`+alicesMail+`","email":"a2@x.test"}`))
		b.poll(ref).refused(t, 401, descope.CodeLinkPending)
		b.click(token, "").into(t, &struct{}{})
		b.click(token, "").refused(t, 401, descope.CodeTokenExpired)
		if got := b.collected(ref).User.Email; got != "a2@x.test" {
			t.Errorf("email %s", got)
		}
	})
}

// mailTestUser signs the test user in by a generated enchanted link that was not sent.
func (b *bench) mailTestUser() descope.AuthResponse {
	b.t.Helper()
	token, ref := b.generateEnchanted(alicesMail)
	b.click(token, "").into(b.t, &struct{}{})
	return b.collected(ref)
}

// A generated value expires one lifetime after the last send that it served, and is
// locked by wrong codes like any other; then sends make codes of their own.
func TestGeneratedValuesEnd(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.OTP.Resend = policy.ResendCoexist })
	sms := descope.MethodSMS
	b.testUser(alice)
	code := b.generateCode(alice)
	for range 3 {
		b.clock.advance(2 * time.Minute)
		b.sendCode(alice)
	}
	b.clock.advance(3 * time.Minute)
	b.verifyCode(sms, alice, code).refused(t, 401, descope.CodeOTPExpired)
	b.sendCode(alice)
	b.verifyCode(sms, alice, code).refused(t, 401, descope.CodeWrongOTP)

	// Of two the one that is left serves.
	first := b.generateCode(alice)
	b.clock.advance(2 * time.Minute)
	code = b.generateCode(alice)
	b.sendCode(alice)
	b.clock.advance(time.Minute)
	b.sendCode(alice)
	b.verifyCode(sms, alice, first).refused(t, 401, descope.CodeWrongOTP)
	b.clock.advance(2*time.Minute + 59*time.Second)
	b.verifyCode(sms, alice, code).into(t, &descope.AuthResponse{})

	// With codes that coexist a send brings no second round of guesses.
	b = newBench(t, func(p *policy.Project) { p.OTP.Resend = policy.ResendCoexist })
	b.testUser(alice)
	code = b.generateCode(alice)
	for i := range 5 {
		b.sendCode(alice)
		if i < 4 {
			b.verifyCode(sms, alice, otherCode(code)).refused(t, 401, descope.CodeWrongOTP)
		}
	}
	b.verifyCode(sms, alice, otherCode(code)).refused(t, 401, descope.CodeWrongOTP)
	b.verifyCode(sms, alice, code).refused(t, 401, descope.CodeTooManyAttempts)
	b.sendCode(alice)
	b.verifyCode(sms, alice, code).refused(t, 401, descope.CodeWrongOTP)
}

// What an export carries goes on serving sends.
func TestGeneratedValuesSurviveAnExport(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.testUser(alice)
	code, token := b.generateCode(alice), b.generateLink(alice)
	link := `{"loginId":"` + alice + `"}`
	b.sendCode(alice)
	b.sends(descope.PathMagicLinkSignIn, descope.MethodSMS, b.public(), link)()
	o := b.again(99)
	o.sendCode(alice)
	o.sends(descope.PathMagicLinkSignIn, descope.MethodSMS, o.public(), link)()
	o.verifyCode(descope.MethodSMS, alice, code).into(t, &descope.AuthResponse{})
	o.redeem(token)
}

// An embedded link is handed over and not sent: each has a token of its own.
func TestGeneratedEmbeddedLink(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.testUser(alice)
	var out descope.GeneratedLink
	b.manage(http.MethodPost, descope.PathGenerateLink, `{"loginId":"`+alice+`","deliveryMethod":"Embedded"}`).into(t, &out)
	first, second := b.embeddedToken(alice), b.embeddedToken(alice)
	if first == second {
		t.Error("two embedded links have one token")
	}
	b.redeem(first)
	b.redeem(second)
}

// generateEnchanted makes the enchanted link of a test user.
func (b *bench) generateEnchanted(login string) (token, ref string) {
	b.t.Helper()
	var out descope.GeneratedEnchantedLink
	b.manage(http.MethodPost, descope.PathGenerateEnchant, `{"loginId":"`+login+`"}`).into(b.t, &out)
	_, token, _ = strings.Cut(out.Link, "?t=")
	return token, out.PendingRef
}

// A newer update ends older ones, and not a generated value that it uses itself.
func TestGeneratedValuesWhereUpdatesEndOlder(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.Unpublished.UpdateEndsOlder = true })
	b.testUser(alice)
	var auth descope.AuthResponse
	b.verifyCode(descope.MethodSMS, alice, b.generateCode(alice)).into(t, &auth)
	update := `{"loginId":"` + alice + `","phone":"` + newPhone + `"}`
	code, token := b.generateCode(alice), b.generateLink(alice)
	b.repeated(b.sends(descope.PathOTPUpdatePhone, descope.MethodSMS, b.as(auth.RefreshJWT), update))
	b.repeated(b.sends(descope.PathMagicLinkUpdatePhone, descope.MethodSMS, b.as(auth.RefreshJWT), update))
	b.verifyCode(descope.MethodSMS, alice, code).into(t, &auth)
	if got := b.redeem(token).User.Phone; got != newPhone {
		t.Errorf("phone %s, want %s", got, newPhone)
	}
}

package emulator_test

import (
	"strings"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// sendCode sends a sign-in code by SMS.
func (b *bench) sendCode(login string) {
	b.t.Helper()
	r := b.post(descope.Path(descope.PathOTPSignIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(login)})
	if r.status != 200 {
		b.t.Fatalf("send code: %d %s", r.status, r.text)
	}
}

func TestF05F06F07F08OTPEveryChannel(t *testing.T) {
	t.Parallel()
	channels := map[descope.Method]string{
		descope.MethodSMS: "sms", descope.MethodEmail: "email", descope.MethodVoice: "voice",
		descope.MethodWhatsApp: "whatsapp", descope.MethodIM: "whatsapp",
	}
	for m, channel := range channels {
		t.Run(string(m), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			contact := alice
			if m == descope.MethodEmail {
				contact = "alice@example.test"
			}
			var userID string
			for _, step := range []struct {
				pattern, purpose string
				body             any
			}{
				{descope.PathOTPSignUp, "sign_up", descope.SignUpRequest{Identity: identity(contact)}},
				{descope.PathOTPSignIn, "sign_in", descope.SignInRequest{Identity: identity(contact)}},
				{descope.PathOTPSignUpOrIn, "sign_up_or_in", descope.SignInRequest{Identity: identity(contact)}},
			} {
				var masked descope.MaskedResponse
				r := b.post(descope.Path(step.pattern, m), b.public(), step.body)
				r.into(t, &masked)
				if masked.VerificationAttempts != 5 || masked.MaskedEmail+masked.MaskedPhone == "" || strings.Contains(r.text, contact) {
					t.Errorf("answer to the send: %s", r.text)
				}
				message := b.take(contact)
				if message.Channel != channel || message.Purpose != step.purpose || !sixDigits.MatchString(message.Code) || message.Link != "" {
					t.Errorf("message %+v", message)
				}
				var auth descope.AuthResponse
				b.verifyCode(m, contact, message.Code).into(t, &auth)
				if auth.FirstSeen != (userID == "") {
					t.Errorf("%s: first seen %v", step.purpose, auth.FirstSeen)
				}
				if u := auth.User; m == descope.MethodEmail && !u.VerifiedEmail || m != descope.MethodEmail && !u.VerifiedPhone {
					t.Errorf("%s: the address is not verified: %+v", step.purpose, u)
				}
				if userID == "" {
					userID = auth.User.UserID
				}
				if auth.User.UserID != userID {
					t.Errorf("%s: another user", step.purpose)
				}
				b.verifyCode(m, contact, message.Code).refused(t, 401, descope.CodeWrongOTP, "code")
			}
		})
	}
}

func TestN08N09OTPRefusals(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	sms := descope.MethodSMS
	b.post(descope.Path(descope.PathOTPSignUp, sms), b.public(), descope.SignUpRequest{Identity: identity(alice)}).refused(t, 400, descope.CodeUserExists)
	b.post(descope.Path(descope.PathOTPSignIn, sms), b.public(), descope.SignInRequest{Identity: identity(bob)}).refused(t, 400, descope.CodeUserNotFound, "user")
	b.verifyCode(sms, alice, "").refused(t, 400, descope.CodeInvalidRequest, "code")
	b.verifyCode(sms, "", "123456").refused(t, 400, descope.CodeInvalidRequest, "loginId")
	unknown, idle := b.verifyCode(sms, bob, "123456"), b.verifyCode(sms, alice, "123456")
	unknown.refused(t, 401, descope.CodeWrongOTP, "code")
	if unknown.text != idle.text {
		t.Errorf("an unknown user is told apart: %s and %s", unknown.text, idle.text)
	}
	b.quiet("")
	if all := b.everyUser(); len(all) != 1 {
		t.Errorf("%d users, want 1", len(all))
	}
}

func TestOTPNewerReplacesOlder(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	b.sendCode(alice)
	older := b.take(alice).Code
	b.sendCode(alice)
	newer := b.take(alice).Code
	b.verifyCode(descope.MethodSMS, alice, older).refused(t, 401, descope.CodeWrongOTP)
	if r := b.verifyCode(descope.MethodSMS, alice, newer); r.status != 200 {
		t.Errorf("newer code: %s", r.text)
	}
}

func TestN05OTPAttempts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	b.sendCode(alice)
	code := b.take(alice).Code
	for range 5 {
		b.verifyCode(descope.MethodSMS, alice, otherCode(code)).refused(t, 401, descope.CodeWrongOTP)
	}
	b.verifyCode(descope.MethodSMS, alice, otherCode(code)).refused(t, 401, descope.CodeTooManyAttempts)
	b.verifyCode(descope.MethodSMS, alice, code).refused(t, 401, descope.CodeTooManyAttempts)

	b.sendCode(alice)
	code = b.take(alice).Code
	for range 4 {
		b.verifyCode(descope.MethodSMS, alice, otherCode(code)).refused(t, 401, descope.CodeWrongOTP)
	}
	if r := b.verifyCode(descope.MethodSMS, alice, code); r.status != 200 {
		t.Errorf("the right code within the attempts: %s", r.text)
	}
}

func TestOTPExpires(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	b.sendCode(alice)
	code := b.take(alice).Code
	b.clock.advance(3 * time.Minute)
	b.verifyCode(descope.MethodSMS, alice, code).refused(t, 401, descope.CodeOTPExpired)
	b.clock.advance(time.Hour)
	b.verifyCode(descope.MethodSMS, alice, code).refused(t, 401, descope.CodeWrongOTP)
	b.sendCode(alice)
	code = b.take(alice).Code
	b.clock.advance(3*time.Minute - time.Nanosecond)
	if r := b.verifyCode(descope.MethodSMS, alice, code); r.status != 200 {
		t.Errorf("code just before its end: %s", r.text)
	}
}

// An expired code is told from a wrong one for as long again as it lived.
func TestExpiredOTPIsRemembered(t *testing.T) {
	t.Parallel()
	for lifetime, memory := range map[time.Duration]time.Duration{time.Second: 10 * time.Minute, time.Hour: time.Hour} {
		b := newBench(t, func(p *policy.Project) { p.OTP.ExpirationTime = policy.Duration(lifetime) })
		b.signUp(alice)
		b.sendCode(alice)
		code := b.take(alice).Code
		b.clock.advance(lifetime + memory - time.Nanosecond)
		b.verifyCode(descope.MethodSMS, alice, code).refused(t, 401, descope.CodeOTPExpired)
		b.clock.advance(time.Nanosecond)
		b.verifyCode(descope.MethodSMS, alice, code).refused(t, 401, descope.CodeWrongOTP)
	}
}

// A code is good for its user, its channel and its purpose only.
func TestOTPBindings(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.signUp(alice)
	b.signUp(bob)
	b.sendCode(alice)
	code := b.take(alice).Code
	for _, m := range []descope.Method{descope.MethodVoice, descope.MethodEmail, descope.MethodWhatsApp} {
		b.verifyCode(m, alice, code).refused(t, 401, descope.CodeWrongOTP)
	}
	b.sendCode(bob)
	if b.take(bob).Code != code {
		b.verifyCode(descope.MethodSMS, bob, code).refused(t, 401, descope.CodeWrongOTP)
	}

	// The code of an update and that of a sign-in live side by side, and each
	// does what it was sent for.
	r := b.post(descope.Path(descope.PathOTPUpdatePhone, descope.MethodSMS), b.as(a.RefreshJWT),
		descope.UpdatePhoneRequest{Identity: identity(alice), Phone: newPhone})
	if r.status != 200 {
		t.Fatalf("update: %s", r.text)
	}
	var auth descope.AuthResponse
	b.verifyCode(descope.MethodSMS, alice, code).into(t, &auth)
	if auth.User.Phone != alice {
		t.Errorf("a sign-in code changed the phone to %s", auth.User.Phone)
	}
	b.verifyCode(descope.MethodSMS, alice, b.take(newPhone).Code).into(t, &auth)
	if auth.User.Phone != newPhone {
		t.Errorf("an update code left the phone at %s", auth.User.Phone)
	}
}

package emulator_test

import (
	"testing"
	"time"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

func coexist(p *policy.Project) { p.OTP.Resend = policy.ResendCoexist }

func (b *bench) code(login string) string {
	b.t.Helper()
	b.sendCode(login)
	return b.take(login).Code
}

// wrong gives a code that is none of those.
func wrong(codes ...string) string {
	for _, c := range []string{"000000", "000001", "000002", "000003", "000004", "000005"} {
		free := true
		for _, code := range codes {
			free = free && c != code
		}
		if free {
			return c
		}
	}
	panic("six codes are taken")
}

func TestN06TooManyAttempts(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*policy.Project){"replace": func(*policy.Project) {}, "coexist": coexist} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, change)
			b.signUp(alice)
			for range 2 { // a new send begins anew
				code := b.code(alice)
				for range 5 {
					b.verifyCode(descope.MethodSMS, alice, wrong(code)).refused(t, 401, descope.CodeWrongOTP)
				}
				b.verifyCode(descope.MethodSMS, alice, wrong(code)).refused(t, 401, descope.CodeTooManyAttempts)
				b.verifyCode(descope.MethodSMS, alice, code).refused(t, 401, descope.CodeTooManyAttempts)
			}
			if r := b.verifyCode(descope.MethodSMS, alice, b.code(alice)); r.status != 200 {
				t.Errorf("behind a new send: %s", r.text)
			}
		})
	}
}

func TestN07ExpiredCode(t *testing.T) {
	t.Parallel()
	b := newBench(t, coexist)
	b.signUp(alice)
	first := b.code(alice)
	b.clock.advance(time.Minute)
	second := b.code(alice)
	b.clock.advance(2 * time.Minute)
	b.verifyCode(descope.MethodSMS, alice, first).refused(t, 401, descope.CodeWrongOTP)
	if r := b.verifyCode(descope.MethodSMS, alice, second); r.status != 200 {
		t.Errorf("the second code: %s", r.text)
	}
	b.verifyCode(descope.MethodSMS, alice, first).refused(t, 401, descope.CodeOTPExpired)
}

// Every code that was sent is good, once, until it expires.
func TestS05CodesCoexist(t *testing.T) {
	t.Parallel()
	b := newBench(t, coexist)
	b.signUp(alice)
	codes := []string{b.code(alice), b.code(alice), b.code(alice)}
	for _, i := range []int{1, 0, 2} {
		if r := b.verifyCode(descope.MethodSMS, alice, codes[i]); r.status != 200 {
			t.Errorf("code %d: %s", i, r.text)
		}
		b.verifyCode(descope.MethodSMS, alice, codes[i]).refused(t, 401, descope.CodeWrongOTP)
	}
}

// However often a code is sent, so many guesses are compared with those that live.
func TestS05OneBudget(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*policy.Project){"replace": func(*policy.Project) {}, "coexist": coexist} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, change)
			b.signUp(alice)
			codes := []string{b.code(alice), b.code(alice)}
			if name == "replace" {
				b.verifyCode(descope.MethodSMS, alice, codes[0]).refused(t, 401, descope.CodeWrongOTP)
			}
			compared := 0
			for range 20 {
				if b.verifyCode(descope.MethodSMS, alice, wrong(codes...)).code(t) == descope.CodeWrongOTP {
					compared++
				}
				if name == "coexist" && len(codes) < 4 { // a send in between buys no guess
					codes = append(codes, b.code(alice))
				}
			}
			want := 5
			if name == "replace" {
				want = 4
			}
			if compared != want {
				t.Errorf("%d guesses are compared, want %d", compared, want)
			}
			for _, code := range codes {
				if r := b.verifyCode(descope.MethodSMS, alice, code); r.status == 200 {
					t.Error("a code is good behind its budget")
				}
			}
		})
	}
}

// The window bounds guesses at a recipient, whatever is sent and for whatever it is.
func TestAttemptsWindow(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) {
		p.OTP.WindowAttempts, p.OTP.AttemptsWindow = 7, policy.Duration(10*time.Minute)
	})
	b.signUp(alice)
	b.signUp(bob)
	compared := 0
	for range 4 {
		code := b.code(alice)
		for range 4 {
			if b.verifyCode(descope.MethodSMS, alice, wrong(code)).code(t) == descope.CodeWrongOTP {
				compared++
			}
		}
	}
	if compared != 7 {
		t.Errorf("%d guesses are compared, want 7", compared)
	}
	b.verifyCode(descope.MethodSMS, alice, b.code(alice)).refused(t, 401, descope.CodeTooManyAttempts)
	if r := b.verifyCode(descope.MethodSMS, bob, b.code(bob)); r.status != 200 {
		t.Errorf("another recipient: %s", r.text)
	}
	b.clock.advance(10 * time.Minute)
	if r := b.verifyCode(descope.MethodSMS, alice, b.code(alice)); r.status != 200 {
		t.Errorf("behind the window: %s", r.text)
	}
}

// An attacker who burns the attempts of a code does not lock its user out of another.
func TestS24NoHardLockout(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*policy.Project){"replace": func(*policy.Project) {}, "coexist": coexist} {
		b := newBench(t, change)
		b.signUp(alice)
		for range 10 {
			code := b.code(alice)
			for range 10 { // the attacker
				b.verifyCode(descope.MethodSMS, alice, wrong(code))
			}
			if r := b.verifyCode(descope.MethodSMS, alice, b.code(alice)); r.status != 200 {
				t.Fatalf("%s: the victim is locked out: %s", name, r.text)
			}
		}
	}
}

// A code of any purpose is on the budget of the user and channel.
func TestS05BudgetOfAllPurposes(t *testing.T) {
	t.Parallel()
	b := newBench(t, coexist)
	a := b.signUp(alice)
	first := b.code(alice)
	for range 3 {
		b.verifyCode(descope.MethodSMS, alice, wrong(first)).refused(t, 401, descope.CodeWrongOTP)
	}
	b.post(descope.Path(descope.PathOTPUpdatePhone, descope.MethodSMS), b.as(a.RefreshJWT),
		descope.UpdatePhoneRequest{Identity: identity(alice), Phone: newPhone})
	second := b.take(newPhone).Code
	for range 2 {
		b.verifyCode(descope.MethodSMS, alice, wrong(first, second)).refused(t, 401, descope.CodeWrongOTP)
	}
	for _, code := range []string{first, second} {
		b.verifyCode(descope.MethodSMS, alice, code).refused(t, 401, descope.CodeTooManyAttempts)
	}
}

// Codes that coexist leave one by one, and a merge or deletion takes them all.
func TestCoexistingCodesLeaveNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, coexist)
	b.signUp(alice)
	var codes []string
	for range 5 {
		codes = append(codes, b.code(alice))
		b.clock.advance(time.Minute)
	}
	// The first two have expired; the third is good to the last instant.
	for _, code := range codes[:2] {
		b.verifyCode(descope.MethodSMS, alice, code).refused(t, 401, descope.CodeWrongOTP)
	}
	for _, code := range codes[3:] {
		if r := b.verifyCode(descope.MethodSMS, alice, code); r.status != 200 {
			t.Errorf("a code in its time: %s", r.text)
		}
	}
	b.clock.advance(time.Hour)
	b.verifyCode(descope.MethodSMS, alice, codes[4]).refused(t, 401, descope.CodeWrongOTP)
	last := b.code(alice)
	b.code(alice)
	if r := b.post(descope.PathUserDelete, b.manager(), descope.UserRequest{Identity: identity(alice)}); r.status != 200 {
		t.Fatal(r.text)
	}
	b.verifyCode(descope.MethodSMS, alice, last).refused(t, 401, descope.CodeWrongOTP)
}

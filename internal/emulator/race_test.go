package emulator_test

import (
	"testing"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

var otpVerify = descope.Path(descope.PathOTPVerify, descope.MethodSMS)

// R01: a link is redeemed once, by whoever comes first, and opens one session.
func TestR01LinkOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c := newCrowd(t, b.emulator.Handler())
	for round := range rounds {
		b.post(descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(alice)})
		token := b.take(alice).token(t)
		answers := c.round(repeat(lanes, shot{descope.PathMagicLinkVerify, b.public(), descope.VerifyLinkRequest{Token: token}}))
		won := one(t, round, answers, descope.CodeTokenExpired)
		if won.FirstSeen != (round == 0) {
			t.Fatalf("round %d: first seen %v", round, won.FirstSeen)
		}
		if me := b.me(won.RefreshJWT); me.UserID != won.User.UserID {
			t.Fatalf("round %d: the session is of %s, want %s", round, me.UserID, won.User.UserID)
		}
	}
}

// R02: a code is redeemed once, and the losers are not held against the next one.
func TestR02CodeOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	c := newCrowd(t, b.emulator.Handler())
	for round := range rounds {
		b.sendCode(alice)
		body := descope.VerifyCodeRequest{Identity: identity(alice), Code: b.take(alice).Code}
		one(t, round, c.round(repeat(lanes, shot{otpVerify, b.public(), body})), descope.CodeWrongOTP)
	}
	b.sendCode(alice)
	code := b.take(alice).Code
	for range policy.Default().OTP.Attempts - 1 {
		b.verifyCode(descope.MethodSMS, alice, otherCode(code)).refused(t, 401, descope.CodeWrongOTP)
	}
	if r := b.verifyCode(descope.MethodSMS, alice, code); r.status != 200 {
		t.Errorf("after the races the budget of a new code is not whole: %d %s", r.status, r.text)
	}
}

// R03: wrong codes at once are all charged: exactly the allowed number of them is
// compared, however they interleave, and the right one is refused then.
func TestR03EveryGuessIsCounted(t *testing.T) {
	t.Parallel()
	const budget = 7
	b := newBench(t, func(p *policy.Project) { p.OTP.Attempts = budget })
	b.signUp(alice)
	c := newCrowd(t, b.emulator.Handler())
	for round := range rounds {
		b.sendCode(alice)
		code := b.take(alice).Code
		wrong := shot{otpVerify, b.public(), descope.VerifyCodeRequest{Identity: identity(alice), Code: otherCode(code)}}
		ok, codes := tally(t, c.round(repeat(lanes, wrong)))
		if len(ok) != 0 || codes[descope.CodeWrongOTP] != budget || codes[descope.CodeTooManyAttempts] != lanes-budget {
			t.Fatalf("round %d: %d successes and %v, want %d wrong and %d refused", round, len(ok), codes, budget, lanes-budget)
		}
		b.verifyCode(descope.MethodSMS, alice, code).refused(t, 401, descope.CodeTooManyAttempts)
	}
}

// R04: the right code among more wrong ones than are allowed succeeds within the budget
// or not at all.
func TestR04RightCodeAmongGuesses(t *testing.T) {
	t.Parallel()
	const budget = 7
	b := newBench(t, func(p *policy.Project) { p.OTP.Attempts = budget })
	b.signUp(alice)
	c := newCrowd(t, b.emulator.Handler())
	won := 0
	for round := range rounds {
		b.sendCode(alice)
		code := b.take(alice).Code
		shots := repeat(lanes, shot{otpVerify, b.public(), descope.VerifyCodeRequest{Identity: identity(alice), Code: otherCode(code)}})
		shots[round%lanes].body = descope.VerifyCodeRequest{Identity: identity(alice), Code: code}
		answers := c.round(shots)
		ok, codes := tally(t, answers)
		switch {
		case len(ok) == 0:
			// The budget was spent first: so many guesses were compared, and nothing else.
			if codes[descope.CodeWrongOTP] != budget || codes[descope.CodeTooManyAttempts] != lanes-budget {
				t.Fatalf("round %d: nobody succeeded, and %v", round, codes)
			}
		case len(ok) > 1, codes[descope.CodeTooManyAttempts] != 0, codes[descope.CodeWrongOTP] != lanes-1, answers[round%lanes].status != 200:
			t.Fatalf("round %d: %d successes and %v", round, len(ok), codes)
		default:
			won++
		}
	}
	t.Logf("the right code won %d of %d rounds", won, rounds)
}

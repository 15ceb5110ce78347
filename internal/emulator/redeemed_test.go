package emulator_test

import (
	"sync"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

func repeating(p *policy.Project) {
	p.Unpublished.RepeatWithin = policy.Duration(10 * time.Second)
	p.Answers = []policy.Answer{{Condition: "used_token", Status: 410, Code: "E_used"}, {Condition: "used_otp", Status: 409, Code: "E_used"}}
}

// Where answers are repeated no more, those of before are not either.
func TestRepeatingEnds(t *testing.T) {
	t.Parallel()
	b := newBench(t, repeating)
	b.signUp(alice)
	link := b.magicLink(descope.PathMagicLinkSignIn, alice)
	b.redeem(link)
	b.redeem(link)
	b.patch(`{"unpublished":{"repeat_within":null}}`)
	b.verify(link).refused(t, 410, "E_used")
}

// Within its time the second verification gets the first answer to the byte; after it the
// link or code was used. Neither is a second sign-in.
func TestRepeatedVerification(t *testing.T) {
	t.Parallel()
	b := newBench(t, repeating)
	b.signUp(alice)
	signIns := len(b.trail(`{}`))
	link, code := b.magicLink(descope.PathMagicLinkSignIn, alice), b.code(alice)
	for _, tt := range []struct {
		verify func() reply
		status int
	}{
		{func() reply { return b.verify(link) }, 410},
		{func() reply { return b.verifyCode(descope.MethodSMS, alice, code) }, 409},
	} {
		first := tt.verify()
		if first.status != 200 {
			t.Fatalf("first: %d %s", first.status, first.text)
		}
		b.clock.advance(10*time.Second - time.Millisecond)
		if second := tt.verify(); second.status != 200 || second.text != first.text {
			t.Errorf("second: %d %s, want %s", second.status, second.text, first.text)
		}
		b.clock.advance(time.Millisecond)
		tt.verify().refused(t, tt.status, "E_used")
	}
	// Two messages were sent, two sign-ins succeeded, and a used code failed.
	if got := len(b.trail(`{}`)) - signIns; got != 5 {
		t.Errorf("%d records: %v", got, b.trail(`{}`))
	}
	b.verify("never").refused(t, 401, descope.CodeTokenExpired)
	b.verifyCode(descope.MethodSMS, alice, otherCode(code)).refused(t, 401, descope.CodeWrongOTP)
	b.clock.advance(time.Hour) // nothing is remembered for ever
	b.verify(link).refused(t, 401, descope.CodeTokenExpired)
	b.verifyCode(descope.MethodSMS, alice, code).refused(t, 401, descope.CodeWrongOTP)
}

// Nothing is repeated unless the policy says so.
func TestNoRepetition(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	link, code := b.magicLink(descope.PathMagicLinkSignIn, alice), b.code(alice)
	b.redeem(link)
	b.verify(link).refused(t, 401, descope.CodeTokenExpired)
	b.verifyCode(descope.MethodSMS, alice, code).into(t, &struct{}{})
	b.verifyCode(descope.MethodSMS, alice, code).refused(t, 401, descope.CodeWrongOTP)
}

// Of a session that has ended, or of a user who is disabled, nothing is repeated.
func TestRepetitionEndsWithTheSession(t *testing.T) {
	t.Parallel()
	b := newBench(t, repeating)
	b.signUp(alice)
	link, other := b.magicLink(descope.PathMagicLinkSignIn, alice), b.magicLink(descope.PathMagicLinkSignIn, alice)
	tokens := b.redeem(link)
	b.redeem(other)
	b.post(descope.PathLogout, b.as(tokens.RefreshJWT), struct{}{}).into(t, &struct{}{})
	b.verify(link).refused(t, 410, "E_used")
	b.verify(other).into(t, &struct{}{})
	b.manage("POST", descope.PathUserStatus, `{"loginId":"`+alice+`","status":"disabled"}`).into(t, &struct{}{})
	b.verify(other).refused(t, 410, "E_used")
}

// A code that is alive wins over one of the same digits that was redeemed.
func TestStaticCodeIsNotRepeated(t *testing.T) {
	t.Parallel()
	b := newBench(t, repeating, func(p *policy.Project) {
		p.TestUsersLoginIDRegexp, p.TestUsersVerifierRegexp, p.TestUsersStaticOTP = `^\+1555555`, `^\+1555555`, "123456"
	})
	b.testUser(alice)
	var sessions [3]descope.AuthResponse
	for i := range 2 {
		b.sendCode(alice)
		b.verifyCode(descope.MethodSMS, alice, "123456").into(t, &sessions[i])
	}
	b.verifyCode(descope.MethodSMS, alice, "123456").into(t, &sessions[2])
	if sessions[0].RefreshJWT == sessions[1].RefreshJWT || sessions[1].RefreshJWT != sessions[2].RefreshJWT {
		t.Error("the second sign-in is the first, or the third is not the second")
	}
}

// An enchanted link is clicked twice; its token opens no session elsewhere.
func TestRepeatedClick(t *testing.T) {
	t.Parallel()
	b := newBench(t, repeating)
	b.mailUser(alicesMail)
	asked := b.enchanted(b.enchant(descope.PathEnchantedLinkSignIn, `{"loginId":"`+alicesMail+`"}`))
	token := b.take(alicesMail).token(t)
	for range 2 {
		if r := b.click(token, ""); r.status != 200 || r.text != "{}" {
			t.Errorf("click: %d %s", r.status, r.text)
		}
	}
	b.verify(token).refused(t, 401, descope.CodeTokenExpired)
	b.collected(asked.PendingRef)
	b.clock.advance(10 * time.Second)
	b.click(token, "").refused(t, 410, "E_used")
}

// Who verifies at the same moment gets the same answer, whoever came first.
func TestRepeatedAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, repeating)
	b.signUp(alice)
	token := b.magicLink(descope.PathMagicLinkSignIn, alice)
	var all [8]reply
	var group sync.WaitGroup
	for i := range all {
		group.Go(func() { all[i] = b.verify(token) })
	}
	group.Wait()
	for _, r := range all {
		if r.status != 200 || r.text != all[0].text {
			t.Errorf("%d %s, want %s", r.status, r.text, all[0].text)
		}
	}
}

// What was redeemed is exported and repeated by the importing emulator.
func TestExportOfTheRedeemed(t *testing.T) {
	t.Parallel()
	b := newBench(t, repeating)
	b.signUp(alice)
	link, code := b.magicLink(descope.PathMagicLinkSignIn, alice), b.code(alice)
	first := b.verify(link)
	b.verifyCode(descope.MethodSMS, alice, code).into(t, &struct{}{})
	o := b.again(7)
	if r := o.verify(link); r.text != first.text {
		t.Errorf("repeated elsewhere: %d %s, want %s", r.status, r.text, first.text)
	}
	o.verifyCode(descope.MethodSMS, alice, code).into(t, &struct{}{})
	b.clock.advance(10 * time.Second)
	o.verifyCode(descope.MethodSMS, alice, code).refused(t, 409, "E_used")
}

package emulator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
)

// With useRecovery the message goes to the recovery address, which it verifies, and
// nothing else of the user changes.
func TestSignInByRecovery(t *testing.T) {
	t.Parallel()
	const phone, mail = "+15555550161", "recovery@x.test"
	b := newBench(t)
	b.signUp(bob)
	b.create(descope.CreateUserRequest{Identity: identity("ann"), Phone: alice, Email: alicesMail, RecoveryPhone: phone, RecoveryEmail: mail})
	send := func(path string, m descope.Method, login string) reply {
		return b.do(http.MethodPost, descope.Path(path, m), b.public().Header(), "application/json", `{"loginId":"`+login+`","useRecovery":true}`)
	}
	// verified are the flags of phone, email and of both for recovery.
	verified := func(u *descope.User, want ...bool) {
		t.Helper()
		got := []bool{u.VerifiedPhone, u.VerifiedEmail, u.VerifiedRecoveryPhone, u.VerifiedRecoveryEmail}
		if diff := cmp.Diff(got, want); diff != "" || u.Phone != alice || u.Email != alicesMail {
			t.Errorf("%+v, what is verified (-got +want):\n%s", u, diff)
		}
	}
	var masked descope.MaskedResponse
	send(descope.PathOTPSignIn, descope.MethodVoice, "ann").into(t, &masked)
	if !strings.HasSuffix(masked.MaskedPhone, phone[len(phone)-4:]) {
		t.Errorf("masked %+v, want that of %s", masked, phone)
	}
	b.quiet(alice)
	var auth descope.AuthResponse
	b.verifyCode(descope.MethodVoice, "ann", b.take(phone).Code).into(t, &auth)
	verified(auth.User, false, false, true, false)

	for i, path := range []string{descope.PathMagicLinkSignIn, descope.PathMagicLinkSignUpOrIn} {
		send(path, descope.MethodEmail, "ann").into(t, &masked)
		b.quiet(alicesMail)
		token := b.take(mail).token(t)
		if i == 0 {
			unproved := b.load("ann")
			verified(&unproved, false, false, true, false)
		}
		auth = b.redeem(token)
		verified(auth.User, false, false, true, true)
	}
	asked := b.enchanted(send(descope.PathEnchantedLinkSignIn, descope.MethodEmail, "ann"))
	b.click(b.take(mail).token(t), "")
	verified(b.collected(asked.PendingRef).User, false, false, true, true)

	// Who has none, or is nobody, gets no message.
	send(descope.PathOTPSignIn, descope.MethodSMS, bob).refused(t, 400, descope.CodeInvalidRequest, "recoveryPhone")
	send(descope.PathMagicLinkSignIn, descope.MethodEmail, bob).refused(t, 400, descope.CodeInvalidRequest, "recoveryEmail")
	for _, path := range []string{descope.PathOTPSignIn, descope.PathOTPSignUpOrIn} {
		send(path, descope.MethodSMS, newPhone).refused(t, 400, descope.CodeUserNotFound)
		send(path, descope.MethodSMS, phone).refused(t, 400, descope.CodeUserNotFound) // it is no login ID
	}
	b.quiet("")
}

// A recovery address that the management replaces is not verified, and a message to the
// one before verifies nothing; an export carries what is on its way.
func TestReplacedRecovery(t *testing.T) {
	t.Parallel()
	const first, second = "+15555550161", "+15555550162"
	b := newBench(t)
	b.create(descope.CreateUserRequest{Identity: identity("ann"), RecoveryPhone: first})
	send := func(x *bench) {
		t.Helper()
		x.post(descope.Path(descope.PathOTPSignIn, descope.MethodSMS), x.public(), descope.SignInRequest{Identity: identity("ann"), UseRecovery: true}).into(t, &struct{}{})
	}
	send(b)
	o := b.again(99)
	for _, x := range []*bench{b, o} {
		var auth descope.AuthResponse
		x.verifyCode(descope.MethodSMS, "ann", x.take(first).Code).into(t, &auth)
		if !auth.User.VerifiedRecoveryPhone || auth.User.Phone != "" {
			t.Errorf("user %+v", auth.User)
		}
	}
	u := b.changed(b.manage(http.MethodPatch, descope.PathUserPatch, `{"loginId":"ann","recoveryPhone":"`+first+`"}`))
	if !u.VerifiedRecoveryPhone {
		t.Error("the same phone is not verified any more")
	}
	send(b)
	if u = b.changed(b.manage(http.MethodPatch, descope.PathUserPatch, `{"loginId":"ann","recoveryPhone":"`+second+`"}`)); u.VerifiedRecoveryPhone {
		t.Error("another phone is verified")
	}
	var auth descope.AuthResponse
	b.verifyCode(descope.MethodSMS, "ann", b.take(first).Code).into(t, &auth)
	if auth.User.VerifiedRecoveryPhone || auth.User.RecoveryPhone != second || auth.User.Phone != "" {
		t.Errorf("user %+v", auth.User)
	}
}

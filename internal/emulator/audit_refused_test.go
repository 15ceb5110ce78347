package emulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// A merge tells of the user who is gone by it, whoever asked for it.
func TestAuditOfMerges(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		options descope.UpdateOptions
		want    []string
	}{
		"keeps the updating user": {
			descope.UpdateOptions{AddToLoginIDs: true},
			[]string{"LoginSucceed magiclink " + alice + "," + bob, "UserModified magiclink " + alice + "," + bob, "UserDeleted magiclink " + bob},
		},
		"keeps the existing user": {
			descope.UpdateOptions{AddToLoginIDs: true, OnMergeUseExisting: true},
			[]string{"LoginSucceed magiclink " + bob + "," + alice, "UserModified magiclink " + bob + "," + alice, "UserDeleted magiclink " + alice},
		},
		"is none": {
			descope.UpdateOptions{},
			[]string{"LoginSucceed magiclink " + alice, "UserModified magiclink " + alice},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			auth, other := b.signUp(alice), b.signUp(bob)
			token := b.changeTo(auth, alice, bob, tt.options)
			b.clock.advance(time.Second)
			b.redeem(token)
			if diff := cmp.Diff(b.trail(``)[:len(tt.want)], tt.want); diff != "" {
				t.Errorf("trail (-got +want):\n%s", diff)
			}
			gone := b.audits(`{"actions":["UserDeleted"]}`).Audits
			if len(gone) > 0 && gone[0].UserID != map[bool]string{false: other.User.UserID, true: auth.User.UserID}[tt.options.OnMergeUseExisting] {
				t.Errorf("%s is told to be deleted", gone[0].UserID)
			}
		})
	}
	b := newBench(t)
	b.signUp(alice)
	b.signUp(bob)
	b.changed(b.manage(http.MethodPost, descope.PathUserUpdatePhone, `{"loginId":"`+alice+`","phone":"`+bob+`","verified":true}`))
	want := []string{"UserModified " + bob, "UserDeleted " + bob}
	if diff := cmp.Diff(b.trail(``)[:2], want); diff != "" {
		t.Errorf("trail of the management (-got +want):\n%s", diff)
	}
}

// A send that is refused to a user is in the trail, with the reason.
func TestAuditOfRefusedSends(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited(policy.Limit{By: policy.ByRecipient, Requests: 1, Window: every(time.Hour)}))
	auth := b.signUp(alice)
	b.create(descope.CreateUserRequest{Identity: identity(bob), Phone: bob, Status: descope.StatusDisabled})
	signIn := func(pattern string, m descope.Method, login string) reply {
		return b.post(descope.Path(pattern, m), b.public(), descope.SignInRequest{Identity: identity(login)})
	}
	signIn(descope.PathOTPSignIn, descope.MethodSMS, alice).refused(t, 429, descope.CodeSendLimit)
	signIn(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS, bob).refused(t, 403, descope.CodeDisabled)
	signIn(descope.PathEnchantedLinkSignIn, descope.MethodEmail, alice).refused(t, 400, descope.CodeInvalidRequest, "email")
	b.change(b.as(auth.RefreshJWT), alice, bob, descope.UpdateOptions{AddToLoginIDs: true, FailOnConflict: true}).refused(t, 409, descope.CodeUpdateConflict)
	signIn(descope.PathOTPSignIn, descope.MethodSMS, "nobody").refused(t, 400, descope.CodeUserNotFound) // is nobody's

	want := []string{
		"LoginStartedFailed magiclink " + alice, "LoginStartedFailed enchantedlink " + alice,
		"LoginStartedFailed magiclink " + bob, "LoginStartedFailed otp " + alice,
	}
	const filter = `{"actions":["LoginStartedFailed"]}`
	if diff := cmp.Diff(b.trail(filter), want); diff != "" {
		t.Errorf("trail (-got +want):\n%s", diff)
	}
	limited := b.audits(filter).Audits[3]
	if limited.Type != "warn" || limited.Data["error_message"] == nil || limited.Data["purpose"] != "sign_in" || limited.UserID != auth.User.UserID {
		t.Errorf("record %+v", limited)
	}
	if again := b.again(7).trail(filter); len(again) != len(want) {
		t.Errorf("after an import: %v", again)
	}
}

package emulator_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// moveTo gives a user another phone by a code, and the tokens that come of it.
func (b *bench) moveTo(auth descope.AuthResponse, login, phone string, o descope.UpdateOptions) (after descope.AuthResponse) {
	b.t.Helper()
	b.post(descope.Path(descope.PathOTPUpdatePhone, descope.MethodSMS), b.as(auth.RefreshJWT),
		descope.UpdatePhoneRequest{Identity: identity(login), Phone: phone, UpdateOptions: o}).into(b.t, &struct{}{})
	b.verifyCode(descope.MethodSMS, login, b.take(phone).Code).into(b.t, &after)
	return after
}

// C02: a number that was changed by a code is where codes and links go.
func TestC02BothMethodsUseTheNewNumber(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	user := b.moveTo(b.signUp(alice), alice, newPhone, descope.UpdateOptions{}).User
	for _, pattern := range []string{descope.PathMagicLinkSignIn, descope.PathMagicLinkSignUpOrIn, descope.PathOTPSignIn, descope.PathOTPSignUpOrIn} {
		b.post(descope.Path(pattern, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(alice)}).into(t, &struct{}{})
		b.quiet(alice)
		m := b.take(newPhone)
		var auth descope.AuthResponse
		if m.Code != "" {
			b.verifyCode(descope.MethodSMS, alice, m.Code).into(t, &auth)
		} else {
			auth = b.redeem(m.token(t))
		}
		if auth.User.UserID != user.UserID || auth.User.Phone != newPhone {
			t.Errorf("%s: user %+v", pattern, auth.User)
		}
	}
}

// C03: what was sent to the old number before a change signs the same user in, once, and
// brings the old number back in no way.
func TestC03SentBeforeTheChange(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	auth := b.signUp(alice)
	token, code := b.link(alice), b.code(alice)
	b.moveTo(auth, alice, newPhone, descope.UpdateOptions{})
	want := b.load(alice)
	var byCode descope.AuthResponse
	b.verifyCode(descope.MethodSMS, alice, code).into(t, &byCode)
	for _, late := range []descope.AuthResponse{b.redeem(token), byCode} {
		if late.User.UserID != auth.User.UserID || late.User.Phone != newPhone || late.FirstSeen {
			t.Errorf("signed in as %+v", late.User)
		}
	}
	b.unchanged(alice, want)
	b.verify(token).refused(t, 401, descope.CodeTokenExpired)
	b.verifyCode(descope.MethodSMS, alice, code).refused(t, 401, descope.CodeWrongOTP)
}

// C04: a change that nobody proves leaves the old number at work and the new one to
// whoever wants it.
func TestC04AbandonedChange(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	auth := b.signUp(alice)
	token := b.changeTo(auth, alice, newPhone, descope.UpdateOptions{AddToLoginIDs: true, FailOnConflict: true})
	if again := b.signUp(alice); again.User.UserID != auth.User.UserID || again.User.Phone != alice {
		t.Errorf("while the change is open: %+v", again.User)
	}
	other := b.signUp(newPhone)
	if other.User.UserID == auth.User.UserID || !other.FirstSeen {
		t.Errorf("the new number is taken by the change: %+v", other.User)
	}
	b.clock.advance(3 * time.Minute)
	b.verify(token).refused(t, 401, descope.CodeTokenExpired)
	b.sendCode(alice)
	b.take(alice)
	b.quiet("")
	if me := b.me(auth.RefreshJWT); me.Phone != alice || !slices.Equal(me.LoginIDs, []string{alice}) {
		t.Errorf("after the change ran out: %+v", me)
	}
	if me := b.me(other.RefreshJWT); me.Phone != newPhone {
		t.Errorf("the other user: %+v", me)
	}
}

// C05: a number that is changed and changed back leaves nothing behind.
func TestC05ThereAndBack(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.signUp(alice)
	there := b.moveTo(first, alice, newPhone, descope.UpdateOptions{})
	back := b.moveTo(there, alice, alice, descope.UpdateOptions{AddToLoginIDs: true})
	want := *first.User
	want.ModifiedTime = back.User.ModifiedTime
	b.unchanged(alice, want)
	b.get(descope.PathUserLoad+"?loginId="+url.QueryEscape(newPhone), b.manager()).refused(t, 404, descope.CodeMgmtUserNotFound)
	if other := b.signUp(newPhone).User; other.UserID == first.User.UserID {
		t.Error("the number that was given up leads to its old user")
	}
	if again := b.signUp(alice).User; again.UserID != first.User.UserID || again.Phone != alice {
		t.Errorf("sign-in behind the way back: %+v", again)
	}
}

// C06: after a change the tokens, the user and the management agree at once.
func TestC06AgreesEverywhere(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	before := b.signUp(alice)
	after := b.moveTo(before, alice, newPhone, descope.UpdateOptions{AddToLoginIDs: true})
	want := *after.User
	if want.Phone != newPhone || !want.VerifiedPhone || !slices.Equal(want.LoginIDs, []string{alice, newPhone}) {
		t.Fatalf("user %+v", want)
	}
	var renewed descope.AuthResponse
	b.refresh(before.RefreshJWT).into(t, &renewed)
	views := map[string]descope.User{
		"me": b.me(after.RefreshJWT), "me of the session before": b.me(before.RefreshJWT), "refresh": *renewed.User,
		"management": b.load(newPhone), "search": b.everyUser()[0],
	}
	for name, got := range views {
		if diff := cmp.Diff(got, want); diff != "" {
			t.Errorf("%s (-got +want):\n%s", name, diff)
		}
	}
	for _, jwt := range []string{after.SessionJWT, after.RefreshJWT, renewed.SessionJWT} {
		if !b.verifies(jwt) || claims(t, jwt)["sub"] != want.UserID {
			t.Errorf("claims %v, and that they verify: %v", claims(t, jwt), b.verifies(jwt))
		}
		if text, ok := claims(t, jwt)["phone"]; ok && text != newPhone {
			t.Errorf("a token tells of the phone %v", text)
		}
	}
}

// C07: who gets a number that a user gave up is somebody else, with nothing of theirs.
func TestC07RecycledNumber(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.create(descope.CreateUserRequest{
		Identity: identity("ann"), Phone: alice, VerifiedPhone: yes(), Name: "Ann", RoleNames: []string{"admin"},
		UserTenants: []descope.UserTenant{{TenantID: "T1"}}, CustomAttributes: map[string]any{"vip": true}, AdditionalIdentifiers: []string{alice},
	})
	ann := b.embed(descope.EmbeddedSignInRequest{Identity: identity("ann")})
	b.moveTo(ann, "ann", newPhone, descope.UpdateOptions{})
	// While the number is a login ID of hers, what is asked for with it goes to her.
	b.sendCode(alice)
	b.quiet(alice)
	b.take(newPhone)
	b.changed(b.manage(http.MethodPost, descope.PathUserUpdateLogin, `{"loginId":"`+alice+`","newLoginId":""}`))

	auth := b.signUp(alice)
	want := []any{true, []string{alice}, "", 0, 0, 0}
	u := auth.User
	if diff := cmp.Diff([]any{auth.FirstSeen, u.LoginIDs, u.Name, len(u.RoleNames), len(u.UserTenants), len(u.CustomAttributes)}, want); diff != "" {
		t.Errorf("the new owner of the number (-got +want):\n%s", diff)
	}
	if c := claims(t, auth.SessionJWT); u.UserID == ann.User.UserID || c["roles"] != nil || c["tenants"] != nil {
		t.Errorf("user %s, claims %v", u.UserID, c)
	}
	if me := b.me(ann.RefreshJWT); me.Phone != newPhone || me.Name != "Ann" {
		t.Errorf("who had the number: %+v", me)
	}
}

// C08: a user with two login IDs is one user by each of them.
func TestC08EitherLoginID(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.signUp(alice)
	b.moveTo(first, alice, newPhone, descope.UpdateOptions{AddToLoginIDs: true})
	sessions := map[any]bool{}
	for _, login := range []string{alice, newPhone} {
		b.sendCode(login)
		b.quiet(alice)
		var auth descope.AuthResponse
		b.verifyCode(descope.MethodSMS, login, b.take(newPhone).Code).into(t, &auth)
		c := claims(t, auth.SessionJWT)
		if c["sub"] != first.User.UserID {
			t.Errorf("%s is user %v, want %s", login, c["sub"], first.User.UserID)
		}
		sessions[c["sid"]] = true
	}
	if page := b.users(""); len(page.Users) != 1 || page.Users[0].SessionCount != 4 || len(sessions) != 2 {
		t.Errorf("users %+v, want one with 4 sessions", page.Users)
	}
}

// C12: a success gives back the attempts at a code, and no message.
func TestC12CountersAfterASuccess(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited(policy.Limit{By: policy.ByRecipient, Requests: 3, Window: every(10 * time.Minute)}))
	for range 3 {
		r := b.requestCode(alice)
		r.into(t, &struct{}{})
		code := b.take(alice).Code
		for range policy.Default().OTP.Attempts - 1 {
			b.verifyCode(descope.MethodSMS, alice, otherCode(code)).refused(t, 401, descope.CodeWrongOTP)
		}
		b.verifyCode(descope.MethodSMS, alice, code).into(t, &struct{}{})
	}
	r := b.requestCode(alice)
	r.refused(t, 429, descope.CodeSendLimit)
	b.quiet("")
	b.clock.advance(r.wait(t))
	b.requestCode(alice).into(t, &struct{}{})
	b.take(alice)
}

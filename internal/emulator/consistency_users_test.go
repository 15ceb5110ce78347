package emulator_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
)

// C09: a user who was merged away is gone from everywhere, and nothing brings it back.
func TestC09MergedAway(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	stays, goes := b.signUp(alice), b.signUp(bob)
	gone := goes.User.UserID
	token, code := b.link(bob), b.code(bob)
	change := b.changeTo(goes, bob, newPhone, descope.UpdateOptions{AddToLoginIDs: true})
	b.redeem(b.changeTo(stays, alice, bob, descope.UpdateOptions{AddToLoginIDs: true}))

	for _, path := range []string{descope.PathRefresh, descope.PathLogout, descope.PathLogoutAll} {
		b.post(path, b.as(goes.RefreshJWT), struct{}{}).refused(t, 401, descope.CodeLoggedOut)
	}
	b.get(descope.PathMe, b.as(goes.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut)
	b.post(descope.PathValidate, b.as(goes.SessionJWT), struct{}{}).refused(t, 401, descope.CodeLoggedOut)
	b.change(b.as(goes.RefreshJWT), bob, newPhone, descope.UpdateOptions{}).refused(t, 401, descope.CodeLoggedOut)
	for _, late := range []string{token, change} {
		b.verify(late).refused(t, 401, descope.CodeTokenExpired)
	}
	b.verifyCode(descope.MethodSMS, bob, code).refused(t, 401, descope.CodeWrongOTP)

	named := `"loginId":"` + gone + `"`
	for path, body := range map[string]string{
		descope.PathUserUpdate: `{` + named + `,"name":"x"}`, descope.PathUserUpdatePhone: `{` + named + `,"phone":"` + bob + `","verified":true}`,
		descope.PathUserStatus: `{` + named + `,"status":"enabled"}`, descope.PathUserUpdateLogin: `{` + named + `,"newLoginId":"x"}`,
		descope.PathUserLogout: `{"userId":"` + gone + `"}`, descope.PathUserDelete: `{"userId":"` + gone + `"}`, descope.PathEmbeddedLinkSignIn: `{` + named + `}`,
	} {
		b.manage(http.MethodPost, path, body).refused(t, 404, descope.CodeMgmtUserNotFound)
	}
	b.get(descope.PathUserLoad+"?userId="+gone, b.manager()).refused(t, 404, descope.CodeMgmtUserNotFound)
	if r := b.manage(http.MethodPost, descope.PathUsersLoad, `{"userIds":["`+gone+`"]}`); r.text != `{"users":[]}` {
		t.Errorf("load many: %d %s, want none", r.status, r.text)
	}

	// The trail keeps what the user did, and its login ID leads to who is left.
	before := b.trail(`{"userIds":["` + gone + `"]}`)
	if b.signUp(bob).User.UserID != stays.User.UserID {
		t.Error("the login ID leads to another user than the one who is left")
	}
	if diff := cmp.Diff(b.trail(`{"userIds":["`+gone+`"]}`), before); diff != "" || len(before) == 0 {
		t.Errorf("the trail of the user who is gone, then %v (-got +want):\n%s", before, diff)
	}
	if all := b.everyUser(); len(all) != 1 || all[0].UserID != stays.User.UserID {
		t.Errorf("users %+v, want the one who is left", all)
	}
}

// C10: a phone is verified by a proof and by the word of the management alone, and one
// that the management takes its word from signs nobody in.
func TestC10VerifiedPhone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	verified := func(when string, want bool) {
		t.Helper()
		if u := b.load("ann"); u.VerifiedPhone != want {
			t.Errorf("%s: verified is %v, want %v", when, u.VerifiedPhone, want)
		}
	}
	set := func(phone, verified string) {
		t.Helper()
		b.changed(b.manage(http.MethodPost, descope.PathUserUpdatePhone, `{"loginId":"ann","phone":"`+phone+`","verified":`+verified+`}`))
	}
	signIn := func(path string) reply {
		return b.post(descope.Path(path, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity("ann")})
	}
	b.create(descope.CreateUserRequest{Identity: identity("ann"), Phone: alice})
	verified("created", false)
	signIn(descope.PathOTPSignIn).into(t, &struct{}{})
	verified("sent to", false)
	code := b.take(alice).Code
	b.verifyCode(descope.MethodSMS, "ann", otherCode(code)).refused(t, 401, descope.CodeWrongOTP)
	verified("a wrong code later", false)
	b.verifyCode(descope.MethodSMS, "ann", code).into(t, &struct{}{})
	verified("proved", true)

	set(newPhone, "false")
	verified("set without a word", false)
	for _, path := range []string{descope.PathOTPSignIn, descope.PathOTPSignUpOrIn, descope.PathMagicLinkSignIn, descope.PathMagicLinkSignUpOrIn} {
		signIn(path).refused(t, 400, descope.CodeUserNotFound)
	}
	b.quiet("")
	auth := b.embed(descope.EmbeddedSignInRequest{Identity: identity("ann")})
	verified("signed in by other means", false)
	b.redeem(b.changeTo(auth, "ann", newPhone, descope.UpdateOptions{}))
	verified("proved by an update", true)
	signIn(descope.PathOTPSignIn).into(t, &struct{}{})
	b.take(newPhone)
	set(bob, "true")
	verified("set with the word", true)
	signIn(descope.PathOTPSignIn).into(t, &struct{}{})
	b.take(bob)
}

// C11: who signs up with the number of a deleted user is new, with nothing of that user.
func TestC11DeletedAndBack(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.create(descope.CreateUserRequest{
		Identity: identity(alice), Phone: alice, VerifiedPhone: yes(), Name: "Ann", RoleNames: []string{"admin"}, SSOAppIDs: []string{"app"},
		CustomAttributes: map[string]any{"vip": true}, UserTenants: []descope.UserTenant{{TenantID: "T1"}}, AdditionalIdentifiers: []string{"ann"},
	})
	old := b.signUp(alice)
	b.clock.advance(1e9)
	b.manage(http.MethodPost, descope.PathUserDelete, `{"loginId":"ann"}`).into(t, &struct{}{})

	var out descope.MaskedResponse
	b.post(descope.Path(descope.PathMagicLinkSignUp, descope.MethodSMS), b.public(), descope.SignUpRequest{Identity: identity(alice)}).into(t, &out)
	auth := b.redeem(b.take(alice).token(t))
	want := descope.User{
		LoginIDs: []string{alice}, UserID: auth.User.UserID, Phone: alice, VerifiedPhone: true, Status: descope.StatusEnabled,
		CreatedTime: int32(b.clock.Now().Unix()), RoleNames: []string{}, UserTenants: []descope.UserTenant{}, ExternalIDs: []string{},
		CustomAttributes: map[string]any{}, OAuth: map[string]any{}, SSOAppIDs: []string{}, Permissions: []string{}, Editable: true,
	}
	if diff := cmp.Diff(*auth.User, want); diff != "" || !auth.FirstSeen || want.UserID == old.User.UserID {
		t.Errorf("first seen %v, user %s after %s (-got +want):\n%s", auth.FirstSeen, want.UserID, old.User.UserID, diff)
	}
	var visits []descope.UserVisit
	b.get(descope.PathMyHistory, b.as(auth.RefreshJWT)).into(t, &visits)
	if len(visits) != 1 {
		t.Errorf("the history of the new user: %+v", visits)
	}
	b.get(descope.PathUserLoad+"?loginId=ann", b.manager()).refused(t, 404, descope.CodeMgmtUserNotFound)
	b.get(descope.PathMe, b.as(old.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut)
}

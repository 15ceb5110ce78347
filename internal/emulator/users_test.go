package emulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
)

// manage calls a management route with a body in literals.
func (b *bench) manage(verb, path, body string) reply {
	b.t.Helper()
	return b.do(verb, path, b.manager().Header(), "application/json", body)
}

func (b *bench) changed(r reply) descope.User {
	b.t.Helper()
	var out descope.UserResponse
	r.into(b.t, &out)
	return out.User
}

// unchanged checks that a refused call left the user as it was.
func (b *bench) unchanged(login string, before descope.User) {
	b.t.Helper()
	if diff := cmp.Diff(b.load(login), before); diff != "" {
		b.t.Errorf("a refusal changed %s (-got +want):\n%s", login, diff)
	}
}

func TestUpdateOverrides(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	before := b.create(descope.CreateUserRequest{
		Identity: identity("alice"), Phone: alice, VerifiedPhone: yes(), Email: "a@x.test", VerifiedEmail: yes(), Name: "Alice",
		CustomAttributes: map[string]any{"k": "v"}, RoleNames: []string{"r"}, AdditionalIdentifiers: []string{"alice2"},
	})
	b.create(descope.CreateUserRequest{Identity: identity("bob")})
	b.clock.advance(time.Minute)

	// Null and absent are the same, and login IDs stay unless a list of them is sent.
	got := b.changed(b.manage(http.MethodPost, descope.PathUserUpdate,
		`{"loginId":"alice2","email":"a@x.test","customAttributes":null,"additionalLoginIds":null,"unknown":{"a":1}}`))
	want := before
	want.Phone, want.VerifiedPhone, want.Name = "", false, ""
	want.CustomAttributes, want.RoleNames = map[string]any{}, []string{}
	want.ModifiedTime = before.CreatedTime + 60
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("updated (-got +want):\n%s", diff)
	}

	b.manage(http.MethodPost, descope.PathUserUpdate, `{"loginId":"nobody"}`).refused(t, 404, descope.CodeMgmtUserNotFound)
	for body, code := range map[string]string{
		`{}`:                               descope.CodeInvalidRequest,
		`{"loginId":"alice","phone":"12"}`: descope.CodeInvalidRequest,
		`{"loginId":"alice","recoveryEmail":"x"}`:             descope.CodeInvalidRequest,
		`{"loginId":"alice","additionalIdentifiers":["bob"]}`: descope.CodeUserExists,
		`{"loginId":"alice","name":5}`:                        descope.CodeInvalidRequest,
	} {
		b.manage(http.MethodPost, descope.PathUserUpdate, body).refused(t, 400, code)
	}
	b.unchanged("alice", want)

	got = b.changed(b.manage(http.MethodPost, descope.PathUserUpdate, `{"loginId":"`+want.UserID+`","additionalIdentifiers":["alice3"]}`))
	if diff := cmp.Diff(got.LoginIDs, []string{"alice", "alice3"}); diff != "" {
		t.Errorf("login IDs (-got +want):\n%s", diff)
	}
	b.get(descope.PathUserLoad+"?loginId=alice2", b.manager()).refused(t, 404, descope.CodeMgmtUserNotFound)
}

// An address that an update brings without a word that it is verified is no way to
// log in; one that it repeats is as good as it was.
func TestUpdatedAddresses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	update := func(body string) descope.User {
		return b.changed(b.manage(http.MethodPost, descope.PathUserUpdate, `{"loginId":"`+alice+`",`+body+`}`))
	}
	if u := update(`"phone":"+1 555 555 0101"`); !u.VerifiedPhone || u.Phone != alice {
		t.Errorf("repeated: %+v", u)
	}
	if u := update(`"phone":"` + newPhone + `","email":"a@x.test"`); u.VerifiedPhone || u.VerifiedEmail || u.LoginIDs[0] != alice {
		t.Errorf("replaced: %+v", u)
	}
	b.post(descope.Path(descope.PathOTPSignIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(newPhone)}).
		refused(t, 400, descope.CodeUserNotFound)
	b.quiet(newPhone)
	if u := update(`"phone":"` + newPhone + `","verifiedPhone":true`); !u.VerifiedPhone || u.Email != "" {
		t.Errorf("verified: %+v", u)
	}
	b.sendCode(alice)
	b.take(newPhone)
}

func TestPatchChangesWhatItNames(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.create(descope.CreateUserRequest{
		Identity: identity("alice"), Phone: alice, VerifiedPhone: yes(), Name: "Alice", CustomAttributes: map[string]any{"k": "v"}, RoleNames: []string{"r"},
	})
	before := b.load("alice")
	got := b.changed(b.manage(http.MethodPatch, descope.PathUserPatch, `{"loginId":"alice","customAttributes":{"n":1},"name":"","status":"enabled"}`))
	want := before
	want.Name, want.Status, want.ModifiedTime = "", descope.StatusEnabled, before.CreatedTime
	want.CustomAttributes = map[string]any{"k": "v", "n": 1.0}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("patched (-got +want):\n%s", diff)
	}
	for body, code := range map[string]string{
		`{"loginId":"alice","name":"x","status":"odd"}`:                                               "E011003",
		`{"loginId":"alice","name":"x","email":"nonsense"}`:                                           "E011003",
		`{"loginId":"alice","name":"x","customAttributes":{"a":"` + strings.Repeat("x", 5000) + `"}}`: "E011003",
	} {
		b.manage(http.MethodPatch, descope.PathUserPatch, body).refused(t, 400, code)
	}
	b.manage(http.MethodPatch, descope.PathUserPatch, `{"loginId":"nobody"}`).refused(t, 404, descope.CodeMgmtUserNotFound)
	b.manage(http.MethodPost, descope.PathUserPatch, `{"loginId":"alice"}`).refused(t, 405, descope.CodeWrongVerb)
	b.unchanged("alice", want)
}

func TestManagementEmail(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.create(descope.CreateUserRequest{Identity: identity("a@x.test"), Email: "a@x.test", VerifiedEmail: yes(), Phone: alice})
	b.create(descope.CreateUserRequest{Identity: identity("b@x.test"), Email: "b@x.test", VerifiedEmail: yes()})
	set := func(body string) reply { return b.manage(http.MethodPost, descope.PathUserUpdateEmail, body) }
	signIn := func(login string) reply {
		return b.post(descope.Path(descope.PathOTPSignIn, descope.MethodEmail), b.public(), descope.SignInRequest{Identity: identity(login)})
	}
	before := b.load("a@x.test")
	set(`{"loginId":"a@x.test","email":"b@x.test","verified":true,"failOnConflict":true}`).refused(t, 409, descope.CodeMgmtConflict)
	set(`{"loginId":"a@x.test","email":"nonsense"}`).refused(t, 400, descope.CodeInvalidRequest, "email")
	set(`{"loginId":"a@x.test"}`).refused(t, 400, descope.CodeInvalidArguments, "login ID")
	set(`{"loginId":"a@x.test","email":""}`).refused(t, 400, descope.CodeInvalidArguments, "login ID")
	set(`{"loginId":"nobody","email":"c@x.test"}`).refused(t, 404, descope.CodeMgmtUserNotFound)
	b.unchanged("a@x.test", before)

	// Not verified: nobody logs in with it, and the old login ID stays.
	if u := b.changed(set(`{"loginId":"a@x.test","email":"c@x.test"}`)); u.VerifiedEmail || u.LoginIDs[0] != "a@x.test" {
		t.Errorf("unverified: %+v", u)
	}
	signIn("c@x.test").refused(t, 400, descope.CodeUserNotFound)
	if u := b.changed(set(`{"loginId":"a@x.test","email":"a@x.test"}`)); u.VerifiedEmail {
		t.Errorf("unverified: %+v", u)
	}
	signIn("a@x.test").refused(t, 400, descope.CodeUserNotFound, "email")
	b.quiet("")

	// Verified: the other user is merged in, and its login ID comes along.
	u := b.changed(set(`{"loginId":"a@x.test","email":"B@X.test","verified":true}`))
	if diff := cmp.Diff(u.LoginIDs, []string{"b@x.test"}); diff != "" || u.UserID != before.UserID || u.Email != "b@x.test" {
		t.Errorf("merged %+v, login IDs (-got +want):\n%s", u, diff)
	}
	if r := signIn("b@x.test"); r.status != 200 {
		t.Errorf("sign in: %s", r.text)
	}
	b.take("b@x.test")
}

func TestLoginID(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	auth := b.signUp(alice)
	b.create(descope.CreateUserRequest{Identity: identity("bob")})
	set := func(old, login string) reply {
		return b.manage(http.MethodPost, descope.PathUserUpdateLogin, `{"loginId":"`+old+`","newLoginId":"`+login+`"}`)
	}
	before := b.load(alice)
	set(alice, "bob").refused(t, 400, descope.CodeUserExists)
	set(alice, "").refused(t, 400, descope.CodeInvalidArguments, "login ID")
	set("nobody", "x").refused(t, 404, descope.CodeMgmtUserNotFound)
	set("", "x").refused(t, 400, descope.CodeInvalidRequest, "loginId")
	b.unchanged(alice, before)

	u := b.changed(set(alice, "+1 (555) 555-0199"))
	if diff := cmp.Diff(u.LoginIDs, []string{newPhone}); diff != "" || u.Phone != alice {
		t.Errorf("user %+v, login IDs (-got +want):\n%s", u, diff)
	}
	if got := b.me(auth.RefreshJWT).UserID; got != before.UserID {
		t.Errorf("the session is of %s, want %s", got, before.UserID)
	}
	b.changed(b.manage(http.MethodPost, descope.PathUserUpdate, `{"loginId":"`+newPhone+`","additionalIdentifiers":["alice"]}`))
	if u := b.changed(set(newPhone, "")); len(u.LoginIDs) != 1 || u.LoginIDs[0] != "alice" {
		t.Errorf("login IDs %v, want alice", u.LoginIDs)
	}
	b.get(descope.PathUserLoad+"?loginId=bob", b.manager()).into(t, &struct{}{})
}

// N25: a disabled user is refused at every stage, a link in flight included.
func TestN25DisabledUser(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	auth := b.signUp(alice)
	b.post(descope.Path(descope.PathMagicLinkSignIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(alice)})
	token := b.take(alice).token(t)
	b.sendCode(alice)
	code := b.take(alice).Code
	status := func(s string) reply {
		return b.manage(http.MethodPost, descope.PathUserStatus, `{"loginId":"`+alice+`","status":"`+s+`"}`)
	}
	status("asleep").refused(t, 400, descope.CodeInvalidRequest, "status")
	status("").refused(t, 400, descope.CodeInvalidRequest, "status")
	if u := b.changed(status("disabled")); u.Status != descope.StatusDisabled {
		t.Errorf("status %s", u.Status)
	}
	b.post(descope.Path(descope.PathOTPSignIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(alice)}).
		refused(t, 403, descope.CodeDisabled)
	b.quiet("")
	b.verify(token).refused(t, 403, descope.CodeDisabled)
	b.verifyCode(descope.MethodSMS, alice, code).refused(t, 403, descope.CodeDisabled)
	b.post(descope.PathRefresh, b.as(auth.RefreshJWT), struct{}{}).refused(t, 403, descope.CodeDisabled)
	b.get(descope.PathMe, b.as(auth.RefreshJWT)).refused(t, 403, descope.CodeDisabled)
	b.change(b.as(auth.RefreshJWT), alice, newPhone, descope.UpdateOptions{}).refused(t, 403, descope.CodeDisabled)
	b.changed(status("enabled"))
	b.redeem(token)
	b.me(auth.RefreshJWT)
}

// N10: every management call on a user that is not there says so.
func TestN10UnknownUser(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for path, body := range map[string]string{
		descope.PathUserUpdate: `{"loginId":"nobody"}`, descope.PathUserUpdatePhone: `{"loginId":"nobody","phone":""}`,
		descope.PathUserUpdateEmail: `{"loginId":"nobody","email":""}`, descope.PathUserUpdateLogin: `{"loginId":"nobody","newLoginId":"x"}`,
		descope.PathUserStatus: `{"loginId":"nobody","status":"enabled"}`, descope.PathUserDelete: `{"loginId":"nobody"}`,
		descope.PathUserLogout: `{"userId":"U0"}`, descope.PathEmbeddedLinkSignIn: `{"loginId":"nobody"}`,
		descope.PathGenerateOTP: `{"loginId":"nobody","deliveryMethod":"sms"}`, descope.PathGenerateLink: `{"loginId":"nobody","deliveryMethod":"sms"}`,
	} {
		r := b.manage(http.MethodPost, path, body)
		if r.status != 404 || r.code(t) != "E112102" {
			t.Errorf("%s: %d %s", path, r.status, r.text)
		}
	}
	b.manage(http.MethodPatch, descope.PathUserPatch, `{"loginId":"nobody"}`).refused(t, 404, "E112102")
	b.get(descope.PathUserLoad+"?userId=U0", b.manager()).refused(t, 404, "E112102")
}

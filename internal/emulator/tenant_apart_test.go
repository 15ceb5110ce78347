package emulator_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// verifyIn redeems a code of an email in a tenant, or in any if it is empty.
func (b *bench) verifyIn(login, code, tenant string) reply {
	b.t.Helper()
	return b.open(descope.Path(descope.PathOTPVerify, descope.MethodEmail), fmt.Sprintf(`{"loginId":%q,"code":%q,"tenantId":%q}`, login, code, tenant))
}

// two is a login ID that signed up in T1 and in T2.
func two(t *testing.T) (b *bench, one, other descope.AuthResponse) {
	t.Helper()
	b = newBench(t, isolated)
	one, other = b.enter(annMail, "T1"), b.enter(annMail, "T2")
	b.wantTenancy(one, "T1", "T1")
	b.wantTenancy(other, "T2", "T2")
	if one.User.UserID == other.User.UserID || !other.FirstSeen {
		t.Fatalf("one user: %+v, %+v", one.User, other.User)
	}
	return b, one, other
}

// Two tenants have a user each of one login ID. Codes of one are wrong for the other, and
// without a tenant a code tells whose it is.
func TestS55CodesOfTwoTenants(t *testing.T) {
	t.Parallel()
	b, one, other := two(t)
	b.into(annMail, "T1")
	first := b.take(annMail).Code
	b.into(annMail, "T2")
	second := b.take(annMail).Code // it replaced nothing
	b.verifyIn(annMail, first, "T2").refused(t, 401, descope.CodeWrongOTP)
	b.verifyIn(annMail, second, "T1").refused(t, 401, descope.CodeWrongOTP)
	b.verifyIn(annMail, first, "T3").refused(t, 401, descope.CodeWrongOTP)
	for _, tt := range []struct {
		code, tenant, userID string
	}{{second, "T2", other.User.UserID}, {first, "T1", one.User.UserID}} {
		var auth descope.AuthResponse
		b.verifyIn(annMail, tt.code, "").into(t, &auth)
		b.wantTenancy(auth, tt.tenant, tt.tenant)
		if auth.User.UserID != tt.userID {
			t.Errorf("the code of %s opened a session of %s", tt.tenant, auth.User.UserID)
		}
		b.verifyIn(annMail, tt.code, "").refused(t, 401, descope.CodeWrongOTP)
	}
	b.open(descope.Path(descope.PathOTPSignUp, descope.MethodEmail), `{"loginId":"ann@x.test","email":"ann@x.test","tenantId":"T1"}`).
		refused(t, 400, descope.CodeUserExists)
	b.open(descope.Path(descope.PathOTPSignIn, descope.MethodEmail), `{"loginId":"ann@x.test","tenantId":"T3"}`).refused(t, 400, descope.CodeUserNotFound)
	b.open(descope.Path(descope.PathOTPSignIn, descope.MethodEmail), `{"loginId":"ann@x.test"}`).refused(t, 400, descope.CodeInvalidRequest, "tenantId")
}

// A wrong code that names no tenant is a guess at the codes of every one.
func TestS55GuessesAtTwoTenants(t *testing.T) {
	t.Parallel()
	b := newBench(t, isolated, func(p *policy.Project) { p.OTP.Attempts = 2 })
	b.into(annMail, "T1")
	first := b.take(annMail).Code
	b.into(annMail, "T2")
	second := b.take(annMail).Code
	wrong := "000000"
	for wrong == first || wrong == second {
		wrong = fmt.Sprintf("%06d", len(wrong))
	}
	b.verifyIn(annMail, wrong, "").refused(t, 401, descope.CodeWrongOTP)
	b.verifyIn(annMail, wrong, "T1").refused(t, 401, descope.CodeWrongOTP)
	b.verifyIn(annMail, first, "").refused(t, 401, descope.CodeWrongOTP) // T1 has no attempt left; it cost T2 its last
	b.verifyIn(annMail, second, "T2").refused(t, 401, descope.CodeTooManyAttempts)
}

// The same static code of two test users is nobody's until the request says whose.
func TestS55OneCodeOfTwoTenants(t *testing.T) {
	t.Parallel()
	b := newBench(t, isolated, func(p *policy.Project) {
		p.TestUsersLoginIDRegexp, p.TestUsersVerifierRegexp, p.TestUsersStaticOTP = "@x.test$", "@x.test$", "123456"
	})
	b.into(annMail, "T1")
	b.into(annMail, "T2")
	b.verifyIn(annMail, "123456", "").refused(t, 400, descope.CodeInvalidRequest, "tenantId")
	for _, tenant := range []string{"T2", "T1"} {
		var auth descope.AuthResponse
		b.verifyIn(annMail, "123456", tenant).into(t, &auth)
		b.wantTenancy(auth, tenant, tenant)
	}
	b.into(benMail, "T1")
	b.into(benMail, "T2")
	b.manage(http.MethodDelete, descope.PathTestUsersDelete, "")
	b.verifyIn(benMail, "123456", "T1").refused(t, 401, descope.CodeWrongOTP)
	b.verifyIn(benMail, "123456", "T2").refused(t, 401, descope.CodeWrongOTP)
}

// What one of the two does is nothing to the other.
func TestS55SessionsOfTwoTenants(t *testing.T) {
	t.Parallel()
	b, one, other := two(t)
	b.open(descope.Path(descope.PathMagicLinkSignIn, descope.MethodEmail), `{"loginId":"ann@x.test","tenantId":"T1"}`)
	token := b.take(annMail).token(t)
	if got := b.me(other.RefreshJWT); got.UserID != other.User.UserID {
		t.Errorf("me %+v", got)
	}
	r := b.post(descope.Path(descope.PathOTPSignIn, descope.MethodEmail), b.as(one.RefreshJWT),
		descope.SignInRequest{Identity: identity(annMail), LoginOptions: &descope.LoginOptions{StepUp: true, TenantID: "T2"}})
	r.refused(t, 400, descope.CodeInvalidArguments) // the session is not of the user of T2
	b.post(descope.PathLogoutAll, b.as(other.RefreshJWT), struct{}{})
	b.get(descope.PathMe, b.as(other.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut)
	b.me(one.RefreshJWT)
	b.manage(http.MethodPost, descope.PathUserDelete, `{"loginId":"`+other.User.UserID+`"}`)
	b.wantTenancy(b.redeem(token), "T1", "T1")
	if again := b.enter(annMail, "T2"); again.User.UserID == other.User.UserID || !again.FirstSeen {
		t.Errorf("the user of T2 was deleted: %+v", again.User)
	}
}

// Sign-ups wait in each tenant, and end with the tenant's login ID.
func TestS55SignUpsOfTwoTenants(t *testing.T) {
	t.Parallel()
	b := newBench(t, isolated)
	codes := map[string]string{}
	for _, tenant := range []string{"T1", "T2", "T3"} {
		b.into(annMail, tenant)
		codes[tenant] = b.take(annMail).Code
	}
	b.member(annMail, "T3")
	b.verifyIn(annMail, codes["T3"], "T3").refused(t, 401, descope.CodeWrongOTP)
	user := b.member(benMail, "T4")
	b.into(benMail, "T5")
	late := b.take(benMail).Code
	b.changed(b.manage(http.MethodPatch, descope.PathUserPatch, `{"loginId":"`+user.UserID+`","userTenants":[{"tenantId":"T5"}]}`))
	b.verifyIn(benMail, late, "").refused(t, 401, descope.CodeWrongOTP)
	for _, tenant := range []string{"T2", "T1"} {
		var auth descope.AuthResponse
		b.verifyIn(annMail, codes[tenant], tenant).into(t, &auth)
		b.wantTenancy(auth, tenant, tenant)
	}
}

// An update conflicts with users of the same tenants alone. Who shares one tenant of
// several is a conflict and no merge.
func TestS55UpdatesMeetInATenant(t *testing.T) {
	t.Parallel()
	b, one, other := two(t)
	add := descope.UpdateOptions{AddToLoginIDs: true, FailOnConflict: true}
	for _, auth := range []descope.AuthResponse{one, other} {
		b.change(b.as(auth.RefreshJWT), annMail, newPhone, add)
		if got := b.redeem(b.take(newPhone).token(t)).User; got.UserID != auth.User.UserID || len(got.LoginIDs) != 2 {
			t.Errorf("user %+v", got)
		}
	}
	// In the tenant itself it is as without isolation.
	phone := b.create(descope.CreateUserRequest{Identity: identity(bob), Phone: bob, VerifiedPhone: new(true), UserTenants: []descope.UserTenant{{TenantID: "T1"}}})
	b.change(b.as(one.RefreshJWT), annMail, bob, add).refused(t, 409, descope.CodeUpdateConflict)
	add.FailOnConflict = false
	b.change(b.as(one.RefreshJWT), annMail, bob, add)
	if got := b.redeem(b.take(bob).token(t)).User; got.UserID != one.User.UserID || len(got.LoginIDs) != 3 {
		t.Errorf("user %+v", got)
	}
	b.get(descope.PathUserLoad+"?userId="+phone.UserID, b.manager()).refused(t, 404, descope.CodeMgmtUserNotFound)
	// And partly in it, at the send and at the verification.
	both := []descope.UserTenant{{TenantID: "T2"}, {TenantID: "T3"}}
	b.create(descope.CreateUserRequest{Identity: identity(alice), Phone: alice, VerifiedPhone: new(true), UserTenants: both})
	b.change(b.as(other.RefreshJWT), annMail, alice, add).refused(t, 409, descope.CodeUpdateConflict)
	const late = "+15555550177"
	b.change(b.as(other.RefreshJWT), annMail, late, add)
	b.create(descope.CreateUserRequest{Identity: identity(late), Phone: late, VerifiedPhone: new(true), UserTenants: both})
	token := b.take(late).token(t)
	for _, existing := range []bool{false, true} {
		b.verify(token).refused(t, 409, descope.CodeUpdateConflict)
		add.OnMergeUseExisting = existing
	}
	if got := b.me(other.RefreshJWT); len(got.LoginIDs) != 2 {
		t.Errorf("user %+v", got)
	}
}

// The management takes no login ID from a user of another tenant.
func TestManagementKeepsTenantsApart(t *testing.T) {
	t.Parallel()
	for kind, tt := range map[string]struct{ path, mine, theirs string }{
		"email": {descope.PathUserUpdateEmail, annMail, benMail},
		"phone": {descope.PathUserUpdatePhone, alice, bob},
	} {
		create := func(b *bench, login string, tenants ...string) descope.User {
			r := descope.CreateUserRequest{Identity: identity(login)}
			if kind == "email" {
				r.Email, r.VerifiedEmail = login, new(true)
			} else {
				r.Phone, r.VerifiedPhone = login, new(true)
			}
			for _, id := range tenants {
				r.UserTenants = append(r.UserTenants, descope.UserTenant{TenantID: id})
			}
			return b.create(r)
		}
		body := fmt.Sprintf(`{"loginId":%q,%q:%q,"verified":true}`, tt.mine, kind, tt.theirs)

		b := newBench(t, isolated)
		create(b, tt.mine, "T1")
		before := create(b, tt.theirs, "T2")
		if got := b.changed(b.manage(http.MethodPost, tt.path, body)); !cmp.Equal(got.LoginIDs, []string{tt.theirs}) {
			t.Errorf("login IDs %v", got.LoginIDs)
		}
		if diff := cmp.Diff(b.userByID(before.UserID), before); diff != "" {
			t.Errorf("the user of the other tenant (-got +want):\n%s", diff)
		}

		b = newBench(t, isolated)
		mine := create(b, tt.mine, "T1")
		theirs := create(b, tt.theirs, "T1", "T2")
		b.manage(http.MethodPost, tt.path, body).refused(t, 409, descope.CodeMgmtConflict)
		b.unchanged(tt.mine, mine)
		b.unchanged(tt.theirs, theirs)

		b = newBench(t, isolated)
		create(b, tt.mine, "T2", "T1")
		gone := create(b, tt.theirs, "T1", "T2")
		if got := b.changed(b.manage(http.MethodPost, tt.path, body)); !cmp.Equal(got.LoginIDs, []string{tt.theirs}) {
			t.Errorf("login IDs %v", got.LoginIDs)
		}
		b.get(descope.PathUserLoad+"?userId="+gone.UserID, b.manager()).refused(t, 404, descope.CodeMgmtUserNotFound)
	}
}

func (b *bench) userByID(id string) descope.User {
	b.t.Helper()
	return b.changed(b.get(descope.PathUserLoad+"?userId="+id, b.manager()))
}

// A login ID of several users is nobody's name for the management, which has the user ID
// for that.
func TestManagementNamesOneOfSeveral(t *testing.T) {
	t.Parallel()
	b, one, other := two(t)
	login := `{"loginId":"ann@x.test"`
	for _, call := range []struct{ verb, path, body string }{
		{http.MethodPost, descope.PathUserUpdateEmail, login + `,"email":"a@x.test","verified":true}`},
		{http.MethodPost, descope.PathUserUpdatePhone, login + `,"phone":"+15555550155"}`},
		{http.MethodPost, descope.PathUserUpdateLogin, login + `,"newLoginId":"other"}`},
		{http.MethodPost, descope.PathUserStatus, login + `,"status":"disabled"}`},
		{http.MethodPost, descope.PathUserUpdate, login + `,"name":"N"}`},
		{http.MethodPatch, descope.PathUserPatch, login + `,"name":"N"}`},
		{http.MethodPost, descope.PathUserDelete, login + `}`},
		{http.MethodPost, descope.PathUserLogout, login + `}`},
		{http.MethodPost, descope.PathEmbeddedLinkSignIn, login + `}`},
		{http.MethodPost, descope.PathGenerateOTP, login + `,"deliveryMethod":"email"}`},
		{http.MethodGet, descope.PathUserLoad + "?loginId=" + url.QueryEscape(annMail), ""},
	} {
		b.manage(call.verb, call.path, call.body).refused(t, 400, descope.CodeInvalidArguments, "login ID")
	}
	if diff := cmp.Diff([]descope.User{b.me(one.RefreshJWT), b.me(other.RefreshJWT)}, []descope.User{*one.User, *other.User}); diff != "" {
		t.Errorf("a refusal changed users (-got +want):\n%s", diff)
	}

	var found descope.SearchUsersResponse
	b.manage(http.MethodPost, descope.PathUserSearch, `{"loginIds":["ann@x.test"]}`).into(t, &found)
	if found.Total != 2 || found.Users[0].UserID != one.User.UserID {
		t.Errorf("found %+v", found)
	}
	id := `{"loginId":"` + other.User.UserID + `"`
	if got := b.changed(b.manage(http.MethodPatch, descope.PathUserPatch, id+`,"name":"N"}`)); got.Name != "N" || got.UserID != other.User.UserID {
		t.Errorf("user %+v", got)
	}
	var link descope.EmbeddedLinkResponse
	b.manage(http.MethodPost, descope.PathEmbeddedLinkSignIn, id+`}`).into(t, &link)
	b.wantTenancy(b.redeem(link.Token), "T2", "T2")
	b.manage(http.MethodPost, descope.PathUserLogout, id+`}`)
	b.get(descope.PathMe, b.as(other.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut)
	b.me(one.RefreshJWT)
}

// No move of the management gives a login ID two users in one tenant.
func TestManagementMovesNobodyOntoAnother(t *testing.T) {
	t.Parallel()
	b, one, other := two(t)
	user := `{"loginId":"` + one.User.UserID + `"`
	for _, body := range []string{`,"userTenants":[{"tenantId":"T2"}]}`, `,"userTenants":[{"tenantId":"T1"},{"tenantId":"T2"}]}`} {
		b.manage(http.MethodPatch, descope.PathUserPatch, user+body).refused(t, 400, descope.CodeUserExists)
	}
	for _, tenants := range []string{`[{"tenantId":"T2"}]`, `[{"tenantId":"T3"},{"tenantId":"T1"}]`} {
		b.manage(http.MethodPost, descope.PathUserCreate, `{"loginId":"ann@x.test","userTenants":`+tenants+`}`).refused(t, 400, descope.CodeUserExists)
	}
	b.manage(http.MethodPost, descope.PathUserCreate, `{"loginId":"x","additionalIdentifiers":["ann@x.test"],"userTenants":[{"tenantId":"T1"}]}`).
		refused(t, 400, descope.CodeUserExists)
	b.member(benMail, "T1")
	b.manage(http.MethodPost, descope.PathUserUpdateLogin, `{"loginId":"ben@x.test","newLoginId":"ann@x.test"}`).refused(t, 400, descope.CodeUserExists)
	if diff := cmp.Diff([]descope.User{b.me(one.RefreshJWT), b.me(other.RefreshJWT)}, []descope.User{*one.User, *other.User}); diff != "" {
		t.Errorf("a refusal changed users (-got +want):\n%s", diff)
	}

	b.member(annMail) // of no tenant
	b.manage(http.MethodPatch, descope.PathUserPatch, user+`,"userTenants":[]}`).refused(t, 400, descope.CodeUserExists)
	third := b.member("carl@x.test", "T3")
	if got := b.changed(b.manage(http.MethodPost, descope.PathUserUpdateLogin, `{"loginId":"carl@x.test","newLoginId":"ann@x.test"}`)); got.UserID != third.UserID {
		t.Errorf("user %+v", got)
	}
	b.changed(b.manage(http.MethodPatch, descope.PathUserPatch, user+`,"userTenants":[{"tenantId":"T4"},{"tenantId":"T1"}]}`))
	b.wantTenancy(b.enter(annMail, "T4"), "T4", "T4", "T1")
	b.into(annMail, "T3")
	var auth descope.AuthResponse
	b.verifyIn(annMail, b.take("carl@x.test").Code, "T3").into(t, &auth)
	b.wantTenancy(auth, "T3", "T3")
}

// Whether tenants are isolated does not change under users, nor under sign-ups that could
// become some.
func TestIsolationChangesWithoutUsers(t *testing.T) {
	t.Parallel()
	refused := func(b *bench, on bool) {
		t.Helper()
		r := b.tell(http.MethodPatch, "/policy", fmt.Sprintf(`{"tenant_user_isolation":%t}`, on))
		if r.status != http.StatusBadRequest || !strings.Contains(r.text, "tenant_user_isolation") {
			t.Errorf("%d %s", r.status, r.text)
		}
	}
	b, one, other := two(t)
	refused(b, false)
	for _, u := range []string{one.User.UserID, other.User.UserID} {
		b.manage(http.MethodPost, descope.PathUserDelete, `{"loginId":"`+u+`"}`)
	}
	b.patch(`{"tenant_user_isolation":false}`)
	b.patch(`{"tenant_user_isolation":true}`)
	b.into(annMail, "T1")
	refused(b, false)

	b = newBench(t)
	b.signUp(alice)
	refused(b, true)
	b.patch(`{"otp":{"digits":8}}`)
}

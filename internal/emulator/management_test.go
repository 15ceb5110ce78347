package emulator_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
)

func (b *bench) create(r descope.CreateUserRequest) descope.User {
	b.t.Helper()
	var out descope.UserResponse
	b.post(descope.PathUserCreate, b.manager(), r).into(b.t, &out)
	return out.User
}

func (b *bench) load(login string) descope.User {
	b.t.Helper()
	var out descope.UserResponse
	b.get(descope.PathUserLoad+"?userId=&loginId="+url.QueryEscape(login), b.manager()).into(b.t, &out)
	return out.User
}

func yes() *bool { v := true; return &v }

func TestN20ManagementNeedsItsKey(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	auth := b.signUp(alice)
	for _, path := range []string{
		descope.PathUserCreate, descope.PathTestUserCreate, descope.PathUserSearch, descope.PathUserUpdatePhone, descope.PathUserDelete,
		descope.PathUserLogout, descope.PathGenerateOTP, descope.PathGenerateLink, descope.PathEmbeddedLinkSignIn, descope.PathEmbeddedLinkSignUp,
		descope.PathUserCreateBatch, descope.PathUserUpdate, descope.PathUserUpdateEmail, descope.PathUserUpdateLogin, descope.PathUserStatus,
		descope.PathUserDeleteBatch, descope.PathUsersLoad, descope.PathUserSearchV1,
	} {
		for name, bearer := range map[string]descope.Bearer{
			"none": b.public(), "wrong": {Project: b.project.ID, Key: "Kwrong"}, "refresh JWT": b.as(auth.RefreshJWT),
			"both": {Project: b.project.ID, JWT: auth.RefreshJWT, Key: b.project.ManagementKey.Reveal()},
		} {
			r := b.post(path, bearer, struct{}{})
			if r.status != 401 || r.code(t) != descope.CodeUnauthorized {
				t.Errorf("%s with %s: %d %s", path, name, r.status, r.text)
			}
		}
	}
	b.get(descope.PathUserLoad+"?loginId=x", b.public()).refused(t, 401, descope.CodeUnauthorized)
	b.get(descope.PathMe, b.manager()).refused(t, 401, descope.CodeInvalidArguments)
	b.post(descope.PathMagicLinkVerify, b.manager(), descope.VerifyLinkRequest{Token: "x"}).refused(t, 401, descope.CodeUnauthorized)
	var license descope.LicenseResponse
	b.get(descope.PathLicense, b.manager()).into(t, &license)
	if license.RateLimitTier == "" {
		t.Error("no rate limit tier")
	}
}

func TestAuthManagementKey(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	auth := b.signUp(alice)
	key := b.project.AuthManagementKey.Reveal()
	if r := b.get(descope.PathMe, descope.Bearer{Project: b.project.ID, JWT: auth.RefreshJWT, Key: key}); r.status != 200 {
		t.Errorf("three parts: %s", r.text)
	}
	r := b.post(descope.Path(descope.PathOTPSignIn, descope.MethodSMS), descope.Bearer{Project: b.project.ID, Key: key}, descope.SignInRequest{Identity: identity(alice)})
	if r.status != 200 {
		t.Errorf("two parts: %s", r.text)
	}
	b.get(descope.PathMe, descope.Bearer{Project: b.project.ID, Key: key}).refused(t, 401, descope.CodeMissingArguments)
	b.get(descope.PathMe, descope.Bearer{Project: b.project.ID, JWT: auth.RefreshJWT, Key: "wrong"}).refused(t, 401, descope.CodeUnauthorized)
	b.post(descope.PathUserSearch, descope.Bearer{Project: b.project.ID, Key: key}, struct{}{}).refused(t, 401, descope.CodeUnauthorized)
}

func TestCreateAndLoad(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	in := descope.CreateUserRequest{
		Identity: identity("alice"), Phone: "+1-555-555-0101", VerifiedPhone: yes(), Email: "Alice@Example.test",
		DisplayName: "Alice", RoleNames: []string{"r"}, UserTenants: []descope.UserTenant{{TenantID: "T1", RoleNames: []string{"tr"}}},
		CustomAttributes: map[string]any{"k": "v"}, AdditionalIdentifiers: []string{"+1 (555) 555-0102"},
	}
	made := b.create(in)
	if got, want := int64(made.CreatedTime), b.clock.Now().Unix(); got != want {
		t.Errorf("created at %d, want %d", got, want)
	}
	want := descope.User{
		LoginIDs: []string{"alice", bob}, UserID: made.UserID, Name: "Alice", Phone: alice, VerifiedPhone: true, Email: "alice@example.test",
		RoleNames: []string{"r"}, UserTenants: []descope.UserTenant{{TenantID: "T1", RoleNames: []string{"tr"}}}, Status: descope.StatusInvited,
		ExternalIDs: []string{}, CustomAttributes: map[string]any{"k": "v"}, CreatedTime: made.CreatedTime,
		OAuth: map[string]any{}, SSOAppIDs: []string{}, Permissions: []string{}, Editable: true,
	}
	if diff := cmp.Diff(made, want); diff != "" {
		t.Errorf("created (-got +want):\n%s", diff)
	}
	for _, login := range []string{"alice", bob, "+1 555 555 0102", made.UserID} {
		if diff := cmp.Diff(b.load(login), want); diff != "" {
			t.Errorf("load %s (-got +want):\n%s", login, diff)
		}
	}
	b.post(descope.PathUserCreate, b.manager(), in).refused(t, 400, descope.CodeUserExists)
	b.post(descope.PathUserCreate, b.manager(), struct{}{}).refused(t, 400, descope.CodeInvalidRequest, "loginId")
	b.post(descope.PathUserCreate, b.manager(), descope.CreateUserRequest{Identity: identity("x"), Phone: "12"}).refused(t, 400, descope.CodeInvalidRequest, "phone")
	b.post(descope.PathUserCreate, b.manager(), descope.CreateUserRequest{Identity: identity("x"), Invite: true}).refused(t, 501, descope.CodeNotEmulated, "invite")
	b.get(descope.PathUserLoad+"?loginId=nobody", b.manager()).refused(t, 404, descope.CodeMgmtUserNotFound)
	b.get(descope.PathUserLoad, b.manager()).refused(t, 400, descope.CodeInvalidRequest, "loginId")

	auth := b.embed(descope.EmbeddedSignInRequest{Identity: identity("alice")})
	c := claims(t, auth.SessionJWT)
	if c["dct"] != "T1" || auth.User.Status != descope.StatusEnabled || !auth.FirstSeen {
		t.Errorf("first sign-in: claims %v, user %+v", c, auth.User)
	}
	if diff := cmp.Diff(c["tenants"], any(map[string]any{"T1": map[string]any{"roles": []any{"tr"}, "permissions": []any{}}})); diff != "" {
		t.Errorf("tenants (-got +want):\n%s", diff)
	}
}

func TestManagementVoidsAPendingSignUp(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.post(descope.Path(descope.PathMagicLinkSignUp, descope.MethodSMS), b.public(), descope.SignUpRequest{Identity: identity("alice"), Phone: bob})
	token := b.take(bob).token(t)
	b.create(descope.CreateUserRequest{Identity: identity("alice"), Phone: alice})
	b.verify(token).refused(t, 401, descope.CodeTokenExpired)
}

func TestSearch(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.create(descope.CreateUserRequest{Identity: identity("a"), Phone: alice, Name: "Ann", CustomAttributes: map[string]any{"n": 1}})
	b.create(descope.CreateUserRequest{Identity: identity("b"), Email: "b@example.test", Name: "Bob"})
	b.create(descope.CreateUserRequest{Identity: identity("c"), Phone: alice})
	var made descope.UserResponse
	b.post(descope.PathTestUserCreate, b.manager(), descope.CreateUserRequest{Identity: identity("t")}).into(t, &made)
	tests := []struct {
		name  string
		in    descope.SearchUsersRequest
		want  string
		total int32
	}{
		{"all", descope.SearchUsersRequest{}, "a b c", 3},
		{"with test users", descope.SearchUsersRequest{WithTestUser: true}, "a b c t", 4},
		{"test users", descope.SearchUsersRequest{TestUsersOnly: true}, "t", 1},
		{"login IDs", descope.SearchUsersRequest{LoginIDs: []string{"c", "a", "x", "a"}}, "a c", 2},
		{"user IDs", descope.SearchUsersRequest{UserIDs: []string{made.User.UserID}, WithTestUser: true}, "t", 1},
		{"phones", descope.SearchUsersRequest{Phones: []string{"+1 555-555-0101"}}, "a c", 2},
		{"emails", descope.SearchUsersRequest{Emails: []string{"B@example.test"}}, "b", 1},
		{"text", descope.SearchUsersRequest{Text: "ANN"}, "a", 1},
		{"attributes", descope.SearchUsersRequest{CustomAttributes: map[string]any{"n": 1}}, "a", 1},
		{"attributes by value", descope.SearchUsersRequest{CustomAttributes: map[string]any{"n": json.Number("10e-1")}}, "a", 1},
		{"statuses", descope.SearchUsersRequest{Statuses: []string{descope.StatusDisabled}}, "", 0},
		{"offset", descope.SearchUsersRequest{Limit: 1, Page: 1, Offset: 1}, "c", 3},
		{"sorted", descope.SearchUsersRequest{Sort: []descope.SortField{{Field: "phone", Desc: true}, {Field: "name", Desc: true}}}, "a c b", 3},
		{"page", descope.SearchUsersRequest{Limit: 2, Page: 1}, "c", 3},
		{"created", descope.SearchUsersRequest{FromCreatedTime: descope.Int64(b.clock.Now().Add(time.Hour).UnixMilli())}, "", 0},
	}
	for _, tt := range tests {
		var out descope.SearchUsersResponse
		r := b.post(descope.PathUserSearch, b.manager(), tt.in)
		r.into(t, &out)
		var logins []string
		for _, u := range out.Users {
			logins = append(logins, u.LoginIDs[0])
		}
		if got := strings.Join(logins, " "); got != tt.want || out.Total != tt.total || strings.Contains(r.text, "null") {
			t.Errorf("%s: %q of %d, want %q of %d: %s", tt.name, got, out.Total, tt.want, tt.total, r.text)
		}
	}
	b.post(descope.PathUserSearch, b.manager(), descope.SearchUsersRequest{Limit: 5000}).refused(t, 400, descope.CodeInvalidArguments)
}

func TestManagementPhone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	other := b.signUp(bob)
	set := func(login, phone string, fail bool) reply {
		return b.post(descope.PathUserUpdatePhone, b.manager(), descope.UpdateUserPhoneRequest{Identity: identity(login), Phone: &phone, Verified: true, FailOnConflict: fail})
	}
	set(alice, bob, true).refused(t, 409, descope.CodeMgmtConflict)
	set("nobody", bob, false).refused(t, 404, descope.CodeMgmtUserNotFound)
	set(alice, "12", false).refused(t, 400, descope.CodeInvalidRequest, "phone")
	set(alice, "", false).refused(t, 400, descope.CodeInvalidArguments, "login ID")
	var out descope.UserResponse
	set(alice, newPhone, true).into(t, &out)
	if out.User.Phone != newPhone || !out.User.VerifiedPhone {
		t.Errorf("user %+v", out.User)
	}
	if diff := cmp.Diff(out.User.LoginIDs, []string{newPhone}); diff != "" {
		t.Errorf("login IDs (-got +want):\n%s", diff)
	}
	set(newPhone, bob, false).into(t, &out)
	if diff := cmp.Diff(out.User.LoginIDs, []string{bob}); diff != "" {
		t.Errorf("login IDs after a merge (-got +want):\n%s", diff)
	}
	b.get(descope.PathMe, b.as(other.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut)

	b.create(descope.CreateUserRequest{Identity: identity("carol"), Phone: alice, VerifiedPhone: yes()})
	set("carol", "", false).into(t, &out)
	if out.User.Phone != "" || out.User.VerifiedPhone {
		t.Errorf("cleared: %+v", out.User)
	}
}

// A phone that the management does not vouch for is no way to log in.
func TestUnverifiedManagementPhone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	other := b.signUp(bob)
	b.create(descope.CreateUserRequest{Identity: identity("carol"), Phone: "+15555550120"})
	set := func(login, body string) reply {
		return b.do(http.MethodPost, "/v1/mgmt/user/update/phone", b.manager().Header(), "application/json", `{"loginId":"`+login+`",`+body+`}`)
	}
	signIn := func(path, login string) reply {
		return b.do(http.MethodPost, path, b.public().Header(), "application/json", `{"loginId":"`+login+`"}`)
	}
	const link, otp, either, mail = "/v1/auth/magiclink/signin/sms", "/v1/auth/otp/signin/voice", "/v1/auth/magiclink/signup-in/sms", "/v1/auth/otp/signin/email"

	// The phone a user was created with serves at once.
	if r := signIn(link, "carol"); r.status != 200 {
		t.Fatalf("a user that was created: %s", r.text)
	}
	b.take("+15555550120")

	// Another user's number: that user is merged in, and nobody logs in with it.
	set("carol", `"phone":"`+bob+`","failOnConflict":true`).refused(t, 409, "E111127")
	b.me(other.RefreshJWT)
	var out descope.UserResponse
	set("carol", `"phone":"`+bob+`"`).into(t, &out)
	if diff := cmp.Diff(out.User.LoginIDs, []string{"carol", bob}); diff != "" || out.User.Phone != bob || out.User.VerifiedPhone {
		t.Errorf("user %+v, login IDs (-got +want):\n%s", out.User, diff)
	}
	b.get(descope.PathMe, b.as(other.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut)
	b.get(descope.PathUserLoad+"?userId="+other.User.UserID, b.manager()).refused(t, 404, descope.CodeMgmtUserNotFound)
	for _, path := range []string{link, otp, either} {
		signIn(path, "carol").refused(t, 400, "E062108", "verified")
		signIn(path, bob).refused(t, 400, "E062108", "verified")
	}
	b.quiet(bob)
	set("carol", `"phone":"`+bob+`","verified":true`).into(t, &out)
	if got := b.signUp(bob); got.FirstSeen == false || got.User.UserID != out.User.UserID {
		t.Errorf("signed in as %+v, want carol", got.User)
	}

	// A free number does not become a login ID, and the old one stays.
	set(alice, `"phone":"`+newPhone+`","verified":false`).into(t, &out)
	if diff := cmp.Diff(out.User.LoginIDs, []string{alice}); diff != "" {
		t.Errorf("login IDs (-got +want):\n%s", diff)
	}
	signIn(link, newPhone).refused(t, 400, "E062108")
	if r := signIn(link, alice); r.status != 200 {
		t.Fatalf("the earlier login ID: %s", r.text)
	}
	b.redeem(b.take(alice).token(t))
	b.quiet(newPhone)
	if u := b.load(alice); u.VerifiedPhone || u.Phone != newPhone {
		t.Errorf("signing in verified another phone: %+v", u)
	}

	// The number that is the login ID loses its standing, on every channel.
	set(alice, `"phone":"`+alice+`"`).into(t, &out)
	for _, path := range []string{link, otp, mail} {
		signIn(path, alice).refused(t, 400, "E062108")
	}
	set(alice, `"phone":"`+alice+`","verified":true`).into(t, &out)
	b.signUp(alice)
}

// An empty address clears, and null or an absent one is an empty one. A name in another
// case is none.
func TestManagementClearsAnAddress(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for path, body := range map[string]string{
		descope.PathUserUpdatePhone: `,"phone":null,"verified":null`, descope.PathUserUpdateEmail: `,"email":null`,
	} {
		for _, body := range []string{body, "", `,"phone":"","email":""`, `,"Phone":"` + bob + `","Email":"b@x.test"`} {
			b.create(descope.CreateUserRequest{
				Identity: identity("carol"), Phone: alice, VerifiedPhone: yes(), Email: alicesMail, VerifiedEmail: yes(),
			})
			u := b.changed(b.manage(http.MethodPost, path, `{"loginId":"carol"`+body+`}`))
			left := u.Email
			if path == descope.PathUserUpdateEmail {
				left = u.Phone
			}
			if u.Phone+u.Email != left || left == "" || u.VerifiedPhone && u.VerifiedEmail {
				t.Errorf("%s%s: %+v", path, body, u)
			}
			b.post(descope.PathUserDelete, b.manager(), descope.UserRequest{Identity: identity("carol")})
		}
	}
}

func TestN30DeleteTakesEverythingAlong(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	auth := b.signUp(alice)
	b.sendCode(alice)
	code := b.take(alice).Code
	b.post(descope.Path(descope.PathMagicLinkSignIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(alice)})
	token := b.take(alice).token(t)
	r := b.post(descope.PathUserDelete, b.manager(), descope.UserRequest{Identity: identity(alice)})
	if r.status != 200 || r.text != "{}" {
		t.Fatalf("delete: %d %s", r.status, r.text)
	}
	b.verify(token).refused(t, 401, descope.CodeTokenExpired)
	b.verifyCode(descope.MethodSMS, alice, code).refused(t, 401, descope.CodeWrongOTP)
	b.post(descope.PathRefresh, b.as(auth.RefreshJWT), struct{}{}).refused(t, 401, descope.CodeLoggedOut)
	for _, path := range []string{descope.PathUserDelete, descope.PathUserLogout} {
		b.post(path, b.manager(), descope.UserRequest{UserID: auth.User.UserID}).refused(t, 404, descope.CodeMgmtUserNotFound)
	}
	if got := b.signUp(alice); got.User.UserID == auth.User.UserID || !got.FirstSeen {
		t.Error("the deleted user is back")
	}
}

func TestManagementLogout(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	auth := b.signUp(alice)
	if r := b.post(descope.PathUserLogout, b.manager(), descope.UserRequest{UserID: auth.User.UserID}); r.status != 200 {
		t.Fatal(r.text)
	}
	b.get(descope.PathMe, b.as(auth.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut)
	b.signUp(alice)
}

func TestDisabledUser(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.create(descope.CreateUserRequest{Identity: identity(alice), Phone: alice, Status: descope.StatusDisabled})
	b.post(descope.Path(descope.PathOTPSignIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(alice)}).refused(t, 403, descope.CodeDisabled)
	var link descope.EmbeddedLinkResponse
	b.post(descope.PathEmbeddedLinkSignIn, b.manager(), descope.EmbeddedSignInRequest{Identity: identity(alice)}).into(t, &link)
	b.verify(link.Token).refused(t, 403, descope.CodeDisabled)
	b.quiet("")
}

func (b *bench) embed(r descope.EmbeddedSignInRequest) descope.AuthResponse {
	b.t.Helper()
	var link descope.EmbeddedLinkResponse
	b.post(descope.PathEmbeddedLinkSignIn, b.manager(), r).into(b.t, &link)
	return b.redeem(link.Token)
}

func TestF09EmbeddedLink(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.post(descope.PathEmbeddedLinkSignIn, b.manager(), descope.EmbeddedSignInRequest{Identity: identity(alice)}).refused(t, 404, descope.CodeMgmtUserNotFound)
	user := b.signUp(alice).User
	auth := b.embed(descope.EmbeddedSignInRequest{Identity: identity(alice), CustomClaims: map[string]any{"k": "v"}})
	c := claims(t, auth.SessionJWT)
	if auth.User.UserID != user.UserID || c["k"] != "v" {
		t.Errorf("claims %v", c)
	}
	if diff := cmp.Diff(c["nsec"], any(map[string]any{"k": "v"})); diff != "" {
		t.Errorf("nsec (-got +want):\n%s", diff)
	}
	b.quiet("")

	var link descope.EmbeddedLinkResponse
	for timeout, life := range map[int32]time.Duration{0: time.Minute, 180: 3 * time.Minute} {
		b.post(descope.PathEmbeddedLinkSignIn, b.manager(), descope.EmbeddedSignInRequest{Identity: identity(alice), Timeout: timeout}).into(t, &link)
		b.clock.advance(life)
		b.verify(link.Token).refused(t, 401, descope.CodeTokenExpired, "expire")
	}
	for _, timeout := range []int32{-1, 1e9} {
		b.post(descope.PathEmbeddedLinkSignIn, b.manager(), descope.EmbeddedSignInRequest{Identity: identity(alice), Timeout: timeout}).
			refused(t, 400, descope.CodeInvalidArguments, "timeout")
	}
	b.do(http.MethodPost, descope.PathEmbeddedLinkSignIn, b.manager().Header(), "application/json", `{"loginId":"x","timeout":"60"}`).
		refused(t, 400, descope.CodeInvalidRequest, "timeout")
}

func TestF10EmbeddedLinkSignUp(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	in := descope.EmbeddedSignUpRequest{
		Identity: identity(alice), User: &descope.SignUpUser{Name: "Alice", Email: "a@example.test"}, PhoneVerified: true,
		LoginOptions: &descope.LoginOptions{CustomClaims: map[string]any{"k": "v"}}, Timeout: 180,
	}
	var link descope.EmbeddedLinkResponse
	b.post(descope.PathEmbeddedLinkSignUp, b.manager(), in).into(t, &link)
	b.get(descope.PathUserLoad+"?loginId="+url.QueryEscape(alice), b.manager()).refused(t, 404, descope.CodeMgmtUserNotFound)
	b.clock.advance(179 * time.Second)
	auth := b.redeem(link.Token)
	u := auth.User
	if u.Name != "Alice" || u.Phone != alice || !u.VerifiedPhone || u.Email != "a@example.test" || u.VerifiedEmail || !auth.FirstSeen {
		t.Errorf("user %+v", u)
	}
	c := claims(t, auth.SessionJWT)
	if c["k"] != "v" || c["nsec"] != nil {
		t.Errorf("claims %v", c)
	}
	b.post(descope.PathEmbeddedLinkSignUp, b.manager(), in).into(t, &link)
	if again := b.redeem(link.Token); again.User.UserID != u.UserID || again.FirstSeen {
		t.Errorf("sign up of an existing user: %+v", again.User)
	}
	b.post(descope.PathEmbeddedLinkSignUp, b.manager(), in).into(t, &link)
	b.clock.advance(181 * time.Second)
	b.verify(link.Token).refused(t, 401, descope.CodeTokenExpired)
	b.quiet("")
}

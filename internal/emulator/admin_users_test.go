package emulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// shownUser is a user as the admin API lists it.
type shownUser struct {
	UserID        string         `json:"user_id"`
	LoginIDs      []string       `json:"login_ids"`
	Name          string         `json:"name"`
	Email         string         `json:"email"`
	Phone         string         `json:"phone"`
	VerifiedEmail bool           `json:"verified_email"`
	VerifiedPhone bool           `json:"verified_phone"`
	Status        string         `json:"status"`
	Test          bool           `json:"test"`
	Pending       bool           `json:"pending"`
	CreatedAt     *time.Time     `json:"created_at"`
	Links         int            `json:"links"`
	Codes         int            `json:"codes"`
	SessionCount  int            `json:"session_count"`
	Sessions      []shownSession `json:"sessions"`
}

type shownSession struct {
	ID        string    `json:"id"`
	Methods   []string  `json:"methods"`
	OpenedAt  time.Time `json:"opened_at"`
	ExpiresAt time.Time `json:"expires_at"`
	StepUp    bool      `json:"step_up"`
}

type shownUsers struct {
	Cursor string
	Total  int
	Users  []shownUser
}

func (b *bench) users(query string) shownUsers {
	b.t.Helper()
	var out shownUsers
	b.ask(http.MethodGet, "/users?"+query).into(b.t, &out)
	return out
}

func TestAdminListsUsers(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.RefreshTokenExpiration = policy.Duration(time.Hour) })
	in := b.signUp(alice)
	start := b.clock.Now()
	b.clock.advance(time.Minute)
	stepUp := &descope.LoginOptions{StepUp: true}
	if r := b.post(descope.Path(descope.PathOTPSignIn, descope.MethodSMS), b.as(in.RefreshJWT),
		descope.SignInRequest{Identity: identity(alice), LoginOptions: stepUp}); r.status != 200 {
		t.Fatalf("step up: %d %s", r.status, r.text)
	}
	code := b.take(alice).Code
	if r := b.verifyCode(descope.MethodSMS, alice, code); r.status != 200 {
		t.Fatalf("verify: %d %s", r.status, r.text)
	}
	for _, path := range []string{descope.PathMagicLinkSignIn, descope.PathOTPSignIn} { // neither is redeemed
		if r := b.post(descope.Path(path, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(alice)}); r.status != 200 {
			t.Fatalf("%s: %d %s", path, r.status, r.text)
		}
	}
	if r := b.post(descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(bob)}); r.status != 200 {
		t.Fatalf("sign up: %d %s", r.status, r.text)
	}

	got := b.users("")
	if got.Total != 2 || len(got.Users) != 2 {
		t.Fatalf("users %+v, want Alice and a sign-up", got)
	}
	created := start.Truncate(time.Second)
	later := start.Add(time.Minute)
	want := shownUser{
		UserID: in.User.UserID, LoginIDs: []string{alice}, Phone: alice, VerifiedPhone: true, Status: descope.StatusEnabled,
		CreatedAt: &created, Links: 1, Codes: 1, SessionCount: 2,
		Sessions: []shownSession{
			{Methods: []string{"sms"}, OpenedAt: later, ExpiresAt: later.Truncate(time.Second).Add(time.Hour), StepUp: true},
			{Methods: []string{"sms"}, OpenedAt: start, ExpiresAt: created.Add(time.Hour)},
		},
	}
	for i, s := range got.Users[0].Sessions {
		if len(s.ID) != 10 {
			t.Errorf("session %q, want 10 characters", s.ID)
		}
		got.Users[0].Sessions[i].ID = ""
	}
	if diff := cmp.Diff(got.Users[0], want); diff != "" {
		t.Errorf("Alice (-got +want):\n%s", diff)
	}
	if pending := got.Users[1]; !pending.Pending || pending.CreatedAt != nil || pending.Links != 1 || pending.SessionCount != 0 {
		t.Errorf("the sign-up: %+v", pending)
	}

	b.clock.advance(2 * time.Hour)
	got = b.users("")
	if len(got.Users) != 1 || got.Users[0].Links+got.Users[0].Codes+got.Users[0].SessionCount != 0 {
		t.Errorf("when all has expired: %+v", got)
	}
}

// TestAdminUsersHoldNoSecret looks for what one could sign in with.
func TestAdminUsersHoldNoSecret(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	in := b.signUp(alice)
	for _, path := range []string{descope.PathMagicLinkSignIn, descope.PathOTPSignIn} {
		b.post(descope.Path(path, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(alice)})
	}
	text := b.ask(http.MethodGet, "/users").text
	own := claims(t, in.RefreshJWT)
	secrets := []string{in.SessionJWT, in.RefreshJWT, fmt.Sprint(own["jti"]), b.project.ManagementKey.Reveal()}
	for _, m := range b.messages(alice) {
		if m.Code != "" {
			secrets = append(secrets, `"`+m.Code+`"`)
		} else {
			secrets = append(secrets, m.token(t))
		}
	}
	if len(secrets) != 6 {
		t.Fatalf("%d secrets", len(secrets))
	}
	for _, s := range secrets {
		if strings.Contains(text, s) {
			t.Errorf("the listing holds %s:\n%s", s, text)
		}
	}
}

func TestAdminUsersInPages(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for i := range 25 {
		name := fmt.Sprintf("user%02d@example.test", i)
		if r := b.post(descope.PathUserCreate, b.manager(), descope.CreateUserRequest{Identity: identity(name)}); r.status != 200 {
			t.Fatalf("create: %d %s", r.status, r.text)
		}
	}
	var seen []string
	for after := ""; ; {
		page := b.users("limit=4&text=USER1&after=" + after)
		if page.Total != 10 || len(page.Users) > 4 {
			t.Fatalf("page after %q: %d of %d", after, len(page.Users), page.Total)
		}
		if len(page.Users) == 0 {
			break
		}
		for _, u := range page.Users {
			seen = append(seen, u.LoginIDs[0])
		}
		after = page.Cursor
	}
	if len(seen) != 10 || seen[0] != "user10@example.test" || seen[9] != "user19@example.test" {
		t.Errorf("users %v", seen)
	}
	for _, query := range []string{"limit=0", "limit=1001", "limit=x", "after=x", "after=-1"} {
		if r := b.ask(http.MethodGet, "/users?"+query); r.status != 400 {
			t.Errorf("%s: %d %s", query, r.status, r.text)
		}
	}
}

func TestAdminListsFewOfManySessions(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for range 45 {
		b.clock.advance(time.Second)
		b.signUp(alice)
	}
	u := b.users("").Users[0]
	if u.SessionCount != 45 || len(u.Sessions) != 20 || !u.Sessions[0].OpenedAt.Equal(b.clock.Now()) {
		t.Errorf("%d sessions, %d listed, the first of %s", u.SessionCount, len(u.Sessions), u.Sessions[0].OpenedAt)
	}
	for i := 1; i < len(u.Sessions); i++ {
		if u.Sessions[i].OpenedAt.After(u.Sessions[i-1].OpenedAt) {
			t.Errorf("session %d is newer than the one before it", i)
		}
	}
}

func TestAdminListsProjects(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	p := policy.Default()
	p.SigningAlg = policy.ES256
	for _, id := range []string{"Pzebra", "Pabacus"} {
		if _, err := b.emulator.CreateProject(id, secret.String{}, p); err != nil {
			t.Fatal(err)
		}
	}
	list := func(query string) (ids []string, total int) {
		var out struct {
			Total    int
			Projects []struct {
				ID string `json:"project_id"`
			}
		}
		exchange(t, b.admin, http.MethodGet, "/_ab/projects"+query, "Bearer "+adminKey, "", "").into(t, &out)
		for _, p := range out.Projects {
			ids = append(ids, p.ID)
		}
		return ids, out.Total
	}
	all, total := list("")
	if total != 3 || len(all) != 3 {
		t.Errorf("projects %v of %d", all, total)
	}
	if got, _ := list("?limit=1&after=Pabacus"); len(got) != 1 || got[0] == "Pabacus" {
		t.Errorf("after Pabacus: %v", got)
	}
	if got, _ := list("?after=Pzz"); len(got) != 0 {
		t.Errorf("after the last: %v", got)
	}
	for _, path := range []string{"", "/" + b.project.ID + "/users"} {
		if r := exchange(t, b.admin, http.MethodGet, "/_ab/projects"+path, "", "", ""); r.status != 401 {
			t.Errorf("%s without the token: %d", path, r.status)
		}
	}
	if r := exchange(t, b.admin, http.MethodGet, "/_ab/projects?limit=no", "Bearer "+adminKey, "", ""); r.status != 400 {
		t.Errorf("a bad limit: %d", r.status)
	}
	if r := exchange(t, b.admin, http.MethodGet, "/_ab/projects/Pnone/users", "Bearer "+adminKey, "", ""); r.status != 404 {
		t.Errorf("no such project: %d", r.status)
	}
}

package emulator_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// A code is good over the channel it was sent over, and over no other.
func TestN28S09ChannelBinding(t *testing.T) {
	t.Parallel()
	channels := []descope.Method{descope.MethodSMS, descope.MethodVoice, descope.MethodWhatsApp, descope.MethodEmail}
	for _, sentBy := range channels {
		t.Run(string(sentBy), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.create(descope.CreateUserRequest{Identity: identity("ann"), Phone: alice, Email: "a@example.test"})
			b.post(descope.Path(descope.PathOTPSignIn, sentBy), b.public(), descope.SignInRequest{Identity: identity("ann")})
			contact := alice
			if sentBy == descope.MethodEmail {
				contact = "a@example.test"
			}
			code := b.take(contact).Code
			for _, other := range channels {
				if other != sentBy {
					b.verifyCode(other, "ann", code).refused(t, 401, descope.CodeWrongOTP)
				}
			}
			if r := b.verifyCode(sentBy, "ann", code); r.status != 200 {
				t.Errorf("its own channel: %s", r.text)
			}
		})
	}
}

// A tenant that a sign-in names goes with its code and stands in the session.
func TestS55TenantBinding(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) {
		p.TenantUserIsolation = true
		p.Users = []policy.User{
			{Key: "a", Phone: alice, VerifiedPhone: true, Tenants: []string{"T1", "T2"}},
			{Key: "b", Phone: bob, VerifiedPhone: true, Tenants: []string{"T3"}},
			{Key: "c", Phone: newPhone, VerifiedPhone: true},
		}
	})
	path := descope.Path(descope.PathOTPSignIn, descope.MethodSMS)
	ask := func(login, tenant string) reply {
		return b.post(path, b.public(), descope.SignInRequest{Identity: identity(login), LoginOptions: &descope.LoginOptions{TenantID: tenant}})
	}
	ask(alice, "").refused(t, 400, descope.CodeInvalidRequest, "tenantId")
	ask(alice, "T3").refused(t, 400, descope.CodeUserNotFound) // nothing tells that the login ID is known elsewhere
	ask(newPhone, "T1").refused(t, 400, descope.CodeUserNotFound)
	b.quiet("")
	var auth descope.AuthResponse
	for _, tenant := range []string{"T1", "T2"} {
		if r := ask(alice, tenant); r.status != 200 {
			t.Fatal(r.text)
		}
		b.verifyCode(descope.MethodSMS, alice, b.take(alice).Code).into(t, &auth)
		if got := claims(t, auth.SessionJWT)["dct"]; got != tenant {
			t.Errorf("dct %v, want %s", got, tenant)
		}
	}
	if r := ask(newPhone, ""); r.status != 200 {
		t.Errorf("a user without tenants: %s", r.text)
	}
	b.take(newPhone)
}

// A merge hands no grants on, in either direction: whoever reads the messages to a
// number today is not whoever was granted something with it.
func TestS41MergeGrantsNothing(t *testing.T) {
	t.Parallel()
	for _, useExisting := range []bool{false, true} {
		b := newBench(t)
		a := b.signUp(alice)
		b.create(descope.CreateUserRequest{
			Identity: identity(bob), Phone: bob, Name: "Bob", RoleNames: []string{"admin"}, SSOAppIDs: []string{"app"},
			UserTenants: []descope.UserTenant{{TenantID: "T1", RoleNames: []string{"owner"}}}, CustomAttributes: map[string]any{"vip": true},
		})
		b.change(b.as(a.RefreshJWT), alice, bob, descope.UpdateOptions{AddToLoginIDs: true, OnMergeUseExisting: useExisting})
		after := b.redeem(b.take(bob).token(t)).User
		gained := len(after.RoleNames) + len(after.SSOAppIDs) + len(after.UserTenants) + len(after.CustomAttributes)
		if want := map[bool]int{false: 0, true: 4}[useExisting]; gained != want {
			t.Errorf("use existing %v: the survivor has %d grants, want %d: %+v", useExisting, gained, want, after)
		}
		if after.Name != "Bob" || len(after.LoginIDs) != 2 {
			t.Errorf("use existing %v: survivor %+v", useExisting, after)
		}
	}
}

func TestSeededUsers(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) {
		p.Users = []policy.User{
			{Key: "a", Phone: "+1 (555) 555-0101", VerifiedPhone: true, Name: "Ann", Roles: []string{"admin"}, Tenants: []string{"T1"}},
			{Key: "b", LoginID: "bob", Email: "Bob@Example.test", Status: policy.StatusDisabled},
		}
	})
	ann, bobby := b.load(alice), b.load("bob")
	if ann.Phone != alice || !ann.VerifiedPhone || ann.Name != "Ann" || ann.Status != "enabled" || ann.UserTenants[0].TenantID != "T1" {
		t.Errorf("user %+v", ann)
	}
	if diff := cmp.Diff(ann.RoleNames, []string{"admin"}); diff != "" {
		t.Errorf("roles (-got +want):\n%s", diff)
	}
	if bobby.Email != "bob@example.test" || bobby.VerifiedEmail || bobby.Phone != "" || bobby.Status != "disabled" {
		t.Errorf("user %+v", bobby)
	}
	auth := b.signUp(alice)
	if auth.User.UserID != ann.UserID || !auth.FirstSeen {
		t.Errorf("sign-in of the seeded user: %+v", auth.User)
	}
	again := newBench(t, func(p *policy.Project) { p.Users = []policy.User{{Key: "a", Phone: alice}} })
	if same := again.signUp(alice).User.UserID; same != ann.UserID {
		t.Errorf("the same seed gives user %s, then %s", ann.UserID, same)
	}
}

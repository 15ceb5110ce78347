package emulator_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

const (
	annMail = "ann@x.test"
	benMail = "ben@x.test"
)

func isolated(p *policy.Project) { p.TenantUserIsolation = true }

// newTenants is a bench whose tenants are kept apart, or not.
func newTenants(t *testing.T, apart bool) *bench {
	t.Helper()
	return newBench(t, func(p *policy.Project) { p.TenantUserIsolation = apart })
}

// open calls a route that needs no credentials.
func (b *bench) open(path, body string) reply {
	b.t.Helper()
	return b.do(http.MethodPost, path, b.public().Header(), "application/json", body)
}

// member makes a user of tenants.
func (b *bench) member(login string, tenants ...string) descope.User {
	b.t.Helper()
	r := descope.CreateUserRequest{Identity: identity(login), Email: login, VerifiedEmail: new(true)}
	for _, id := range tenants {
		r.UserTenants = append(r.UserTenants, descope.UserTenant{TenantID: id})
	}
	return b.create(r)
}

// into asks for a code that signs in to a tenant, and up to it before if need be.
func (b *bench) into(login, tenant string) reply {
	b.t.Helper()
	return b.open(descope.Path(descope.PathOTPSignUpOrIn, descope.MethodEmail),
		fmt.Sprintf(`{"loginId":%q,"loginOptions":{"tenantId":%q}}`, login, tenant))
}

// enter signs in to a tenant.
func (b *bench) enter(login, tenant string) descope.AuthResponse {
	b.t.Helper()
	if r := b.into(login, tenant); r.status != http.StatusOK {
		b.t.Fatalf("%s into %s: %d %s", login, tenant, r.status, r.text)
	}
	var out descope.AuthResponse
	b.verifyCode(descope.MethodEmail, login, b.take(login).Code).into(b.t, &out)
	return out
}

// tenancy is what tokens and users say of tenants.
type tenancy struct {
	Current string
	Claimed []string
	Of      []string
}

func tenancyOf(t *testing.T, auth descope.AuthResponse) tenancy {
	t.Helper()
	c := claims(t, auth.SessionJWT)
	out := tenancy{}
	out.Current, _ = c["dct"].(string)
	claimed, _ := c["tenants"].(map[string]any)
	for _, u := range auth.User.UserTenants {
		out.Of = append(out.Of, u.TenantID)
		if _, ok := claimed[u.TenantID]; ok {
			out.Claimed = append(out.Claimed, u.TenantID)
		}
	}
	if len(claimed) != len(out.Claimed) {
		t.Errorf("the session tells of tenants %v, and the user of %v", claimed, out.Of)
	}
	return out
}

func (b *bench) wantTenancy(auth descope.AuthResponse, current string, of ...string) {
	b.t.Helper()
	t, _ := b.t.(*testing.T)
	if diff := cmp.Diff(tenancyOf(t, auth), tenancy{current, of, of}); diff != "" {
		t.Errorf("tenants (-got +want):\n%s", diff)
	}
}

// Every sign-up can name a tenant, of which the user is a member from the verification
// on. The session is for it.
func TestSignUpIntoATenant(t *testing.T) {
	t.Parallel()
	email := descope.MethodEmail
	for name, signUp := range map[string]func(b *bench) descope.AuthResponse{
		"otp sign-up": func(b *bench) (out descope.AuthResponse) {
			b.open(descope.Path(descope.PathOTPSignUp, email), `{"loginId":"ann@x.test","email":"ann@x.test","loginOptions":{"tenantId":"T1"}}`)
			b.verifyCode(email, annMail, b.take(annMail).Code).into(b.t, &out)
			return out
		},
		"otp sign-up or in": func(b *bench) descope.AuthResponse { return b.enter(annMail, "T1") },
		"otp, beside the options": func(b *bench) (out descope.AuthResponse) {
			b.open(descope.Path(descope.PathOTPSignUp, email), `{"loginId":"ann@x.test","email":"ann@x.test","tenantId":"T1"}`)
			b.open(descope.Path(descope.PathOTPVerify, email), `{"loginId":"ann@x.test","code":"`+b.take(annMail).Code+`","tenantId":"T1"}`).into(b.t, &out)
			return out
		},
		"magic link sign-up": func(b *bench) descope.AuthResponse {
			b.open(descope.Path(descope.PathMagicLinkSignUp, email), `{"loginId":"ann@x.test","email":"ann@x.test","loginOptions":{"tenantId":"T1"}}`)
			return b.redeem(b.take(annMail).token(b.t))
		},
		"magic link sign-up or in": func(b *bench) descope.AuthResponse {
			b.open(descope.Path(descope.PathMagicLinkSignUpOrIn, email), `{"loginId":"ann@x.test","tenantId":"T1"}`)
			return b.redeem(b.take(annMail).token(b.t))
		},
		"enchanted link": func(b *bench) descope.AuthResponse {
			asked := b.enchanted(b.enchant(descope.PathEnchantedLinkSignUp, `{"loginId":"ann@x.test","email":"ann@x.test","loginOptions":{"tenantId":"T1"}}`))
			b.click(b.take(annMail).token(b.t), "")
			return b.collected(asked.PendingRef)
		},
		"embedded link": func(b *bench) descope.AuthResponse {
			var out descope.EmbeddedLinkResponse
			b.manage(http.MethodPost, descope.PathEmbeddedLinkSignUp, `{"loginId":"ann@x.test","emailVerified":true,"loginOptions":{"tenantId":"T1"}}`).into(b.t, &out)
			return b.redeem(out.Token)
		},
	} {
		for _, apart := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, apart %v", name, apart), func(t *testing.T) {
				t.Parallel()
				b := newTenants(t, apart)
				auth := signUp(b)
				b.wantTenancy(auth, "T1", "T1")
				again := b.enter(annMail, "T1")
				b.wantTenancy(again, "T1", "T1")
				if again.User.UserID != auth.User.UserID {
					t.Errorf("the sign-in is of user %s, the sign-up of %s", again.User.UserID, auth.User.UserID)
				}
				if got := b.load(annMail); len(got.UserTenants) != 1 || got.UserTenants[0].TenantID != "T1" {
					t.Errorf("user %+v", got)
				}
			})
		}
	}
}

// Nothing makes a user a member of a tenant but a sign-up and the management: without
// isolation a login ID is one user, who may not be of the tenant that a message names.
func TestTenantOfAnotherSignUp(t *testing.T) {
	t.Parallel()
	b := newTenants(t, false)
	b.into(annMail, "T1")
	first := b.take(annMail).Code
	b.open(descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodEmail), `{"loginId":"ann@x.test","tenantId":"T2"}`)
	second := b.take(annMail).token(t)
	var auth descope.AuthResponse
	b.verifyCode(descope.MethodEmail, annMail, first).into(t, &auth)
	b.wantTenancy(auth, "T1", "T1")
	b.verify(second).refused(t, 400, descope.CodeBadRequest, "tenant")
	b.into(annMail, "T2").refused(t, 400, descope.CodeBadRequest, "tenant")
	b.into(annMail, "")
	b.take(annMail)
}

// Where tenants are apart, a login ID means nothing without one.
func TestIsolatedSignUpNamesATenant(t *testing.T) {
	t.Parallel()
	b := newTenants(t, true)
	for path, body := range map[string]string{
		descope.Path(descope.PathOTPSignUp, descope.MethodEmail):               `{"loginId":"ann@x.test","email":"ann@x.test"}`,
		descope.Path(descope.PathOTPSignUpOrIn, descope.MethodEmail):           `{"loginId":"ann@x.test"}`,
		descope.Path(descope.PathMagicLinkSignUp, descope.MethodEmail):         `{"loginId":"ann@x.test","email":"ann@x.test"}`,
		descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodEmail):     `{"loginId":"ann@x.test","loginOptions":{}}`,
		descope.Path(descope.PathEnchantedLinkSignUp, descope.MethodEmail):     `{"loginId":"ann@x.test","email":"ann@x.test"}`,
		descope.Path(descope.PathEnchantedLinkSignUpOrIn, descope.MethodEmail): `{"loginId":"ann@x.test"}`,
	} {
		b.open(path, body).refused(t, 400, descope.CodeInvalidRequest, "tenantId")
	}
	b.manage(http.MethodPost, descope.PathEmbeddedLinkSignUp, `{"loginId":"ann@x.test"}`).refused(t, 400, descope.CodeInvalidRequest, "tenantId")
	b.quiet("")
	// The management can make a user of no tenant, who signs in to none.
	b.member(annMail)
	b.wantTenancy(b.enter(annMail, ""), "")
}

// An embedded link is for the one tenant that its user has. A user of several gets one
// by the sign-up, which can name a tenant.
func TestIsolatedEmbeddedLink(t *testing.T) {
	t.Parallel()
	b := newTenants(t, true)
	b.member(annMail, "T1", "T2")
	b.member(benMail, "T1")
	b.manage(http.MethodPost, descope.PathEmbeddedLinkSignIn, `{"loginId":"ann@x.test"}`).refused(t, 400, descope.CodeInvalidRequest, "tenantId")
	b.wantTenancy(b.redeem(b.embeddedToken(benMail)), "T1", "T1")
	var out descope.EmbeddedLinkResponse
	b.manage(http.MethodPost, descope.PathEmbeddedLinkSignUp, `{"loginId":"ann@x.test","loginOptions":{"tenantId":"T2"}}`).into(t, &out)
	b.wantTenancy(b.redeem(out.Token), "T2", "T1", "T2")
	// Whoever has come to another tenant meanwhile is not let in by it.
	token := b.embeddedToken(benMail)
	b.manage(http.MethodPatch, descope.PathUserPatch, `{"loginId":"ben@x.test","userTenants":[{"tenantId":"T3"}]}`)
	b.verify(token).refused(t, 400, descope.CodeBadRequest, "tenant")
}

// The session that an update opens is for the tenant of the session that asked for it.
func TestUpdateKeepsTheTenant(t *testing.T) {
	t.Parallel()
	for _, apart := range []bool{false, true} {
		b := newTenants(t, apart)
		b.member(annMail, "T1", "T2")
		auth := b.enter(annMail, "T2")
		b.wantTenancy(auth, "T2", "T1", "T2")
		if r := b.post(descope.Path(descope.PathOTPUpdatePhone, descope.MethodSMS), b.as(auth.RefreshJWT),
			descope.UpdatePhoneRequest{Identity: identity(annMail), Phone: newPhone}); r.status != 200 {
			t.Fatal(r.text)
		}
		var after descope.AuthResponse
		b.verifyCode(descope.MethodSMS, annMail, b.take(newPhone).Code).into(t, &after)
		b.wantTenancy(after, "T2", "T1", "T2")
		b.change(b.as(auth.RefreshJWT), annMail, alice, descope.UpdateOptions{})
		b.wantTenancy(b.redeem(b.take(alice).token(t)), "T2", "T1", "T2")
	}
}

// The session that a merge opens is not for a tenant that its user has come to later.
func TestMergeKeepsNoTenantOfAnother(t *testing.T) {
	t.Parallel()
	b := newTenants(t, false)
	b.member(annMail, "T1", "T2")
	b.create(descope.CreateUserRequest{Identity: identity(bob), Phone: bob, VerifiedPhone: yes(), UserTenants: []descope.UserTenant{{TenantID: "T1"}}})
	auth := b.enter(annMail, "T2")
	b.change(b.as(auth.RefreshJWT), annMail, bob, descope.UpdateOptions{AddToLoginIDs: true, OnMergeUseExisting: true})
	after := b.redeem(b.take(bob).token(t))
	b.wantTenancy(after, "T1", "T1")
	b.changed(b.manage(http.MethodPatch, descope.PathUserPatch, `{"loginId":"`+bob+`","userTenants":[{"tenantId":"T2"},{"tenantId":"T1"}]}`))
	b.wantTenancy(b.refreshed(after.RefreshJWT), "", "T2", "T1")
}

// A session for a tenant that the user has left says so no more; where tenants are
// apart, it is of no use until the user is back.
func TestSessionOfATenantThatWasLeft(t *testing.T) {
	t.Parallel()
	for _, apart := range []bool{false, true} {
		b := newTenants(t, apart)
		b.member(annMail, "T1", "T2")
		auth := b.enter(annMail, "T2")
		asked := b.enchanted(b.enchant(descope.PathEnchantedLinkSignIn, `{"loginId":"ann@x.test","tenantId":"T2"}`))
		b.click(b.take(annMail).token(t), "")
		move := func(tenants string) {
			b.changed(b.manage(http.MethodPatch, descope.PathUserPatch, `{"loginId":"ann@x.test","userTenants":`+tenants+`}`))
		}
		move(`[{"tenantId":"T1"}]`)
		r := b.refresh(auth.RefreshJWT)
		if apart {
			r.refused(t, 401, descope.CodeInvalidArguments, "refresh token", "tenant")
			b.get(descope.PathMe, b.as(auth.RefreshJWT)).refused(t, 401, descope.CodeInvalidArguments)
			b.change(b.as(auth.RefreshJWT), annMail, newPhone, descope.UpdateOptions{}).refused(t, 401, descope.CodeInvalidArguments)
			if r := b.post(descope.PathTryRefresh, b.as(auth.RefreshJWT), struct{}{}); r.status != 200 || r.text != "{}" {
				t.Errorf("try-refresh: %d %s", r.status, r.text)
			}
			b.post(descope.PathValidate, b.as(auth.SessionJWT), struct{}{}).refused(t, 401, descope.CodeInvalidArguments)
			b.poll(asked.PendingRef).refused(t, 401, descope.CodeInvalidArguments)
			b.quiet("")
			move(`[{"tenantId":"T2"},{"tenantId":"T1"}]`)
			b.wantTenancy(b.refreshed(auth.RefreshJWT), "T2", "T2", "T1")
			b.wantTenancy(b.collected(asked.PendingRef), "T2", "T2", "T1")
			continue
		}
		var after descope.AuthResponse
		r.into(t, &after)
		b.wantTenancy(after, "T1", "T1") // the one that is left, as of any user of one
		move(`[{"tenantId":"T1"},{"tenantId":"T3"}]`)
		b.wantTenancy(b.refreshed(auth.RefreshJWT), "", "T1", "T3")
	}
}

// A list of tenants holds IDs, each once.
func TestTenantsOfAUserAreChecked(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.create(descope.CreateUserRequest{Identity: identity("a")})
	for _, tenants := range []string{`[{"tenantId":""}]`, `[{}]`, `[{"tenantId":"T"},{"tenantId":"T"}]`} {
		list := json.RawMessage(tenants)
		for path, verb := range map[string]string{descope.PathUserCreate: http.MethodPost, descope.PathUserPatch: http.MethodPatch, descope.PathUserUpdate: http.MethodPost} {
			login := "a"
			if path == descope.PathUserCreate {
				login = "b"
			}
			b.manage(verb, path, fmt.Sprintf(`{"loginId":%q,"userTenants":%s}`, login, list)).refused(t, 400, descope.CodeInvalidRequest, "userTenants")
		}
	}
}

package descope_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
)

func fullUser() descope.User {
	return descope.User{
		LoginIDs: []string{"l"}, UserID: "U1", Name: "n", GivenName: "g", MiddleName: "m", FamilyName: "f",
		Email: "e@x.test", Phone: "+1", VerifiedEmail: true, VerifiedPhone: true, RoleNames: []string{"role"},
		UserTenants: []descope.UserTenant{{TenantID: "ten", TenantName: "Ten", RoleNames: []string{"r"}, Permissions: []string{"p"}}},
		Status:      "enabled", ExternalIDs: []string{"x"}, Picture: "pic", Test: true,
		CustomAttributes: map[string]any{"a": "v"}, CreatedTime: 1, ModifiedTime: 3,
		TOTP: true, SAML: true, SCIM: true, OIDC: true, WebAuthn: true, Password: true, Push: true,
		OAuth: map[string]any{"google": true}, SSOAppIDs: []string{"app"}, Editable: true, Permissions: []string{"perm"},
		ConsentExpiration: 2, RecoveryEmail: "re@x.test", RecoveryPhone: "+2",
		VerifiedRecoveryEmail: true, VerifiedRecoveryPhone: true,
	}
}

const userJSON = `{"loginIds":["l"],"userId":"U1","name":"n","givenName":"g","middleName":"m","familyName":"f",
	"email":"e@x.test","phone":"+1","verifiedEmail":true,"verifiedPhone":true,"roleNames":["role"],
	"userTenants":[{"tenantId":"ten","tenantName":"Ten","roleNames":["r"],"permissions":["p"]}],
	"status":"enabled","externalIds":["x"],"picture":"pic","test":true,"customAttributes":{"a":"v"},"createdTime":1,"modifiedTime":3,
	"TOTP":true,"SAML":true,"SCIM":true,"OIDC":true,"webauthn":true,"password":true,"push":true,
	"OAuth":{"google":true},"ssoAppIds":["app"],"editable":true,"permissions":["perm"],"consentExpiration":2,
	"recoveryEmail":"re@x.test","recoveryPhone":"+2","verifiedRecoveryEmail":true,"verifiedRecoveryPhone":true}`

func TestResponsesOnTheWire(t *testing.T) {
	t.Parallel()
	user := fullUser()
	for _, g := range []golden{
		{
			"masked", &descope.MaskedResponse{MaskedEmail: "e****", MaskedPhone: "****1", VerificationAttempts: 5},
			`{"maskedEmail":"e****","maskedPhone":"****1","verificationAttempts":5}`,
		},
		{
			"auth", &descope.AuthResponse{
				SessionJWT: "s", RefreshJWT: "r", CookieDomain: "d.test", CookiePath: "/", CookieMaxAge: 1, CookieExpiration: 2,
				User: &user, FirstSeen: true, SessionExpiration: 3, NextRefreshSeconds: 4, Claims: map[string]any{"c": "v"},
				CookieName: "DSR", SessionCookieName: "DS", SessionCookieDomain: "sd.test", ExternalToken: "ext",
				TrustedDeviceJWT: "td", UnsavedSSO: true, TenantSSOID: "sso", IdentityProviderData: map[string]any{"i": "v"},
			},
			`{"sessionJwt":"s","refreshJwt":"r","cookieDomain":"d.test","cookiePath":"/","cookieMaxAge":1,"cookieExpiration":2,
			"user":` + userJSON + `,"firstSeen":true,"sessionExpiration":3,"nextRefreshSeconds":4,"claims":{"c":"v"},
			"cookieName":"DSR","sessionCookieName":"DS","sessionCookieDomain":"sd.test","externalToken":"ext",
			"trustedDeviceJwt":"td","unsavedSSO":true,"tenantSSOID":"sso","idpResponse":{"i":"v"}}`,
		},
		{"me", &user, userJSON},
		{"user", &descope.UserResponse{User: user, Created: new(true)}, `{"user":` + userJSON + `,"created":true}`},
		{"users", &descope.SearchUsersResponse{Users: []descope.User{user}, Total: 1}, `{"users":[` + userJSON + `],"total":1}`},
		{
			"embedded link", &descope.EmbeddedLinkResponse{Token: "t", MaskedEmail: "e****", MaskedPhone: "****1"},
			`{"token":"t","maskedEmail":"e****","maskedPhone":"****1"}`,
		},
		{"generated code", &descope.GeneratedOTP{LoginID: "l", Code: "123456"}, `{"loginId":"l","code":"123456"}`},
		{"generated link", &descope.GeneratedLink{LoginID: "l", Link: "https://x.test"}, `{"loginId":"l","link":"https://x.test"}`},
		{"license", &descope.LicenseResponse{RateLimitTier: "tier4"}, `{"rateLimitTier":"tier4"}`},
		{
			"error", &descope.ErrorBody{ErrorCode: "E011003", ErrorDescription: "d", ErrorMessage: "m", Message: "m"},
			`{"errorCode":"E011003","errorDescription":"d","errorMessage":"m","message":"m"}`,
		},
	} {
		g.check(t)
	}
}

// What a client must always find, even when there is nothing to say.
func TestEmptyResponsesOnTheWire(t *testing.T) {
	t.Parallel()
	for _, g := range []struct{ got, want string }{
		{marshal(t, descope.AuthResponse{}), `{"sessionJwt":"","cookieDomain":"","cookiePath":"","cookieMaxAge":0,"cookieExpiration":0,"firstSeen":false,"sessionExpiration":0}`},
		{marshal(t, descope.ErrorBody{}), `{"errorCode":"","errorDescription":"","errorMessage":"","message":""}`},
		{marshal(t, descope.SignUpRequest{}), `{}`},
		{marshal(t, descope.SignInRequest{}), `{}`},
		{marshal(t, descope.UpdateUserPhoneRequest{Phone: new("")}), `{"phone":""}`},
	} {
		if diff := cmp.Diff(g.got, g.want); diff != "" {
			t.Errorf("(-got +want):\n%s", diff)
		}
	}
}

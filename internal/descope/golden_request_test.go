package descope_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
)

// The golden tests write the contract out once more, in literals. Client and
// emulator share the structs, so nothing else would notice a misspelt name.

// golden is a value with every field set, and its JSON.
type golden struct {
	name  string
	value any // a pointer
	json  string
}

func (g golden) check(t *testing.T) {
	t.Helper()
	unset(t, g.name, reflect.ValueOf(g.value).Elem())
	text, err := json.Marshal(g.value)
	if err != nil {
		t.Fatal(err)
	}
	// Compared as documents of maps, because decoding into a struct takes a
	// name in any case.
	if diff := cmp.Diff(document(t, string(text)), document(t, g.json)); diff != "" {
		t.Errorf("%s on the wire (-got +want):\n%s", g.name, diff)
	}
	read := reflect.New(reflect.TypeOf(g.value).Elem()).Interface()
	if err := json.Unmarshal([]byte(g.json), read); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(read, g.value); diff != "" {
		t.Errorf("%s as read (-got +want):\n%s", g.name, diff)
	}
}

// unset reports fields that the golden value forgets.
func unset(t *testing.T, name string, v reflect.Value) {
	t.Helper()
	switch v.Kind() { //nolint:exhaustive // only what holds fields
	case reflect.Pointer:
		if !v.IsNil() {
			unset(t, name, v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			field := name + "." + v.Type().Field(i).Name
			if v.Field(i).IsZero() {
				t.Errorf("%s is not in the golden value", field)
			}
			unset(t, field, v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			unset(t, name, v.Index(i))
		}
	}
}

func document(t *testing.T, text string) any {
	t.Helper()
	var out any
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return out
}

func fullIdentity() descope.Identity {
	return descope.Identity{LoginID: "l", Identifier: "i"}
}

func fullRedirect() descope.Redirect {
	return descope.Redirect{RedirectURL: "https://r.test", URI: "https://u.test"}
}

func fullOptions() *descope.LoginOptions {
	return &descope.LoginOptions{
		StepUp: true, MFA: true, CustomClaims: map[string]any{"c": "v"}, SSOAppID: "app",
		TemplateOptions: map[string]string{"o": "v"}, TemplateID: "tpl", Locale: "de", PKCEChallenge: "pkce",
		RevokeOtherSessions: true, RevokeOtherSessionsTypes: []string{"web"}, TenantID: "ten",
	}
}

const optionsJSON = `{"stepup":true,"mfa":true,"customClaims":{"c":"v"},"ssoAppId":"app",
	"templateOptions":{"o":"v"},"templateId":"tpl","locale":"de","pkceChallenge":"pkce",
	"revokeOtherSessions":true,"revokeOtherSessionsTypes":["web"],"tenantId":"ten"}`

func fullPerson() *descope.SignUpUser {
	return &descope.SignUpUser{
		LoginID: "ul", Name: "n", DisplayName: "d", Phone: "+1", Email: "e@x.test", GivenName: "g", MiddleName: "m", FamilyName: "f",
		RecoveryEmail: "re@x.test", RecoveryPhone: "+2",
	}
}

const personJSON = `{"loginId":"ul","name":"n","displayName":"d","phone":"+1","email":"e@x.test","givenName":"g","middleName":"m",
	"familyName":"f","recoveryEmail":"re@x.test","recoveryPhone":"+2"}`

func fullUpdate() descope.UpdateOptions {
	return descope.UpdateOptions{
		AddToLoginIDs: true, OnMergeUseExisting: true, FailOnConflict: true, MFA: true,
		TemplateOptions: map[string]string{"o": "v"}, TemplateID: "tpl", Locale: "de", ProviderID: "prov",
	}
}

const updateJSON = `"addToLoginIDs":true,"onMergeUseExisting":true,"failOnConflict":true,"mfa":true,
	"templateOptions":{"o":"v"},"templateId":"tpl","locale":"de","providerId":"prov"`

const (
	identityJSON = `"loginId":"l","identifier":"i"`
	redirectJSON = `"redirectUrl":"https://r.test","URI":"https://u.test"`
)

func TestAuthRequestsOnTheWire(t *testing.T) {
	t.Parallel()
	for _, g := range []golden{
		{
			"sign up", &descope.SignUpRequest{
				Identity: fullIdentity(), Redirect: fullRedirect(), Phone: "+3", Email: "s@x.test", WhatsApp: "+4", Voice: "+5",
				User: fullPerson(), ProviderID: "prov", TenantID: "beside", LoginOptions: fullOptions(),
			},
			`{` + identityJSON + `,` + redirectJSON + `,"phone":"+3","email":"s@x.test","whatsapp":"+4","voice":"+5",
			"user":` + personJSON + `,"providerId":"prov","tenantId":"beside","loginOptions":` + optionsJSON + `}`,
		},
		{
			"sign in", &descope.SignInRequest{
				Identity: fullIdentity(), Redirect: fullRedirect(), LoginOptions: fullOptions(),
				ProviderID: "prov", SSOAppID: "app", UseRecovery: true, TenantID: "beside",
			},
			`{` + identityJSON + `,` + redirectJSON + `,"loginOptions":` + optionsJSON + `,
			"providerId":"prov","ssoAppId":"app","useRecovery":true,"tenantId":"beside"}`,
		},
		{
			"update phone", &descope.UpdatePhoneRequest{
				Identity: fullIdentity(), Redirect: fullRedirect(), Phone: "+3", UpdateOptions: fullUpdate(),
			},
			`{` + identityJSON + `,` + redirectJSON + `,"phone":"+3",` + updateJSON + `}`,
		},
		{
			"update email", &descope.UpdateEmailRequest{
				Identity: fullIdentity(), Redirect: fullRedirect(), Email: "n@x.test", UpdateOptions: fullUpdate(),
			},
			`{` + identityJSON + `,` + redirectJSON + `,"email":"n@x.test",` + updateJSON + `}`,
		},
		{"verify link", &descope.VerifyLinkRequest{Token: "tok"}, `{"token":"tok"}`},
		{
			"verify code", &descope.VerifyCodeRequest{Identity: fullIdentity(), Code: "123456", TenantID: "beside"},
			`{` + identityJSON + `,"code":"123456","tenantId":"beside"}`,
		},
		{"refresh", &descope.RefreshRequest{ExternalToken: "ext"}, `{"externalToken":"ext"}`},
		{"logout", &descope.LogoutRequest{LogoutType: []string{"web"}}, `{"logoutType":["web"]}`},
	} {
		g.check(t)
	}
}

func TestManagementRequestsOnTheWire(t *testing.T) {
	t.Parallel()
	for _, g := range []golden{
		{
			"embedded sign in", &descope.EmbeddedSignInRequest{
				Identity: fullIdentity(), CustomClaims: map[string]any{"c": "v"}, Timeout: 60,
			},
			`{` + identityJSON + `,"customClaims":{"c":"v"},"timeout":60}`,
		},
		{
			"embedded sign up", &descope.EmbeddedSignUpRequest{
				Identity: fullIdentity(), User: fullPerson(), EmailVerified: true, PhoneVerified: true,
				LoginOptions: fullOptions(), Timeout: 60,
			},
			`{` + identityJSON + `,"user":` + personJSON + `,"emailVerified":true,"phoneVerified":true,
			"loginOptions":` + optionsJSON + `,"timeout":60}`,
		},
		{
			"create user", new(createOne()), createOneJSON,
		},
		{
			"set phone", &descope.UpdateUserPhoneRequest{Identity: fullIdentity(), Phone: new("+1"), Verified: true, FailOnConflict: true},
			`{` + identityJSON + `,"phone":"+1","verified":true,"failOnConflict":true}`,
		},
		{
			"delete and log out", &descope.UserRequest{Identity: fullIdentity(), UserID: "U1", SessionTypes: []string{"web"}},
			`{` + identityJSON + `,"userId":"U1","sessionTypes":["web"]}`,
		},
		{
			"search", &descope.SearchUsersRequest{
				LoginIDs: []string{"l"}, UserIDs: []string{"U1"}, Emails: []string{"e@x.test"}, Phones: []string{"+1"},
				Statuses: []string{"enabled"}, TenantIDs: []string{"T1"}, RoleNames: []string{"r"}, SSOAppIDs: []string{"app"}, SSOAppIDsAlias: []string{"APP"},
				VerifiedEmail: new(true), VerifiedPhone: new(false), FromModifiedTime: 6, ToModifiedTime: 7,
				TenantRoleIDs: map[string]any{"T1": "x"}, TenantRoleNames: map[string]any{"T2": "y"}, Text: "t", WithTestUser: true, TestUsersOnly: true,
				CustomAttributes: map[string]any{"a": "v"}, FromCreatedTime: 1, ToCreatedTime: 2, Limit: 3, Page: 4,
				Offset: 5, Sort: []descope.SortField{{Field: "name", Desc: true}},
			},
			`{"loginIds":["l"],"userIds":["U1"],"emails":["e@x.test"],"phones":["+1"],"statuses":["enabled"],"tenantIds":["T1"],
			"roleNames":["r"],"ssoAppIds":["app"],"ssoAppIDs":["APP"],"verifiedEmail":true,"verifiedPhone":false,"fromModifiedTime":6,"toModifiedTime":7,
			"tenantRoleIds":{"T1":"x"},"tenantRoleNames":{"T2":"y"},"text":"t",
			"withTestUser":true,"testUsersOnly":true,"customAttributes":{"a":"v"},"fromCreatedTime":1,"toCreatedTime":2,
			"limit":3,"page":4,"offset":5,"sort":[{"field":"name","desc":true}]}`,
		},
		{
			"generate", &descope.GenerateRequest{Identity: fullIdentity(), Redirect: fullRedirect(), DeliveryMethod: "sms", LoginOptions: fullOptions()},
			`{` + identityJSON + `,` + redirectJSON + `,"deliveryMethod":"sms","loginOptions":` + optionsJSON + `}`,
		},
	} {
		g.check(t)
	}
}

func createOne() descope.CreateUserRequest {
	return descope.CreateUserRequest{
		Identity: fullIdentity(), Email: "e@x.test", Phone: "+1", VerifiedEmail: new(true), VerifiedPhone: new(false),
		Name: "n", DisplayName: "d", GivenName: "g", MiddleName: "m", FamilyName: "f", RoleNames: []string{"role"},
		UserTenants:      []descope.UserTenant{{TenantID: "ten", TenantName: "Ten", RoleNames: []string{"r"}, Permissions: []string{"p"}}},
		CustomAttributes: map[string]any{"a": "v"}, Picture: "pic",
		AdditionalIdentifiers: []string{"x"}, AdditionalLoginIDs: []string{"y"},
		SSOAppIDs: []string{"app"}, SSOAppIDsAlias: []string{"APP"},
		Invite: true, InviteURL: "https://i.test", SendMail: new(true), SendSMS: new(true), Test: true, Status: "enabled",
		Password: "pw", HashedPassword: map[string]any{"h": "v"}, TemplateOptions: map[string]string{"o": "v"},
		RecoveryEmail: "re@x.test", RecoveryPhone: "+2",
	}
}

const createOneJSON = `{` + identityJSON + `,"email":"e@x.test","phone":"+1","verifiedEmail":true,"verifiedPhone":false,
			"name":"n","displayName":"d","givenName":"g","middleName":"m","familyName":"f","roleNames":["role"],
			"userTenants":[{"tenantId":"ten","tenantName":"Ten","roleNames":["r"],"permissions":["p"]}],
			"customAttributes":{"a":"v"},"picture":"pic",
			"additionalIdentifiers":["x"],"additionalLoginIds":["y"],"ssoAppIds":["app"],"ssoAppIDs":["APP"],
			"invite":true,"inviteUrl":"https://i.test","sendMail":true,"sendSMS":true,"test":true,"status":"enabled",
			"password":"pw","hashedPassword":{"h":"v"},"templateOptions":{"o":"v"},
			"recoveryEmail":"re@x.test","recoveryPhone":"+2"}`

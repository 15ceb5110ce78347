package descope_test

import (
	"testing"

	"github.com/authbench/authbench/internal/descope"
)

func TestUserRequestsOnTheWire(t *testing.T) {
	t.Parallel()
	for _, g := range []golden{
		{
			"create users", &descope.CreateUsersRequest{
				Users: []descope.CreateUserRequest{createOne()}, Invite: true, InviteURL: "https://i.test",
			},
			`{"users":[` + createOneJSON + `],"invite":true,"inviteUrl":"https://i.test"}`,
		},
		{
			"patch users", &descope.PatchUsersRequest{Users: []descope.PatchUserRequest{patchOne()}},
			`{"users":[` + patchOneJSON + `]}`,
		},
		{
			"set email", &descope.UpdateUserEmailRequest{Identity: fullIdentity(), Email: new("e@x.test"), Verified: true, FailOnConflict: true},
			`{` + identityJSON + `,"email":"e@x.test","verified":true,"failOnConflict":true}`,
		},
		{
			"set login ID", &descope.UpdateLoginIDRequest{Identity: fullIdentity(), NewLoginID: "n"},
			`{` + identityJSON + `,"newLoginId":"n"}`,
		},
		{
			"set status", &descope.UpdateUserStatusRequest{Identity: fullIdentity(), Status: "disabled"},
			`{` + identityJSON + `,"status":"disabled"}`,
		},
		{
			"verify enchanted link", &descope.VerifyEnchantedLinkRequest{Token: "tok", PKCEVerifier: "v"},
			`{"token":"tok","pkceVerifier":"v"}`,
		},
		{"pending session", &descope.PendingSessionRequest{PendingRef: "ref"}, `{"pendingRef":"ref"}`},
		{
			"audit search", &descope.AuditSearchRequest{
				UserIDs: []string{"U1"}, Actions: []string{"a"}, ExcludedActions: []string{"b"}, Devices: []string{"d"}, Methods: []string{"otp"},
				Geos: []string{"DE"}, RemoteAddresses: []string{"192.0.2.1"}, ExternalIDs: []string{"e"}, LoginIDs: []string{"l"},
				Tenants: []string{"T1"}, NoTenants: true, Text: "t", From: 1, To: 2, Limit: 3, Page: 4,
			},
			`{"userIds":["U1"],"actions":["a"],"excludedActions":["b"],"devices":["d"],"methods":["otp"],"geos":["DE"],
			"remoteAddresses":["192.0.2.1"],"externalIds":["e"],"loginIds":["l"],"tenants":["T1"],"noTenants":true,"text":"t",
			"from":1,"to":2,"limit":3,"page":4}`,
		},
		{"delete users", &descope.DeleteUsersRequest{UserIDs: []string{"U1"}}, `{"userIds":["U1"]}`},
		{
			"load users", &descope.LoadUsersRequest{UserIDs: []string{"U1"}, IncludeInvalidUsers: true},
			`{"userIds":["U1"],"includeInvalidUsers":true}`,
		},
	} {
		g.check(t)
	}
	if got, want := marshal(t, descope.PatchUserRequest{RoleNames: []string{}, Name: new("")}), `{"name":"","roleNames":[]}`; got != want {
		t.Errorf("what clears: got %s, want %s", got, want)
	}
}

func TestUserResponsesOnTheWire(t *testing.T) {
	t.Parallel()
	user := fullUser()
	for _, g := range []golden{
		{
			"batch", &descope.UsersBatchResponse{
				CreatedUsers: []descope.User{user}, PatchedUsers: []descope.User{user},
				FailedUsers: []descope.FailedUser{{Failure: "f", User: user}}, AdditionalErrors: map[string]string{"a": "b"},
			},
			`{"createdUsers":[` + userJSON + `],"patchedUsers":[` + userJSON + `],"failedUsers":[{"failure":"f","user":` + userJSON + `}],
			"additionalErrors":{"a":"b"}}`,
		},
		{
			"enchanted link", &descope.EnchantedLinkResponse{PendingRef: "ref", LinkID: "42", MaskedEmail: "e****"},
			`{"pendingRef":"ref","linkId":"42","maskedEmail":"e****"}`,
		},
		{
			"generated enchanted link", &descope.GeneratedEnchantedLink{LoginID: "l", Link: "https://x.test", PendingRef: "ref"},
			`{"loginId":"l","link":"https://x.test","pendingRef":"ref"}`,
		},
		{
			"audits", &descope.AuditSearchResponse{Total: 1, Audits: []descope.AuditRecord{{
				ProjectID: "P1", UserID: "U1", Action: "LoginSucceed", Type: "info", Occurred: 1, Device: "d", Method: "otp", Geo: "DE",
				RemoteAddress: "192.0.2.1", ExternalIDs: []string{"l"}, Tenants: []string{"T1"}, Data: map[string]any{"k": "v"},
			}}},
			`{"audits":[{"projectId":"P1","userId":"U1","action":"LoginSucceed","type":"info","occurred":"1","device":"d","method":"otp",
			"geo":"DE","remoteAddress":"192.0.2.1","externalIds":["l"],"tenants":["T1"],"data":{"k":"v"}}],"total":1}`,
		},
		{"validate", &descope.ValidateResponse{ParsedJWT: map[string]any{"sub": "U1"}}, `{"parsedJWT":{"sub":"U1"}}`},
		{"users", &descope.UsersResponse{Users: []descope.User{user}}, `{"users":[` + userJSON + `]}`},
		{
			"visit", &descope.UserVisit{UserID: "U1", LoginTime: 1, City: "c", Country: "DE", IP: "192.0.2.1", SelectedTenant: "T1"},
			`{"userId":"U1","loginTime":1,"city":"c","country":"DE","ip":"192.0.2.1","selectedTenant":"T1"}`,
		},
	} {
		g.check(t)
	}
}

func patchOne() descope.PatchUserRequest {
	return descope.PatchUserRequest{
		Identity: fullIdentity(), Email: new("e@x.test"), Phone: new("+1"), VerifiedEmail: new(true), VerifiedPhone: new(true),
		Name: new("n"), DisplayName: new("d"), GivenName: new("g"), MiddleName: new("m"), FamilyName: new("f"),
		RoleNames:        []string{"role"},
		UserTenants:      []descope.UserTenant{{TenantID: "ten", TenantName: "Ten", RoleNames: []string{"r"}, Permissions: []string{"p"}}},
		CustomAttributes: map[string]any{"a": "v"}, Picture: new("pic"),
		AdditionalIdentifiers: []string{"x"}, AdditionalLoginIDs: []string{"y"},
		SSOAppIDs: []string{"app"}, SSOAppIDsAlias: []string{"APP"}, SCIM: new(true), Status: new("enabled"),
		RecoveryEmail: new("re@x.test"), RecoveryPhone: new("+2"),
	}
}

const patchOneJSON = `{` + identityJSON + `,"email":"e@x.test","phone":"+1","verifiedEmail":true,"verifiedPhone":true,
	"name":"n","displayName":"d","givenName":"g","middleName":"m","familyName":"f","roleNames":["role"],
	"userTenants":[{"tenantId":"ten","tenantName":"Ten","roleNames":["r"],"permissions":["p"]}],
	"customAttributes":{"a":"v"},"picture":"pic","additionalIdentifiers":["x"],"additionalLoginIds":["y"],
	"ssoAppIds":["app"],"ssoAppIDs":["APP"],"scim":true,"status":"enabled","recoveryEmail":"re@x.test","recoveryPhone":"+2"}`

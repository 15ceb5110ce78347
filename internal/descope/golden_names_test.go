package descope_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
)

func marshal(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// names compares names with their literals, in pairs.
func names(t *testing.T, pairs ...string) {
	t.Helper()
	for pair := range slices.Chunk(pairs, 2) {
		if got, want := pair[0], pair[1]; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestPathsAreThoseOfTheAPI(t *testing.T) {
	t.Parallel()
	names(t,
		descope.PathMagicLinkSignUp, "/v1/auth/magiclink/signup/{method}",
		descope.PathMagicLinkSignIn, "/v1/auth/magiclink/signin/{method}",
		descope.PathMagicLinkSignUpOrIn, "/v1/auth/magiclink/signup-in/{method}",
		descope.PathMagicLinkVerify, "/v1/auth/magiclink/verify",
		descope.PathMagicLinkUpdateEmail, "/v1/auth/magiclink/update/email",
		descope.PathMagicLinkUpdatePhone, "/v1/auth/magiclink/update/phone/{method}",
		descope.PathOTPSignUp, "/v1/auth/otp/signup/{method}",
		descope.PathOTPSignIn, "/v1/auth/otp/signin/{method}",
		descope.PathOTPSignUpOrIn, "/v1/auth/otp/signup-in/{method}",
		descope.PathOTPVerify, "/v1/auth/otp/verify/{method}",
		descope.PathOTPUpdateEmail, "/v1/auth/otp/update/email",
		descope.PathOTPUpdatePhone, "/v1/auth/otp/update/phone/{method}",
		descope.PathEnchantedLinkSignUp, "/v1/auth/enchantedlink/signup/{method}",
		descope.PathEnchantedLinkSignIn, "/v1/auth/enchantedlink/signin/{method}",
		descope.PathEnchantedLinkSignUpOrIn, "/v1/auth/enchantedlink/signup-in/{method}",
		descope.PathEnchantedLinkVerify, "/v1/auth/enchantedlink/verify",
		descope.PathEnchantedLinkUpdateEmail, "/v1/auth/enchantedlink/update/email",
		descope.PathPendingSession, "/v1/auth/enchantedlink/pending-session",
		descope.PathGenerateEnchant, "/v1/mgmt/tests/generate/enchantedlink",
		descope.PathMe, "/v1/auth/me",
		descope.PathRefresh, "/v1/auth/refresh",
		descope.PathLogout, "/v1/auth/logout",
		descope.PathLogoutAll, "/v1/auth/logoutall",
		descope.PathKeys, "/v2/keys/{project}",
		descope.PathMyHistory, "/v1/auth/me/history",
		descope.PathTryRefresh, "/v1/auth/try-refresh",
		descope.PathValidate, "/v1/auth/validate",
		descope.PathKeysV1, "/v1/keys/{project}",
		descope.PathUsersHistory, "/v1/mgmt/user/history",
		descope.PathEmbeddedLinkSignIn, "/v1/mgmt/user/signin/embeddedlink",
		descope.PathEmbeddedLinkSignUp, "/v1/mgmt/user/signup/embeddedlink",
		descope.PathLicense, "/v1/mgmt/license",
		descope.PathUserCreate, "/v1/mgmt/user/create",
		descope.PathTestUserCreate, "/v1/mgmt/user/create/test",
		descope.PathUserLoad, "/v1/mgmt/user",
		descope.PathUserSearch, "/v2/mgmt/user/search",
		descope.PathUserUpdatePhone, "/v1/mgmt/user/update/phone",
		descope.PathUserCreateBatch, "/v1/mgmt/user/create/batch",
		descope.PathUserUpdate, "/v1/mgmt/user/update",
		descope.PathUserPatch, "/v1/mgmt/user/patch",
		descope.PathUserPatchBatch, "/v1/mgmt/user/patch/batch",
		descope.PathUserUpdateEmail, "/v1/mgmt/user/update/email",
		descope.PathUserUpdateLogin, "/v1/mgmt/user/update/loginid",
		descope.PathUserStatus, "/v1/mgmt/user/update/status",
		descope.PathUserDeleteBatch, "/v1/mgmt/user/delete/batch",
		descope.PathUsersLoad, "/v1/mgmt/users/load",
		descope.PathAuditSearch, "/v1/mgmt/audit/search",
		descope.ExternalIDHeader, "X-External-Rid",
		descope.PathUserSearchV1, "/v1/mgmt/user/search",
		descope.PathTestUsersDelete, "/v1/mgmt/user/test/delete/all",
		descope.PathTestUsersSearch, "/v2/mgmt/user/search/test",
		descope.PathUserDelete, "/v1/mgmt/user/delete",
		descope.PathUserLogout, "/v1/mgmt/user/logout",
		descope.PathGenerateOTP, "/v1/mgmt/tests/generate/otp",
		descope.PathGenerateLink, "/v1/mgmt/tests/generate/magiclink",
	)
}

func TestNamesAreThoseOfTheAPI(t *testing.T) {
	t.Parallel()
	names(t,
		descope.EmulatorHeader, "x-authbench-emulator",
		descope.InboxHeader, "X-Authbench-Inbox",
		descope.ProjectHeader, "X-Descope-Project-Id",
		string(descope.MethodSMS), "sms",
		string(descope.MethodEmail), "email",
		string(descope.MethodWhatsApp), "whatsapp",
		string(descope.MethodVoice), "voice",
		string(descope.MethodIM), "im",
		descope.StatusEnabled, "enabled",
		descope.StatusDisabled, "disabled",
		descope.StatusInvited, "invited",
		descope.StatusExpired, "expired",
		descope.KindSession, "DS",
		descope.KindRefresh, "DSR",
		descope.ClaimIssuer, "iss",
		descope.ClaimSubject, "sub",
		descope.ClaimExpiry, "exp",
		descope.ClaimIssuedAt, "iat",
		descope.ClaimTokenID, "jti",
		descope.ClaimSessionID, "sid",
		descope.ClaimKind, "drn",
		descope.ClaimMethods, "amr",
		descope.ClaimRefreshExpiry, "rexp",
		descope.ClaimStepUp, "su",
		descope.ClaimTestUser, "tu",
		descope.ClaimTenants, "tenants",
		descope.ClaimRoles, "roles",
		descope.ClaimPermissions, "permissions",
		descope.ClaimTenant, "dct",
		descope.ClaimNotSecure, "nsec",
		descope.ClaimSessionType, "dtt",
		descope.ClaimAudience, "aud",
		descope.ClaimNotBefore, "nbf",
		descope.ClaimConfirmation, "cnf",
		descope.ClaimDelegateOf, "dsub",
		descope.ClaimAuthorizedPart, "azp",
		descope.Bearer{Project: "P"}.Header(), "Bearer P",
		descope.Bearer{Project: "P", JWT: "a.b.c"}.Header(), "Bearer P:a.b.c",
		descope.Bearer{Project: "P", Key: "k"}.Header(), "Bearer P:k",
		descope.Bearer{Project: "P", JWT: "a.b.c", Key: "k"}.Header(), "Bearer P:a.b.c:k",
	)
}

func TestErrorCodesAreThoseOfTheAPI(t *testing.T) {
	t.Parallel()
	want := []string{
		"E011001", "E011002", "E011003", "E011004", "E061102", "E061103", "E061104", "E062107", "E062108", "E062125",
		"E062503", "E062504", "E063010", "E064001", "E111111", "E111119", "E111127", "E112102", "E130429",
	}
	if diff := cmp.Diff(descope.ErrorCodes(), want); diff != "" {
		t.Errorf("codes (-got +want):\n%s", diff)
	}
	// The code and the status of every refusal.
	refusals := []struct {
		condition descope.Condition
		status    int
		code      string
	}{
		{descope.BadRequest, 400, "E011001"},
		{descope.InvalidField, 400, "E011003"},
		{descope.InvalidArgument, 400, "E011004"},
		{descope.BadRedirect, 400, "E011003"},
		{descope.NoBearer, 401, "E011002"},
		{descope.UnknownProject, 401, "E011004"},
		{descope.NoRefreshJWT, 401, "E011002"},
		{descope.BadRefreshJWT, 401, "E011004"},
		{descope.NoSessionJWT, 401, "E011002"},
		{descope.BadSessionJWT, 401, "E011004"},
		{descope.LoggedOut, 401, "E064001"},
		{descope.WrongManagementKey, 401, "E111119"},
		{descope.NotYourLoginID, 400, "E011004"},
		{descope.WrongOTP, 401, "E061102"},
		{descope.TooManyAttempts, 401, "E061103"},
		{descope.OTPExpired, 401, "E061104"},
		{descope.UserExists, 400, "E062107"},
		{descope.UserNotFound, 400, "E062108"},
		{descope.UnverifiedPhone, 400, "E062108"},
		{descope.UnverifiedEmail, 400, "E062108"},
		{descope.UpdateConflict, 409, "E062125"},
		{descope.TokenExpired, 401, "E062504"},
		{descope.LinkPending, 401, "E062503"},
		{descope.LinkUnknown, 401, "E063010"},
		{descope.BadPKCEVerifier, 401, "E011004"},
		{descope.NotATestUser, 400, "E011004"},
		{descope.TestUserLimit, 400, "E111111"},
		{descope.MgmtUserExists, 400, "E062107"},
		{descope.MgmtUserNotFound, 404, "E112102"},
		{descope.MgmtConflict, 409, "E111127"},
		{descope.UserDisabled, 403, "EAB0403"},
		{descope.TooManySessions, 429, "EAB0429"},
		{descope.RateLimited, 429, "E130429"},
		{descope.SendLimited, 429, "EAB1429"},
		{descope.MethodDisabled, 403, "EAB1403"},
		{descope.TooManyCounted, 429, "EAB0429"},
		{descope.NotEmulated, 501, "EAB0501"},
		{descope.WrongVerb, 405, "EAB0405"},
		{descope.Overlong, 431, "EAB0431"},
		{descope.Internal, 500, "EAB0500"},
	}
	for _, r := range refusals {
		if f := r.condition.Failure(); f.Status != r.status || f.Code != r.code {
			t.Errorf("condition %d: %d %s, want %d %s", r.condition, f.Status, f.Code, r.status, r.code)
		}
	}
}

package descope

import "strings"

// Paths of the API. A path with {method} takes one delivery method, see Path;
// each is also a valid pattern of http.ServeMux.
const (
	PathMagicLinkSignUp      = "/v1/auth/magiclink/signup/{method}"
	PathMagicLinkSignIn      = "/v1/auth/magiclink/signin/{method}"
	PathMagicLinkSignUpOrIn  = "/v1/auth/magiclink/signup-in/{method}"
	PathMagicLinkVerify      = "/v1/auth/magiclink/verify"
	PathMagicLinkUpdateEmail = "/v1/auth/magiclink/update/email"
	PathMagicLinkUpdatePhone = "/v1/auth/magiclink/update/phone/{method}"

	PathOTPSignUp      = "/v1/auth/otp/signup/{method}"
	PathOTPSignIn      = "/v1/auth/otp/signin/{method}"
	PathOTPSignUpOrIn  = "/v1/auth/otp/signup-in/{method}"
	PathOTPVerify      = "/v1/auth/otp/verify/{method}"
	PathOTPUpdateEmail = "/v1/auth/otp/update/email"
	PathOTPUpdatePhone = "/v1/auth/otp/update/phone/{method}"

	PathEnchantedLinkSignUp      = "/v1/auth/enchantedlink/signup/{method}" // email only
	PathEnchantedLinkSignIn      = "/v1/auth/enchantedlink/signin/{method}"
	PathEnchantedLinkSignUpOrIn  = "/v1/auth/enchantedlink/signup-in/{method}"
	PathEnchantedLinkVerify      = "/v1/auth/enchantedlink/verify"
	PathEnchantedLinkUpdateEmail = "/v1/auth/enchantedlink/update/email"
	PathPendingSession           = "/v1/auth/enchantedlink/pending-session"

	PathMe        = "/v1/auth/me" // GET
	PathRefresh   = "/v1/auth/refresh"
	PathLogout    = "/v1/auth/logout"
	PathLogoutAll = "/v1/auth/logoutall"
	PathKeys      = "/v2/keys/{project}" // GET, see KeysPath

	PathMyHistory  = "/v1/auth/me/history" // GET
	PathTryRefresh = "/v1/auth/try-refresh"
	PathValidate   = "/v1/auth/validate"
	PathKeysV1     = "/v1/keys/{project}" // GET

	PathEmbeddedLinkSignIn = "/v1/mgmt/user/signin/embeddedlink"
	PathEmbeddedLinkSignUp = "/v1/mgmt/user/signup/embeddedlink"

	PathLicense         = "/v1/mgmt/license" // GET
	PathUserCreate      = "/v1/mgmt/user/create"
	PathTestUserCreate  = "/v1/mgmt/user/create/test"
	PathUserLoad        = "/v1/mgmt/user" // GET ?loginId= or ?userId=
	PathUserSearch      = "/v2/mgmt/user/search"
	PathUserUpdatePhone = "/v1/mgmt/user/update/phone"
	PathUserDelete      = "/v1/mgmt/user/delete"
	PathUserLogout      = "/v1/mgmt/user/logout"
	PathUserCreateBatch = "/v1/mgmt/user/create/batch"
	PathUserUpdate      = "/v1/mgmt/user/update"
	PathUserPatch       = "/v1/mgmt/user/patch"       // PATCH
	PathUserPatchBatch  = "/v1/mgmt/user/patch/batch" // PATCH
	PathUserUpdateEmail = "/v1/mgmt/user/update/email"
	PathUserUpdateLogin = "/v1/mgmt/user/update/loginid"
	PathUserStatus      = "/v1/mgmt/user/update/status"
	PathUserDeleteBatch = "/v1/mgmt/user/delete/batch"
	PathUsersLoad       = "/v1/mgmt/users/load"
	PathUsersHistory    = "/v1/mgmt/user/history"
	PathTestUsersDelete = "/v1/mgmt/user/test/delete/all" // DELETE
	PathTestUsersSearch = "/v2/mgmt/user/search/test"
	PathAuditSearch     = "/v1/mgmt/audit/search"
	PathUserSearchV1    = "/v1/mgmt/user/search"
	PathGenerateOTP     = "/v1/mgmt/tests/generate/otp"
	PathGenerateLink    = "/v1/mgmt/tests/generate/magiclink"
	PathGenerateEnchant = "/v1/mgmt/tests/generate/enchantedlink"
)

// EmulatorHeader is set to "1" on every answer of the emulator, so that a
// client can tell an emulator on loopback from a live service.
const EmulatorHeader = "x-authbench-emulator"

// InboxHeader stands on every answer of the emulator for a project: the project's id, a
// space, and the cursor of its inbox before the request, right before its message if it
// sent one. So who waits for a message that was never sent knows a mark as well.
const InboxHeader = "X-Authbench-Inbox"

// Method is a delivery method as it stands in a path.
type Method string

// The delivery methods. MethodIM is the API's older name for WhatsApp.
const (
	MethodSMS      Method = "sms"
	MethodEmail    Method = "email"
	MethodWhatsApp Method = "whatsapp"
	MethodVoice    Method = "voice"
	MethodIM       Method = "im"
)

// Path fills the {method} of one of the paths above. A path without it is
// returned as it is.
func Path(pattern string, m Method) string {
	return strings.Replace(pattern, "{method}", string(m), 1)
}

// KeysPath is the path of a project's public keys.
func KeysPath(project string) string {
	return strings.Replace(PathKeys, "{project}", project, 1)
}

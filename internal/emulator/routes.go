package emulator

import (
	"net/http"

	"github.com/authbench/authbench/internal/descope"
)

// credential is what the bearer of a route must hold beside the project ID.
type credential int

const (
	nothing       credential = iota // a refresh JWT may come along and is checked then
	refreshJWT                      // a refresh JWT
	anyRefreshJWT                   // a refresh JWT; a bad one is as good as none
	sessionJWT                      // a session JWT
	management                      // the management key
)

// endpoint is one route. run returns the document of the 200 answer.
type endpoint struct {
	verb    string
	needs   credential
	channel descope.Method
	run     func(*call) (any, error)
}

// routes is every route of the API that is emulated, by path, except the public
// keys, which need no bearer.
func routes() map[string]endpoint {
	table := map[string]endpoint{}
	add := func(verb string) func(string, credential, func(*call) (any, error)) {
		return func(path string, needs credential, run func(*call) (any, error)) {
			table[path] = endpoint{verb: verb, needs: needs, run: run}
		}
	}
	get, post, patch := add(http.MethodGet), add(http.MethodPost), add(http.MethodPatch)
	// send adds a route for each delivery method; im is another name of whatsapp.
	send := func(pattern string, needs credential, run func(*call) (any, error), methods ...descope.Method) {
		for _, m := range methods {
			channel := m
			if m == descope.MethodIM {
				channel = descope.MethodWhatsApp
			}
			table[descope.Path(pattern, m)] = endpoint{verb: http.MethodPost, needs: needs, channel: channel, run: run}
		}
	}
	const (
		sms, email, whatsapp = descope.MethodSMS, descope.MethodEmail, descope.MethodWhatsApp
		voice, im            = descope.MethodVoice, descope.MethodIM
	)

	send(descope.PathMagicLinkSignUp, nothing, (*call).linkSignUp, sms, email, whatsapp, im)
	send(descope.PathMagicLinkSignIn, nothing, (*call).linkSignIn, sms, email, whatsapp, im)
	send(descope.PathMagicLinkSignUpOrIn, nothing, (*call).linkSignUpOrIn, sms, email, whatsapp, im)
	send(descope.PathMagicLinkUpdatePhone, refreshJWT, (*call).linkUpdatePhone, sms, whatsapp, im)
	send(descope.PathMagicLinkUpdateEmail, refreshJWT, (*call).linkUpdateEmail, email)
	post(descope.PathMagicLinkVerify, nothing, (*call).verifyLink)

	send(descope.PathEnchantedLinkSignUp, nothing, (*call).enchantedSignUp, email)
	send(descope.PathEnchantedLinkSignIn, nothing, (*call).enchantedSignIn, email)
	send(descope.PathEnchantedLinkSignUpOrIn, nothing, (*call).enchantedSignUpOrIn, email)
	send(descope.PathEnchantedLinkUpdateEmail, refreshJWT, (*call).enchantedUpdateEmail, email)
	post(descope.PathEnchantedLinkVerify, nothing, (*call).verifyEnchanted)
	post(descope.PathPendingSession, nothing, (*call).collectSession)

	send(descope.PathOTPSignUp, nothing, (*call).codeSignUp, sms, email, whatsapp, im, voice)
	send(descope.PathOTPSignIn, nothing, (*call).codeSignIn, sms, email, whatsapp, im, voice)
	send(descope.PathOTPSignUpOrIn, nothing, (*call).codeSignUpOrIn, sms, email, whatsapp, im, voice)
	send(descope.PathOTPVerify, nothing, (*call).verifyCode, sms, email, whatsapp, im, voice)
	send(descope.PathOTPUpdatePhone, refreshJWT, (*call).codeUpdatePhone, sms, whatsapp, im, voice)
	send(descope.PathOTPUpdateEmail, refreshJWT, (*call).codeUpdateEmail, email)

	get(descope.PathMe, refreshJWT, (*call).me)
	get(descope.PathMyHistory, refreshJWT, (*call).myHistory)
	post(descope.PathTryRefresh, anyRefreshJWT, (*call).tryRefresh)
	post(descope.PathValidate, sessionJWT, (*call).validate)
	post(descope.PathRefresh, refreshJWT, (*call).refreshSession)
	post(descope.PathLogout, refreshJWT, (*call).logout)
	post(descope.PathLogoutAll, refreshJWT, (*call).logoutAll)

	post(descope.PathEmbeddedLinkSignIn, management, (*call).embeddedSignIn)
	post(descope.PathEmbeddedLinkSignUp, management, (*call).embeddedSignUp)
	get(descope.PathLicense, management, (*call).license)
	post(descope.PathUserCreate, management, (*call).createUser)
	post(descope.PathTestUserCreate, management, (*call).createTestUser)
	get(descope.PathUserLoad, management, (*call).loadUser)
	post(descope.PathUserSearch, management, (*call).searchUsers)
	post(descope.PathUserUpdatePhone, management, (*call).setPhone)
	post(descope.PathUserCreateBatch, management, (*call).createUsers)
	post(descope.PathUsersLoad, management, (*call).loadUsers)
	post(descope.PathUserSearchV1, management, (*call).searchUsers)
	post(descope.PathUserUpdate, management, (*call).updateUser)
	patch(descope.PathUserPatch, management, (*call).patchUser)
	patch(descope.PathUserPatchBatch, management, (*call).patchUsers)
	post(descope.PathUserUpdateEmail, management, (*call).setEmail)
	post(descope.PathUserUpdateLogin, management, (*call).setLoginID)
	post(descope.PathUserStatus, management, (*call).setStatus)
	post(descope.PathUsersHistory, management, (*call).usersHistory)
	post(descope.PathTestUsersSearch, management, (*call).searchTestUsers)
	add(http.MethodDelete)(descope.PathTestUsersDelete, management, (*call).deleteTestUsers)
	post(descope.PathUserDeleteBatch, management, (*call).deleteUsers)
	post(descope.PathUserDelete, management, (*call).removeUser)
	post(descope.PathUserLogout, management, (*call).logoutUser)
	post(descope.PathAuditSearch, management, (*call).searchAudits)
	post(descope.PathGenerateOTP, management, (*call).generateCode)
	post(descope.PathGenerateLink, management, (*call).generateLink)
	post(descope.PathGenerateEnchant, management, (*call).generateEnchantedLink)
	return table
}

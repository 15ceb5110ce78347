package descope

import (
	"encoding/json"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/jsondoc"
	"github.com/authbench/authbench/internal/steps"
)

var (
	maskedSources = &sources{
		list: []source{
			{"masked_phone", "maskedPhone", formText}, {"masked_email", "maskedEmail", formText},
			{"verification_attempts", "verificationAttempts", formCount},
		},
		decode: never,
	}
	maskedLinkSources = &sources{list: maskedSources.list[:2], decode: never}
	embeddedSources   = &sources{
		list:   []source{{"token", "token", formText}, {"masked_phone", "maskedPhone", formText}, {"masked_email", "maskedEmail", formText}},
		decode: never,
	}
	createdSources = &sources{
		list:   []source{{"user", "user", formUser}, {"created", "created", formMaybe}},
		decode: func(s *skimmed) steps.Values { v, _ := decodeCreated(s.answer); return v },
	}
	wrappedSources = &sources{list: createdSources.list[:1], decode: createdSources.decode}
	meSources      = &sources{
		list:   []source{{"user", "", formSelf}},
		decode: func(s *skimmed) steps.Values { out, _ := decodeMe(s.answer); return out.values },
	}
	authSources = &sources{
		list: []source{
			{"session_jwt", "", formSession}, {"refresh_jwt", "", formRefresh}, {"user", "user", formUser}, {"claims", "", formClaims},
			{"first_seen", "firstSeen", formFlag}, {"session_expiration", "sessionExpiration", formCount},
			{"next_refresh_seconds", "nextRefreshSeconds", formCount}, {"cookie_name", "cookieName", formText},
			{"cookie_domain", "cookieDomain", formText}, {"cookie_path", "cookiePath", formText},
			{"cookie_max_age", "cookieMaxAge", formCount}, {"cookie_expiration", "cookieExpiration", formCount},
			{"session_cookie_name", "sessionCookieName", formText}, {"session_cookie_domain", "sessionCookieDomain", formText},
			{"external_token", "externalToken", formText}, {"trusted_device_jwt", "trustedDeviceJwt", formText},
			{"unsaved_sso", "unsavedSSO", formFlag}, {"tenant_sso_id", "tenantSSOID", formText}, {"idp_response", "idpResponse", formObject},
		},
		decode: func(s *skimmed) steps.Values { out, _ := decodeAuth(s.answer, false); return out.values },
	}
)

// never stands for results that are all simple.
func never(*skimmed) steps.Values { return steps.Fixed(nil) }

// userForm is how an attribute of a user stands in the body.
type userForm uint8

const (
	userText userForm = iota
	userFlag
	userNumber
	userTexts
	userTenants
	userObject
)

// userKeys are the attributes of [userType]. Those of users are never null: what the
// answer left out is empty, 0 or false.
var userKeys = map[string]struct {
	key  string
	form userForm
}{
	"login_ids": {"loginIds", userTexts}, "user_id": {"userId", userText}, "name": {"name", userText}, "given_name": {"givenName", userText},
	"middle_name": {"middleName", userText}, "family_name": {"familyName", userText}, "email": {"email", userText}, "phone": {"phone", userText},
	"verified_email": {"verifiedEmail", userFlag}, "verified_phone": {"verifiedPhone", userFlag}, "role_names": {"roleNames", userTexts},
	"user_tenants": {"userTenants", userTenants}, "status": {"status", userText}, "external_ids": {"externalIds", userTexts},
	"picture": {"picture", userText}, "test": {"test", userFlag}, "custom_attributes": {"customAttributes", userObject},
	"created_time": {"createdTime", userNumber}, "modified_time": {"modifiedTime", userNumber}, "totp": {"TOTP", userFlag},
	"saml": {"SAML", userFlag}, "scim": {"SCIM", userFlag}, "oidc": {"OIDC", userFlag}, "webauthn": {"webauthn", userFlag},
	"password": {"password", userFlag}, "push": {"push", userFlag}, "oauth": {"OAuth", userObject}, "sso_app_ids": {"ssoAppIds", userTexts},
	"editable": {"editable", userFlag}, "permissions": {"permissions", userTexts}, "consent_expiration": {"consentExpiration", userNumber},
	"recovery_email": {"recoveryEmail", userText}, "recovery_phone": {"recoveryPhone", userText},
	"verified_recovery_email": {"verifiedRecoveryEmail", userFlag}, "verified_recovery_phone": {"verifiedRecoveryPhone", userFlag},
}

// userAt reads below a user, which is null when v is no object.
func userAt(v jsondoc.Value, path []string) (eval.Value, bool) {
	switch {
	case v.Kind() != jsondoc.Object && len(path) == 0:
		return eval.Null(), true
	case v.Kind() != jsondoc.Object:
		return eval.Value{}, true
	case len(path) == 0:
		return eval.Value{}, false
	}
	u, ok := userKeys[path[0]]
	if !ok {
		return eval.Value{}, true
	}
	v = v.Find(u.key)
	if u.form == userObject {
		return objectAt(v, path[1:])
	}
	if len(path) > 1 {
		return userBelow(v, u.form, path[1:])
	}
	switch u.form {
	case userText:
		return eval.Text(v.Text()), true
	case userFlag:
		return eval.Bool(v.True()), true
	case userNumber:
		n, _ := v.Int()
		return eval.Int(n), true
	case userTexts:
		var list []string
		if v.Kind() == jsondoc.Array && json.Unmarshal(v.Raw(), &list) != nil {
			return eval.Value{}, false
		}
		return eval.Of(ctyTexts(list)), true
	}
	return eval.Value{}, false
}

// userBelow reads one text of a list. Other things below an attribute are rarely asked for.
func userBelow(v jsondoc.Value, form userForm, path []string) (eval.Value, bool) {
	place, ok := steps.Place(path[0])
	if !ok || form != userTexts || len(path) > 1 {
		return eval.Value{}, false
	}
	if v = v.Index(place); v.Kind() == jsondoc.None {
		return eval.Value{}, false // an error, which the caller tells
	}
	return eval.Text(v.Text()), true
}

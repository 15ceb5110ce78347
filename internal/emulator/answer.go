package emulator

import (
	"encoding/json"
	"net/http"
	"strconv"
	"sync"

	"github.com/authbench/authbench/internal/descope"
)

// answerRoom fits all answers but lists and those with rare content, in bytes; mostRoom
// bounds what is kept for the next.
const answerRoom, mostRoom = 2560, 64 << 10

// answer writes a JSON document. Every answer may hold a token, so none is to
// be stored.
func answer(w http.ResponseWriter, status int, document any) {
	room := rooms.Get().(*[]byte)
	text, err := appendDocument((*room)[:0], document)
	if err != nil {
		var body descope.ErrorBody
		status, body = failure(err)
		text, _ = json.Marshal(body) // strings only, can not fail
	}
	h := w.Header()
	h["Content-Type"] = contentType
	h["Content-Length"] = []string{strconv.Itoa(len(text))} // or a long one goes out in chunks
	w.WriteHeader(status)
	_, _ = w.Write(text) // the client is gone if this fails
	lendAgain(room, text)
}

// lendAgain takes back a room with what it has grown to.
func lendAgain(room *[]byte, grown []byte) {
	if cap(grown) <= mostRoom {
		*room = grown
		rooms.Put(room)
	}
}

// rooms lends the memory of answers and tokens while they are made. Nobody keeps it: a
// Writer must not. What a long list took is not lent again.
var rooms = sync.Pool{New: func() any {
	b := make([]byte, 0, answerRoom)
	return &b
}}

// contentType is shared by all answers. Nobody changes it.
var contentType = []string{"application/json"}

func answerError(w http.ResponseWriter, err error) {
	setRetryAfter(w.Header(), err)
	status, body := failure(err)
	answer(w, status, body)
}

// commonHeaders gives what sets the headers of every answer. Answers share the
// values, which nobody changes.
func commonHeaders() func(http.Header) {
	emulator := http.CanonicalHeaderKey(descope.EmulatorHeader)
	one, noStore, noSniff := []string{"1"}, []string{"no-store"}, []string{"nosniff"}
	return func(h http.Header) {
		h[emulator] = one
		h["Cache-Control"] = noStore
		h["X-Content-Type-Options"] = noSniff
	}
}

// appendDocument appends what encoding/json makes of a document. The answers that a
// flow gets write themselves; the others go through it.
func appendDocument(b []byte, document any) ([]byte, error) {
	switch d := document.(type) {
	case *descope.AuthResponse:
		return appendAuth(b, d)
	case *descope.User:
		return appendUser(b, d)
	case *descope.MaskedResponse:
		return appendMasked(b, d), nil
	case *messageList:
		return d.append(b)
	case *takenList:
		return d.append(b)
	case *takeAnswer:
		return d.append(b)
	}
	text, err := json.Marshal(document)
	return append(b, text...), err
}

func appendMasked(b []byte, m *descope.MaskedResponse) []byte {
	o := members{b: append(b, '{')}
	o.optional("maskedEmail", m.MaskedEmail)
	o.optional("maskedPhone", m.MaskedPhone)
	if m.VerificationAttempts != 0 {
		o.number("verificationAttempts", m.VerificationAttempts)
	}
	return append(o.b, '}')
}

func appendAuth(b []byte, a *descope.AuthResponse) ([]byte, error) {
	o := members{b: append(b, '{')}
	o.text("sessionJwt", a.SessionJWT)
	o.optional("refreshJwt", a.RefreshJWT)
	o.text("cookieDomain", a.CookieDomain)
	o.text("cookiePath", a.CookiePath)
	o.number("cookieMaxAge", a.CookieMaxAge)
	o.number("cookieExpiration", a.CookieExpiration)
	if a.User != nil {
		o.name("user")
		var err error
		if o.b, err = appendUser(o.b, a.User); err != nil {
			return nil, err
		}
	}
	o.flag("firstSeen", a.FirstSeen)
	o.number("sessionExpiration", a.SessionExpiration)
	if a.NextRefreshSeconds != 0 {
		o.number("nextRefreshSeconds", a.NextRefreshSeconds)
	}
	if len(a.Claims) > 0 {
		o.any("claims", a.Claims)
	}
	o.optional("cookieName", a.CookieName)
	o.optional("sessionCookieName", a.SessionCookieName)
	o.optional("sessionCookieDomain", a.SessionCookieDomain)
	o.optional("externalToken", a.ExternalToken)
	o.optional("trustedDeviceJwt", a.TrustedDeviceJWT)
	if a.UnsavedSSO {
		o.flag("unsavedSSO", true)
	}
	o.optional("tenantSSOID", a.TenantSSOID)
	if len(a.IdentityProviderData) > 0 {
		o.any("idpResponse", a.IdentityProviderData)
	}
	return append(o.b, '}'), o.err
}

func appendUser(b []byte, u *descope.User) ([]byte, error) {
	o := members{b: append(b, '{')}
	o.texts("loginIds", u.LoginIDs)
	o.text("userId", u.UserID)
	o.text("name", u.Name)
	o.text("givenName", u.GivenName)
	o.text("middleName", u.MiddleName)
	o.text("familyName", u.FamilyName)
	o.text("email", u.Email)
	o.text("phone", u.Phone)
	o.flag("verifiedEmail", u.VerifiedEmail)
	o.flag("verifiedPhone", u.VerifiedPhone)
	o.texts("roleNames", u.RoleNames)
	if len(u.UserTenants) > 0 {
		o.any("userTenants", u.UserTenants)
	} else {
		o.texts("userTenants", nil)
	}
	o.text("status", u.Status)
	o.texts("externalIds", u.ExternalIDs)
	o.text("picture", u.Picture)
	o.flag("test", u.Test)
	o.document("customAttributes", u.CustomAttributes)
	o.number("createdTime", u.CreatedTime)
	if u.ModifiedTime != 0 {
		o.number("modifiedTime", u.ModifiedTime)
	}
	o.flag("TOTP", u.TOTP)
	o.flag("SAML", u.SAML)
	o.flag("SCIM", u.SCIM)
	o.flag("OIDC", u.OIDC)
	o.flag("webauthn", u.WebAuthn)
	o.flag("password", u.Password)
	o.flag("push", u.Push)
	o.document("OAuth", u.OAuth)
	o.texts("ssoAppIds", u.SSOAppIDs)
	o.flag("editable", u.Editable)
	o.texts("permissions", u.Permissions)
	o.number("consentExpiration", u.ConsentExpiration)
	o.text("recoveryEmail", u.RecoveryEmail)
	o.text("recoveryPhone", u.RecoveryPhone)
	o.flag("verifiedRecoveryEmail", u.VerifiedRecoveryEmail)
	o.flag("verifiedRecoveryPhone", u.VerifiedRecoveryPhone)
	return append(o.b, '}'), o.err
}

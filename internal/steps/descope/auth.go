package descope

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/client"
	api "github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// authResults are those of everything that gives a session.
var authResults = []steps.Attr{
	{Name: "session_jwt", Type: cty.String, Sensitive: true, Doc: "The session JWT, from the body or from its cookie."},
	{Name: "refresh_jwt", Type: cty.String, Sensitive: true, Doc: "The refresh JWT, from the body or from its cookie; null if none was given."},
	{Name: "user", Type: userType, Doc: "The user, or null."},
	{Name: "claims", Type: cty.DynamicPseudoType, Doc: "Claims of the session JWT, read without checking its signature: see `descope_session_validate`."},
	{Name: "first_seen", Type: cty.Bool, Doc: "Whether this was the user's first sign-in."},
	{Name: "session_expiration", Type: cty.Number, Doc: "When the session ends, in Unix seconds, or null."},
	{Name: "next_refresh_seconds", Type: cty.Number, Doc: "In how many seconds to refresh, or null."},
	{Name: "cookie_name", Type: cty.String, Doc: "Name for the refresh cookie, or null."},
	{Name: "cookie_domain", Type: cty.String, Doc: "Domain for the cookies, or null."},
	{Name: "cookie_path", Type: cty.String, Doc: "Path for the cookies, or null."},
	{Name: "cookie_max_age", Type: cty.Number, Doc: "Lifetime for the cookies in seconds, or null."},
	{Name: "cookie_expiration", Type: cty.Number, Doc: "Expiry for the cookies in Unix seconds, or null."},
	{Name: "session_cookie_name", Type: cty.String, Doc: "Name for the session cookie, or null."},
	{Name: "session_cookie_domain", Type: cty.String, Doc: "Domain for the session cookie, or null."},
	{Name: "unsaved_sso", Type: cty.Bool, Doc: "Whether a single sign-on configuration was not saved."},
	{Name: "external_token", Type: cty.String, Sensitive: true, Doc: "Token of an external service, or null."},
	{Name: "trusted_device_jwt", Type: cty.String, Sensitive: true, Doc: "JWT of the trusted device, or null."},
	{Name: "tenant_sso_id", Type: cty.String, Doc: "Tenant's SSO configuration, or null."},
	{Name: "idp_response", Type: cty.DynamicPseudoType, Doc: "What the identity provider told, or an empty object."},
}

// readSession reads a sign-in, which has both tokens.
func readSession(a answer) (outcome, error) { return readAuth(a, true) }

// readRefresh reads a refresh, which gives a refresh JWT only when it rotates.
func readRefresh(a answer) (outcome, error) { return readAuth(a, false) }

func readAuth(a answer, needRefresh bool) (outcome, error) {
	if out, ok := skimAuth(a, needRefresh); ok {
		return out, nil
	}
	return decodeAuth(a, needRefresh)
}

// decodeAuth reads the whole answer. It is the measure of what skimAuth gives, and
// finds the words for an answer that is not usable.
func decodeAuth(a answer, needRefresh bool) (outcome, error) {
	var body api.AuthResponse
	if err := decode(a.body, &body); err != nil {
		return outcome{}, err
	}
	if body.SessionJWT == "" {
		body.SessionJWT = cookie(a.header, api.KindSession)
	}
	if body.RefreshJWT == "" {
		body.RefreshJWT = cookie(a.header, api.KindRefresh)
	}
	values := authValues(&body)
	out := outcome{values: values}
	switch {
	case body.SessionJWT == "":
		return out, errors.New("it holds no session JWT")
	case needRefresh && body.RefreshJWT == "":
		return out, errors.New("it holds no refresh JWT")
	}
	claims, err := claimsOf(body.SessionJWT)
	if err != nil {
		out.reason = result.ReasonTokenInvalid
		return out, errors.New("its session JWT is not one: " + err.Error())
	}
	values["claims"] = ctyObject(claims)
	out.lifetimes.Session = lifetime(claims)
	if refresh, err := claimsOf(body.RefreshJWT); err == nil {
		out.lifetimes.Refresh = lifetime(refresh)
	}
	return out, nil
}

func authValues(b *api.AuthResponse) steps.Fixed {
	user := cty.NullVal(userType)
	if b.User != nil {
		user = userValue(b.User)
	}
	return steps.Fixed{
		"session_jwt": ctyText(b.SessionJWT), "refresh_jwt": ctyText(b.RefreshJWT),
		"user": user, "first_seen": cty.BoolVal(b.FirstSeen),
		"session_expiration": ctyCount(b.SessionExpiration), "next_refresh_seconds": ctyCount(b.NextRefreshSeconds),
		"cookie_name": ctyText(b.CookieName), "cookie_domain": ctyText(b.CookieDomain), "cookie_path": ctyText(b.CookiePath),
		"cookie_max_age": ctyCount(b.CookieMaxAge), "cookie_expiration": ctyCount(b.CookieExpiration),
		"session_cookie_name": ctyText(b.SessionCookieName), "session_cookie_domain": ctyText(b.SessionCookieDomain),
		"external_token": ctyText(b.ExternalToken), "trusted_device_jwt": ctyText(b.TrustedDeviceJWT),
		"unsaved_sso": cty.BoolVal(b.UnsavedSSO), "tenant_sso_id": ctyText(b.TenantSSOID), "idp_response": ctyObject(b.IdentityProviderData),
	}
}

// cookie gives the value of the cookie that an answer sets.
func cookie(h client.Header, name string) string {
	for _, line := range h.Values("Set-Cookie") {
		if c, err := http.ParseSetCookie(line); err == nil && c.Name == name {
			return c.Value
		}
	}
	return ""
}

// claimsOf reads the claims of a compact JWT without checking its signature. Its
// errors quote nothing of the token.
func claimsOf(token string) (map[string]any, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, errors.New("it does not have three parts")
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil, errors.New("its claims are not base64url")
	}
	var claims map[string]any
	if err := decode(raw, &claims); err != nil || claims == nil {
		return nil, errors.New("its claims are not a JSON object")
	}
	return claims, nil
}

// lifetime is the time between iat and exp, 0 when the claims do not say.
func lifetime(claims map[string]any) time.Duration {
	from, ok1 := moment(claims, api.ClaimIssuedAt)
	to, ok2 := moment(claims, api.ClaimExpiry)
	if !ok1 || !ok2 {
		return 0
	}
	return to.Sub(from)
}

// moment reads a claim in Unix seconds. A claim of another type is none.
func moment(claims map[string]any, name string) (time.Time, bool) {
	n, ok := claims[name].(json.Number)
	if !ok {
		return time.Time{}, false
	}
	seconds, err := n.Float64()
	if err != nil || seconds < 0 || seconds > 1<<40 {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(seconds * 1000)), true
}

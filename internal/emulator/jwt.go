package emulator

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/authbench/authbench/internal/descope"
)

// issue signs the tokens of a grant. It takes no lock and needs none.
func (p *project) issue(g grant) (descope.AuthResponse, error) {
	out := descope.AuthResponse{
		CookiePath:         "/",
		CookieName:         descope.KindRefresh,
		SessionCookieName:  descope.KindSession,
		CookieMaxAge:       seconds32(p.policy.RefreshTokenExpiration.Std()),
		CookieExpiration:   unix32(g.refreshExpires),
		User:               &g.user,
		FirstSeen:          g.firstSeen,
		SessionExpiration:  unix32(g.expires),
		NextRefreshSeconds: nextRefresh(p.policy.SessionTokenExpiration.Std()),
	}
	var err error
	if out.SessionJWT, err = p.sign(p.sessionClaims(g)); err != nil {
		return descope.AuthResponse{}, fmt.Errorf("session JWT: %w", err)
	}
	if g.refreshTokenID != "" {
		if out.RefreshJWT, err = p.sign(p.refreshClaims(g)); err != nil {
			return descope.AuthResponse{}, fmt.Errorf("refresh JWT: %w", err)
		}
	}
	return out, nil
}

func (p *project) sessionClaims(g grant) map[string]any {
	claims := map[string]any{}
	for name, value := range g.claims {
		if !descope.ReservedClaim(name) {
			claims[name] = value
		}
	}
	if g.nested && len(g.claims) > 0 {
		claims[descope.ClaimNotSecure] = g.claims
	}
	p.commonClaims(claims, g, descope.KindSession, g.sessionTokenID, g.expires)
	if len(g.user.RoleNames) > 0 {
		claims[descope.ClaimRoles] = g.user.RoleNames
	}
	if len(g.user.Permissions) > 0 {
		claims[descope.ClaimPermissions] = g.user.Permissions
	}
	if len(g.user.UserTenants) > 0 {
		tenants := map[string]any{}
		for _, t := range g.user.UserTenants {
			tenants[t.TenantID] = map[string][]string{"roles": list(t.RoleNames), "permissions": list(t.Permissions)}
		}
		claims[descope.ClaimTenants] = tenants
	}
	switch {
	case g.tenant != "":
		claims[descope.ClaimTenant] = g.tenant
	case len(g.user.UserTenants) == 1:
		claims[descope.ClaimTenant] = g.user.UserTenants[0].TenantID
	}
	if g.stepUp {
		claims[descope.ClaimStepUp] = true
	}
	return claims
}

func (p *project) refreshClaims(g grant) map[string]any {
	claims := map[string]any{}
	p.commonClaims(claims, g, descope.KindRefresh, g.refreshTokenID, g.refreshExpires)
	return claims
}

func (p *project) commonClaims(claims map[string]any, g grant, kind, id string, expires time.Time) {
	claims[descope.ClaimIssuer] = p.id
	claims[descope.ClaimSubject] = g.user.UserID
	claims[descope.ClaimKind] = kind
	claims[descope.ClaimTokenID] = id
	claims[descope.ClaimSessionID] = g.sessionID
	claims[descope.ClaimIssuedAt] = g.issued.Unix()
	claims[descope.ClaimExpiry] = expires.Unix()
	claims[descope.ClaimRefreshExpiry] = g.refreshExpires.UTC().Format(time.RFC3339)
	claims[descope.ClaimMethods] = g.methods
	if g.user.Test {
		claims[descope.ClaimTestUser] = true
	}
}

func (p *project) sign(claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("claims: %w", err)
	}
	object, err := p.keys.signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return object.CompactSerialize()
}

// refreshToken is what a refresh JWT says.
type refreshToken struct {
	Issuer    string `json:"iss"`
	Subject   string `json:"sub"`
	Kind      string `json:"drn"`
	ID        string `json:"jti"`
	SessionID string `json:"sid"`
	Expiry    int64  `json:"exp"`
}

// readRefreshJWT checks everything about a refresh JWT but its session. A
// session JWT is none, nor is one of another project.
func (p *project) readRefreshJWT(text string) (refreshToken, error) {
	var t refreshToken
	if !canonical(text) {
		return t, refuse(descope.BadRefreshJWT, "")
	}
	object, err := jose.ParseSignedCompact(text, []jose.SignatureAlgorithm{p.keys.algorithm})
	if err != nil {
		return t, refuse(descope.BadRefreshJWT, "")
	}
	if len(object.Signatures) != 1 || object.Signatures[0].Header.KeyID != p.keys.public.KeyID {
		return t, refuse(descope.BadRefreshJWT, "")
	}
	payload, err := object.Verify(p.keys.public.Key)
	if err != nil {
		return t, refuse(descope.BadRefreshJWT, "")
	}
	if err := json.Unmarshal(payload, &t); err != nil || t.Kind != descope.KindRefresh || t.Issuer != p.id {
		return refreshToken{}, refuse(descope.BadRefreshJWT, "")
	}
	return t, nil
}

// canonical tells whether each part of a JWT is the one text that stands for
// its bytes. The last character of a part may have bits to spare, and most
// decoders overlook what is in them.
func canonical(jwt string) bool {
	for part := range strings.SplitSeq(jwt, ".") {
		raw, err := base64.RawURLEncoding.DecodeString(part)
		if err != nil || base64.RawURLEncoding.EncodeToString(raw) != part {
			return false
		}
	}
	return true
}

// nextRefresh leaves a client a tenth of the lifetime, 20 s at most, to renew a
// session before it ends.
func nextRefresh(lifetime time.Duration) int32 {
	return max(1, seconds32(lifetime-min(lifetime/10, 20*time.Second)))
}

func seconds32(d time.Duration) int32 {
	return int32(min(max(int64(d/time.Second), 0), math.MaxInt32))
}

// list is never null on the wire.
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

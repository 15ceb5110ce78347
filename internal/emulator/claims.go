package emulator

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

// appendSession appends the claims of the session JWT as JSON. What few users have
// comes first and goes through encoding/json.
func (g *grant) appendSession(b []byte, issuer string) ([]byte, error) {
	b = append(b, '{')
	if rare := g.rareClaims(); len(rare) > 0 {
		text, err := json.Marshal(rare)
		if err != nil {
			return nil, fmt.Errorf("claims: %w", err)
		}
		b = append(b, text[1:len(text)-1]...)
		b = append(b, ',')
	}
	return g.appendCommon(b, issuer, descope.KindSession, g.sessionTokenID, g.expires), nil
}

// appendRefresh appends the claims of the refresh JWT as JSON.
func (g *grant) appendRefresh(b []byte, issuer string) []byte {
	return g.appendCommon(append(b, '{'), issuer, descope.KindRefresh, g.refreshTokenID, g.refreshExpires)
}

// rareClaims are those of a session JWT that not every one has. No custom claim
// takes the name of one that the service sets.
func (g *grant) rareClaims() map[string]any {
	u := &g.user
	if len(g.claims)+len(u.RoleNames)+len(u.Permissions)+len(u.UserTenants)+len(g.tenant) == 0 && !g.stepUp {
		return nil
	}
	claims := map[string]any{}
	for name, value := range g.claims {
		if !descope.ReservedClaim(name) {
			claims[name] = value
		}
	}
	if g.nested && len(g.claims) > 0 {
		claims[descope.ClaimNotSecure] = g.claims
	}
	if len(u.RoleNames) > 0 {
		claims[descope.ClaimRoles] = u.RoleNames
	}
	if len(u.Permissions) > 0 {
		claims[descope.ClaimPermissions] = u.Permissions
	}
	if len(u.UserTenants) > 0 {
		tenants := map[string]any{}
		for _, t := range u.UserTenants {
			tenants[t.TenantID] = map[string][]string{"roles": list(t.RoleNames), "permissions": list(t.Permissions)}
		}
		claims[descope.ClaimTenants] = tenants
	}
	switch {
	case g.tenant != "":
		claims[descope.ClaimTenant] = g.tenant
	case len(u.UserTenants) == 1:
		claims[descope.ClaimTenant] = u.UserTenants[0].TenantID
	}
	if g.stepUp {
		claims[descope.ClaimStepUp] = true
	}
	return claims
}

// appendCommon appends the claims that every token has, and the end of the object.
func (g *grant) appendCommon(b []byte, issuer, kind, id string, expires time.Time) []byte {
	b = appendTexts(appendName(b, descope.ClaimMethods), g.methods)
	b = appendText(appendName(append(b, ','), descope.ClaimKind), kind)
	b = strconv.AppendInt(appendName(append(b, ','), descope.ClaimExpiry), expires.Unix(), 10)
	b = strconv.AppendInt(appendName(append(b, ','), descope.ClaimIssuedAt), g.issued.Unix(), 10)
	b = appendText(appendName(append(b, ','), descope.ClaimIssuer), issuer)
	b = appendText(appendName(append(b, ','), descope.ClaimTokenID), id)
	b = append(appendName(append(b, ','), descope.ClaimRefreshExpiry), '"')
	b = append(g.refreshExpires.UTC().AppendFormat(b, time.RFC3339), '"')
	b = appendText(appendName(append(b, ','), descope.ClaimSessionID), g.sessionID)
	b = appendText(appendName(append(b, ','), descope.ClaimSubject), g.user.UserID)
	if g.user.Test {
		b = append(appendName(append(b, ','), descope.ClaimTestUser), "true"...)
	}
	return append(b, '}')
}

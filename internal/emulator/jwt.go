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

// issue signs the tokens of a grant. It must not be called with the project's lock:
// signing is most of the work of a sign-in.
func (p *project) issue(g *grant) (*descope.AuthResponse, error) {
	out := &descope.AuthResponse{
		CookiePath:         "/",
		CookieName:         descope.KindRefresh,
		SessionCookieName:  descope.KindSession,
		CookieMaxAge:       seconds32(p.policy().RefreshTokenExpiration.Std()),
		CookieExpiration:   unix32(g.refreshExpires),
		User:               &g.user,
		FirstSeen:          g.firstSeen,
		SessionExpiration:  unix32(g.expires),
		NextRefreshSeconds: nextRefresh(g.expires.Sub(g.issued.Truncate(time.Second))),
	}
	if g.sessionID == "" {
		out.CookieMaxAge, out.CookieExpiration, out.SessionExpiration, out.NextRefreshSeconds = 0, 0, 0, 0
		return out, nil
	}
	key, err := p.keys.Load().signs()
	if err != nil {
		return nil, err
	}
	var room [512]byte // the claims of most tokens
	claims, err := g.appendSession(room[:0], p.id)
	if err != nil {
		return nil, fmt.Errorf("session JWT: %w", err)
	}
	token, err := key.token(claims)
	if err != nil {
		return nil, fmt.Errorf("session JWT: %w", err)
	}
	out.SessionJWT = token
	if g.refreshTokenID == "" {
		return out, nil
	}
	if token, err = key.token(g.appendRefresh(room[:0], p.id)); err != nil {
		return nil, fmt.Errorf("refresh JWT: %w", err)
	}
	out.RefreshJWT = token
	p.remember(g, key, token)
	return out, nil
}

// refreshToken is what a refresh JWT says.
type refreshToken struct {
	Issuer    string `json:"iss"`
	Kind      string `json:"drn"`
	ID        string `json:"jti"`
	SessionID string `json:"sid"`
	Expiry    int64  `json:"exp"`
}

// readRefreshJWT checks everything about a refresh JWT but its session. A
// session JWT is none, nor is one of another project. A token that the project
// remembers to have issued needs no second look at its signature and text.
func (p *project) readRefreshJWT(text string) (refreshToken, error) {
	if t, ok := p.recall(text); ok {
		return t, nil
	}
	t, _, ok := p.readJWT(text, descope.KindRefresh)
	if !ok {
		return refreshToken{}, refuse(descope.BadRefreshJWT, "")
	}
	return t, nil
}

// readJWT checks that a token of the kind was signed here, and gives its claims.
func (p *project) readJWT(text, kind string) (t refreshToken, claims []byte, ok bool) {
	if !canonical(text) {
		return t, nil, false
	}
	ring := p.keys.Load()
	algorithms, err := ring.algorithms()
	if err != nil {
		return t, nil, false
	}
	object, err := jose.ParseSignedCompact(text, algorithms)
	if err != nil || len(object.Signatures) != 1 {
		return t, nil, false
	}
	header := object.Signatures[0].Header
	key, err := ring.find(header.KeyID)
	if err != nil || key == nil || header.Algorithm != string(key.algorithm) {
		return t, nil, false
	}
	payload, err := object.Verify(key.public.Key)
	if err != nil {
		return t, nil, false
	}
	if err := json.Unmarshal(payload, &t); err != nil || t.Kind != kind || t.Issuer != p.id {
		return t, nil, false
	}
	return t, payload, true
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

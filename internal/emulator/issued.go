package emulator

import (
	"crypto/sha256"

	"github.com/authbench/authbench/internal/descope"
)

// issuedKey is the hash of a whole token. Finding a session by it takes a time that
// tells nothing of the tokens that exist, and only the very text that was issued
// leads to one: another spelling of the same bytes does not.
type issuedKey [sha256.Size]byte

func issuedKeyOf(token string) issuedKey {
	var room [1024]byte // for most tokens
	return sha256.Sum256(append(room[:0], token...))
}

// forgetIssued is for a session that ends or gets another refresh JWT. The caller
// holds the lock.
func (p *project) forgetIssued(s *session) {
	delete(p.issued, s.issued)
	s.issued = issuedKey{}
}

// remember notes the refresh JWT that was signed for a grant, in place of the
// session's earlier one. A session that was closed or renewed meanwhile keeps none
// of it, nor does one whose key was revoked.
func (p *project) remember(g *grant, by *signingKey, token string) {
	key := issuedKeyOf(token)
	p.mu.Lock()
	defer p.mu.Unlock()
	s, ok := p.sessions[g.sessionID]
	if !ok || s.refreshID != g.refreshTokenID || !p.keys.Load().has(by) {
		return
	}
	p.forgetIssued(s)
	s.issued = key
	p.issued[key] = s
}

// recall gives what a remembered refresh JWT says. Whether its session still stands
// by it is for sessionOf to tell.
func (p *project) recall(token string) (refreshToken, bool) {
	key := issuedKeyOf(token)
	p.mu.Lock()
	defer p.mu.Unlock()
	s, ok := p.issued[key]
	if !ok {
		return refreshToken{}, false
	}
	return refreshToken{
		Issuer: p.id, Kind: descope.KindRefresh, ID: s.refreshID, SessionID: s.id, Expiry: s.expires.Unix(),
	}, true
}

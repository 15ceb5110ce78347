package emulator

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

// refKey is the hash of a pendingRef: finding a pending session by it takes a time
// that tells nothing of the refs that exist.
type refKey [sha256.Size]byte

func refKeyOf(ref string) refKey { return sha256.Sum256([]byte(ref)) }

// pendingSession is what the device that asked for an enchanted link waits for. It
// outlives its link by the lifetime of one, so that there is time to collect it.
type pendingSession struct {
	key       refKey
	ref       string // of a test user only, whose next send gives it out once more
	user      *user
	challenge []byte // of PKCE, nil if there was none
	session   *session
	firstSeen bool
	stepUp    bool
	deadline  deadline
}

// expect makes a pending session for an intent, or finds the one that was generated
// for a test user and not sent yet.
func (p *project) expect(now time.Time, in *intent, challenge []byte) (ref string) {
	ps := p.generatedSession(in)
	if ps == nil {
		ref = p.random.token()
		ps = &pendingSession{key: refKeyOf(ref)}
		if in.user.info.Test {
			ps.ref = ref
		}
	}
	ps.challenge = challenge
	p.keepPending(now.Add(p.policy().EnchantedLink.ExpirationTime.Std()), ps, in.user)
	in.awaited = ps
	return ps.refOr(ref)
}

func (ps *pendingSession) refOr(ref string) string {
	if ps.ref != "" {
		return ps.ref
	}
	return ref
}

func (p *project) generatedSession(in *intent) *pendingSession {
	token, ok := in.user.generated[linkSlot{in.channel, true}]
	if !ok || in.purpose == generated {
		return nil
	}
	if l, alive := p.links[keyOf(token)]; alive {
		return l.awaited
	}
	return nil
}

// keepPending gives the pending session to a user, until a time.
func (p *project) keepPending(until time.Time, ps *pendingSession, u *user) {
	p.dropPendingSession(ps)
	ps.user = u
	if u.awaited == nil {
		u.awaited = map[refKey]*pendingSession{}
	}
	u.awaited[ps.key] = ps
	p.awaited[ps.key] = ps
	p.expiry.set(&ps.deadline, until, ps)
}

func (ps *pendingSession) expire(p *project) { p.dropPendingSession(ps) }

func (p *project) dropPendingSession(ps *pendingSession) {
	if ps.user == nil {
		return
	}
	p.expiry.cancel(&ps.deadline)
	delete(p.awaited, ps.key)
	delete(ps.user.awaited, ps.key)
}

// redeemEnchanted carries out what is behind the token of an enchanted link and opens
// the session for who waits.
func (p *project) redeemEnchanted(now time.Time, token, verifier string) (grant, error) {
	l, ok := p.links[keyOf(token)]
	if !ok || l.awaited == nil {
		return p.repeatLink(now, keyOf(token), proofEnchantedLink)
	}
	if !proves(verifier, l.awaited.challenge) {
		return grant{}, refuse(descope.BadPKCEVerifier, "")
	}
	g, err := p.complete(now, l.intent, descope.TokenExpired)
	if err != nil {
		return grant{}, err
	}
	g.method = methodEnchantedLink
	if p.settings.Load().remembers {
		p.keepRedeemed(now, &redemption{key: l.key, proof: proofEnchantedLink, grant: g}, l.deadline.at)
	}
	p.dropLink(l)
	ps := l.awaited
	if g.sessionID == "" {
		p.dropPendingSession(ps) // there is nothing to wait for
		return g, nil
	}
	ps.session, ps.firstSeen, ps.stepUp = p.sessions[g.sessionID], g.firstSeen, g.stepUp
	p.keepPending(now.Add(p.policy().EnchantedLink.ExpirationTime.Std()), ps, ps.session.user)
	return g, nil
}

// collect gives the session of an enchanted link out, once.
func (p *project) collect(now time.Time, ref string) (grant, error) {
	ps, ok := p.awaited[refKeyOf(ref)]
	if !ok {
		return grant{}, refuse(descope.LinkUnknown, "")
	}
	s := ps.session
	switch {
	case s == nil:
		return grant{}, refuse(descope.LinkPending, "")
	case p.sessions[s.id] != s: // logged out meanwhile
		return grant{}, refuse(descope.LinkUnknown, "")
	case s.user.info.Status == descope.StatusDisabled:
		return grant{}, refuse(descope.UserDisabled, "")
	case p.displaced(s):
		return grant{}, refuse(descope.BadRefreshJWT, "Invalid refresh"+leftTenant)
	}
	p.dropPendingSession(ps)
	g := p.grantOf(now, s)
	g.refreshTokenID, g.firstSeen = s.refreshID, ps.firstSeen
	if ps.stepUp {
		g.stepUp, g.expires = true, endOf(now, p.policy().StepUpTokenExpiration.Std())
	}
	return g, nil
}

// challengeOf decodes a pkceChallenge, which is bytes in base64 of either alphabet.
func challengeOf(text string) ([]byte, error) {
	if text == "" {
		return nil, nil
	}
	raw, ok := decodeBytes(text)
	if !ok || len(raw) != sha256.Size {
		return nil, invalid("pkceChallenge", "is not a SHA-256 hash in base64")
	}
	return raw, nil
}

// proves tells whether the verifier hashes to the challenge, as the text that it is
// or as the bytes that it stands for: SDKs differ in what they hash.
func proves(verifier string, challenge []byte) bool {
	if challenge == nil {
		return true
	}
	text := sha256.Sum256([]byte(verifier))
	ok := subtle.ConstantTimeCompare(text[:], challenge)
	if raw, decoded := decodeBytes(verifier); decoded {
		bytes := sha256.Sum256(raw)
		ok |= subtle.ConstantTimeCompare(bytes[:], challenge)
	}
	return ok == 1
}

func decodeBytes(text string) ([]byte, bool) {
	text = strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(text, "="))
	raw, err := base64.RawURLEncoding.DecodeString(text)
	return raw, err == nil
}

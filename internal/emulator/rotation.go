package emulator

import (
	"slices"
	"sync"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

// replacement is one rotation of a refresh JWT. For as long as the policy grants, a
// client that lost the answer, or asked twice at once, gets the same one again.
type replacement struct {
	tokenID  string // of the refresh JWT that was replaced
	until    time.Time
	deadline *deadline
	grant    grant

	signed sync.Once // guards the two below
	answer *descope.AuthResponse
	err    error
}

// refresh renews the session JWT, and the refresh JWT too if the policy rotates it;
// the one that was shown, whose ID is given, is replaced then.
func (p *project) refresh(now time.Time, s *session, shown string) grant {
	if !p.policy.RefreshTokenRotation {
		return p.grantOf(now, s)
	}
	if r := s.replacement(now, shown); r != nil {
		return grant{replacement: r, issued: r.grant.issued, expires: r.grant.expires, refreshExpires: r.grant.refreshExpires}
	}
	p.forgetIssued(s)
	s.refreshID = p.random.tokenID()
	p.extend(now, s)
	g := p.grantOf(now, s)
	g.refreshTokenID = s.refreshID
	if grace := p.policy.RefreshTokenReuseInterval.Std(); grace > 0 {
		r := &replacement{tokenID: shown, until: now.Add(grace), grant: g}
		p.replace(s, r)
		g.replacement = r
	}
	return g
}

// replace remembers a replacement for as long as it may be used.
func (p *project) replace(s *session, r *replacement) {
	r.deadline = p.expiry.add(r.until, func() {
		s.replaced = slices.DeleteFunc(s.replaced, func(o *replacement) bool { return o == r })
	})
	s.replaced = append(s.replaced, r)
}

// replacement is the one of a replaced refresh JWT that may still be used, or nil.
func (s *session) replacement(now time.Time, tokenID string) *replacement {
	for _, r := range s.replaced {
		if r.tokenID == tokenID && now.Before(r.until) {
			return r
		}
	}
	return nil
}

func (p *project) forgetReplaced(s *session) {
	for _, r := range s.replaced {
		p.expiry.cancel(r.deadline)
	}
	s.replaced = nil
}

// answerTo signs the answer to a grant. One that several may get is signed once, so
// that they get the very same tokens.
func (p *project) answerTo(g *grant) (*descope.AuthResponse, error) {
	r := g.replacement
	if r == nil {
		return p.issue(g)
	}
	r.signed.Do(func() { r.answer, r.err = p.issue(&r.grant) })
	if r.err != nil {
		return nil, r.err
	}
	out := *r.answer
	return &out, nil
}

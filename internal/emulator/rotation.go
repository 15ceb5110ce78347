package emulator

import (
	"slices"
	"time"
)

// replacement is one rotation of a refresh JWT. For as long as the policy grants, a
// client that lost the answer, or asked twice at once, gets the same one again: the
// signature of a text is the same each time.
type replacement struct {
	tokenID  string // of the refresh JWT that was replaced
	grant    grant
	deadline deadline // its end
}

// refresh renews the session JWT, and the refresh JWT too if the policy rotates it;
// the one that was shown, whose ID is given, is replaced then.
func (p *project) refresh(now time.Time, s *session, shown string) grant {
	if !p.policy().RefreshTokenRotation {
		return p.grantOf(now, s)
	}
	if r := s.replacement(shown); r != nil {
		return r.grant
	}
	p.forgetIssued(s)
	s.refreshID = p.random.tokenID()
	p.extend(now, s)
	g := p.grantOf(now, s)
	g.refreshTokenID = s.refreshID
	if grace := p.policy().RefreshTokenReuseInterval.Std(); grace > 0 {
		p.replace(s, &replacement{tokenID: shown, grant: g}, now.Add(grace))
	}
	return g
}

// replace remembers a replacement until it may be used no more.
func (p *project) replace(s *session, r *replacement, until time.Time) {
	p.expiry.set(&r.deadline, until, ending(func() {
		s.replaced = slices.DeleteFunc(s.replaced, func(o *replacement) bool { return o == r })
	}))
	s.replaced = append(s.replaced, r)
}

// replacement is the one of a replaced refresh JWT that may still be used, or nil.
func (s *session) replacement(tokenID string) *replacement {
	for _, r := range s.replaced {
		if r.tokenID == tokenID {
			return r
		}
	}
	return nil
}

func (p *project) forgetReplaced(s *session) {
	for _, r := range s.replaced {
		p.expiry.cancel(&r.deadline)
	}
	s.replaced = nil
}

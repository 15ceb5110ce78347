package emulator

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"slices"
	"time"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// redemption is a link or code that was redeemed, for whoever shows it again. It is
// remembered for as long as it would have been good, and as its answer is repeated.
type redemption struct {
	key      linkKey
	proof    string
	grant    grant
	repeated time.Time // when the answer is repeated no more
	deadline deadline
}

func (r *redemption) expire(p *project) { p.forgetRedeemed(r) }

func (p *project) forgetRedeemed(r *redemption) {
	p.expiry.cancel(&r.deadline)
	if p.redeemed[r.key] == r {
		delete(p.redeemed, r.key)
	}
}

// remembersRedeemed tells whether a policy asks for it: by a time in which answers are
// repeated, or by an answer to what was redeemed already.
func remembersRedeemed(p *policy.Project) bool {
	return p.Unpublished.RepeatWithin > 0 || slices.ContainsFunc(p.Answers, func(a policy.Answer) bool {
		return a.Condition == descope.UsedOTP.String() || a.Condition == descope.UsedToken.String()
	})
}

// codeKey is the key of a code of a user.
func codeKey(userID string, channel descope.Method, digits string) linkKey {
	return sha256.Sum256([]byte(userID + "\x00" + string(channel) + "\x00" + digits))
}

// keepRedeemed remembers what was just redeemed, until a time or as long as it is repeated.
func (p *project) keepRedeemed(now time.Time, r *redemption, until time.Time) {
	r.grant.merged = nil // who is gone need not be kept
	r.repeated = now.Add(p.policy().Unpublished.RepeatWithin.Std())
	p.putRedeemed(r, later(until, r.repeated))
}

func (p *project) putRedeemed(r *redemption, until time.Time) {
	if old := p.redeemed[r.key]; old != nil {
		p.forgetRedeemed(old)
	}
	p.redeemed[r.key] = r
	p.expiry.set(&r.deadline, until, r)
}

// repeat gives the grant of what was redeemed already, if its answer is repeated and its
// session still open; used tells whether it was redeemed at all.
func (p *project) repeat(now time.Time, key linkKey, proof string) (g grant, repeats, used bool) {
	r := p.redeemed[key]
	if r == nil || r.proof != proof {
		return grant{}, false, false
	}
	u := p.users.byID[r.grant.user.UserID]
	if p.policy().Unpublished.RepeatWithin == 0 || !now.Before(r.repeated) || u == nil || u.info.Status == descope.StatusDisabled {
		return grant{}, false, true
	}
	if r.grant.sessionID != "" && p.sessions[r.grant.sessionID] == nil {
		return grant{}, false, true
	}
	g = r.grant
	g.again = true
	return g, true, true
}

// repeatCode does so for a code of one of several users.
func (p *project) repeatCode(now time.Time, users []*user, channel descope.Method, digits string) (g grant, repeats, used bool) {
	if len(p.redeemed) == 0 {
		return grant{}, false, false
	}
	for _, u := range users {
		if g, repeats, used = p.repeat(now, codeKey(u.info.UserID, channel, digits), proofCode); used {
			return g, repeats, used
		}
	}
	return grant{}, false, false
}

// repeatLink is the answer to a token that leads to no link.
func (p *project) repeatLink(now time.Time, key linkKey, proof string) (grant, error) {
	g, repeats, used := p.repeat(now, key, proof)
	switch {
	case repeats:
		return g, nil
	case used:
		return grant{}, refuse(descope.UsedToken, "")
	}
	return grant{}, refuse(descope.TokenExpired, "")
}

var errRedeemedKey = errors.New("state: redeemed: a key is no hash, or comes twice")

// redemptionMemory is a redemption in an export.
type redemptionMemory struct {
	Key      []byte         `json:"key"` // hash of the token, or of user, channel and code
	Proof    string         `json:"proof"`
	Purpose  purpose        `json:"purpose"`
	Channel  descope.Method `json:"channel"`
	Grant    grantMemory    `json:"grant"`
	Repeated time.Time      `json:"repeated"` // until then
	Forget   time.Time      `json:"forget"`
}

func (p *project) exportRedeemed() []redemptionMemory {
	out := make([]redemptionMemory, 0, len(p.redeemed))
	for _, r := range p.redeemed {
		out = append(out, redemptionMemory{
			r.key[:], r.proof, r.grant.purpose, r.grant.channel, exportGrant(r.grant), r.repeated, r.deadline.at,
		})
	}
	slices.SortFunc(out, func(a, b redemptionMemory) int { return bytes.Compare(a.Key, b.Key) })
	return out
}

func (p *project) importRedeemed(s *projectState, _ map[string]*user) error {
	for _, m := range s.Redeemed {
		r := &redemption{proof: m.Proof, grant: importGrant(m.Grant), repeated: m.Repeated}
		if copy(r.key[:], m.Key) != len(r.key) || len(m.Key) != len(r.key) || p.redeemed[r.key] != nil {
			return errRedeemedKey
		}
		r.grant.purpose, r.grant.channel = m.Purpose, m.Channel
		p.putRedeemed(r, m.Forget)
	}
	return nil
}

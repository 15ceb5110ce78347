package emulator

import (
	"crypto/sha256"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

// linkKey is the hash of a token: finding a link by it takes a time that tells
// nothing of the tokens that exist.
type linkKey [sha256.Size]byte

func keyOf(token string) linkKey {
	var room [64]byte // for a token of ours
	return sha256.Sum256(append(room[:0], token...))
}

// link is a token that can be redeemed once. Any number of a user's links are
// valid side by side.
type link struct {
	intent
	key      linkKey
	deadline deadline
	at       int // in the list of its user
}

func (l *link) place() *int { return &l.at }

func (l *link) expire(p *project) { p.dropLink(l) }

// linkSlot is the place of a generated link.
type linkSlot struct {
	channel   descope.Method
	enchanted bool
}

func linkSlotOf(in intent) linkSlot { return linkSlot{in.channel, in.awaited != nil} }

// addLink stores an intent behind a token. A test user's generated token serves every
// send, whatever for, until it is redeemed or expires. An embedded link is no send: it
// uses the token once, and the next one has its own.
func (p *project) addLink(now time.Time, in intent, lifetime time.Duration) (token string) {
	slot := linkSlotOf(in)
	if token, ok := in.user.generated[slot]; ok && in.purpose != generated {
		if in.purpose == embedded {
			delete(in.user.generated, slot)
		}
		if l, alive := p.links[keyOf(token)]; alive {
			l.intent = in
			p.expiry.set(&l.deadline, now.Add(lifetime), l)
			return token
		}
	}
	token = p.random.token()
	l := &link{intent: in, key: keyOf(token)}
	p.expiry.set(&l.deadline, now.Add(lifetime), l)
	p.links[l.key] = l
	in.user.links.add(l)
	if in.purpose == generated {
		if in.user.generated == nil {
			in.user.generated = map[linkSlot]string{}
		}
		in.user.generated[slot] = token
	}
	return token
}

// redeemLink carries out what is behind the token and consumes it. A token that
// is unknown, used, expired or that of an enchanted link gets one and the same answer.
func (p *project) redeemLink(now time.Time, token string) (grant, error) {
	l, ok := p.links[keyOf(token)]
	if !ok || l.awaited != nil {
		return p.repeatLink(now, keyOf(token), proofLink)
	}
	if l.purpose == embedded && p.policy().EmbeddedLink.Disabled || l.purpose != embedded && p.policy().MagicLink.Disabled {
		return grant{}, refuse(descope.MethodDisabled, "")
	}
	g, err := p.complete(now, l.intent, descope.TokenExpired)
	if err != nil {
		return grant{}, err
	}
	g.method = linkMethod(&l.intent)
	if p.settings.Load().remembers {
		p.keepRedeemed(now, &redemption{key: l.key, proof: proofLink, grant: g}, l.deadline.at)
	}
	p.dropLink(l)
	return g, nil
}

func (p *project) dropLink(l *link) {
	p.expiry.cancel(&l.deadline)
	delete(p.links, l.key)
	l.user.links.drop(l)
	for slot, token := range l.user.generated {
		if keyOf(token) == l.key {
			delete(l.user.generated, slot)
		}
	}
	p.forgetPending(l.user)
}

// forgetPending drops a sign-up that can no longer be verified.
func (p *project) forgetPending(u *user) {
	if u.pending && len(u.links) == 0 && len(u.codes) == 0 {
		p.users.remove(u)
	}
}

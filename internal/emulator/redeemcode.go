package emulator

import (
	"crypto/subtle"
	"slices"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

// redeemCode carries out what is behind a code of one of the users and consumes it. A
// wrong one is charged to every code it could have hit, before the answer. One that is
// right for several users is not taken.
func (p *project) redeemCode(now time.Time, users []*user, channel descope.Method, digits string) (grant, error) {
	var open []*code
	found, live := false, false
	for _, u := range users {
		for _, family := range families() {
			for c := u.codes[slot{channel, family}]; c != nil; c = c.older {
				found = true
				live = live || now.Before(c.expires)
				if p.redeemable(now, c) && !p.spent(now, c) {
					open = append(open, c)
				}
			}
		}
	}
	right, err := rightCode(open, digits)
	if err != nil {
		return grant{}, err
	}
	if right != nil {
		g, err := p.complete(now, right.intent, descope.WrongOTP)
		if err != nil {
			return grant{}, err
		}
		g.method = methodOTP
		if p.settings.Load().remembers {
			key := codeKey(g.user.UserID, channel, digits)
			p.keepRedeemed(now, &redemption{key: key, proof: proofCode, grant: g}, right.deadline.at)
		}
		p.dropCode(right)
		return g, nil
	}
	g, repeats, used := p.repeatCode(now, users, channel, digits)
	wrong, none := descope.WrongOTP, descope.NoOTP
	if used {
		wrong, none = descope.UsedOTP, descope.UsedOTP
	}
	switch {
	case repeats:
		return g, nil
	case len(users) == 0:
		return grant{}, refuse(descope.UnknownLoginID, "")
	case !found:
		return grant{}, refuse(none, "")
	case !live:
		return grant{}, refuse(descope.OTPExpired, "")
	case len(open) == 0:
		return grant{}, refuse(descope.TooManyAttempts, "")
	}
	p.chargeTries(open)
	p.chargeGuess(now, open)
	return grant{}, refuse(wrong, "")
}

// rightCode is the one with the digits, nil if there is none, and an error if several
// users have one.
func rightCode(open []*code, digits string) (right *code, err error) {
	for _, c := range open {
		if subtle.ConstantTimeCompare([]byte(c.digits), []byte(digits)) != 1 {
			continue
		}
		if right == nil {
			right = c
		} else if right.user != c.user {
			return nil, required("tenantId")
		}
	}
	return right, nil
}

// chargeTries counts a wrong code once for each budget.
func (p *project) chargeTries(open []*code) {
	var charged []*tries // one for each family at most, and codes that replaced none
	for _, c := range open {
		if !slices.Contains(charged, c.tries) {
			c.tries.wrong++
			charged = append(charged, c.tries)
		}
	}
}

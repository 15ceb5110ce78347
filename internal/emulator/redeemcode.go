package emulator

import (
	"crypto/subtle"
	"slices"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

// redeemCode carries out what is behind a code of the user and consumes it. A
// wrong one is charged to every code it could have hit, before the answer.
func (p *project) redeemCode(now time.Time, u *user, channel descope.Method, digits string) (grant, error) {
	var open []*code
	found, live := false, false
	for _, family := range families() {
		for c := u.codes[slot{channel, family}]; c != nil; c = c.older {
			found = true
			live = live || now.Before(c.expires)
			if p.redeemable(now, c) && !p.spent(now, c) {
				open = append(open, c)
			}
		}
	}
	switch {
	case !found:
		return grant{}, refuse(descope.WrongOTP, "")
	case !live:
		return grant{}, refuse(descope.OTPExpired, "")
	case len(open) == 0:
		return grant{}, refuse(descope.TooManyAttempts, "")
	}
	for _, c := range open {
		if subtle.ConstantTimeCompare([]byte(c.digits), []byte(digits)) == 1 {
			g, err := p.complete(now, c.intent, descope.WrongOTP)
			if err != nil {
				return grant{}, err
			}
			p.dropCode(c)
			return g, nil
		}
	}
	p.chargeTries(open)
	p.chargeGuess(now, open)
	return grant{}, refuse(descope.WrongOTP, "")
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

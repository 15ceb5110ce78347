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
	switch {
	case len(users) == 0:
		return grant{}, refuse(descope.UnknownLoginID, "")
	case !found:
		return grant{}, refuse(descope.NoOTP, "")
	case !live:
		return grant{}, refuse(descope.OTPExpired, "")
	case len(open) == 0:
		return grant{}, refuse(descope.TooManyAttempts, "")
	}
	var right *code
	for _, c := range open {
		if subtle.ConstantTimeCompare([]byte(c.digits), []byte(digits)) != 1 {
			continue
		}
		if right == nil {
			right = c
		} else if right.user != c.user {
			return grant{}, required("tenantId")
		}
	}
	if right == nil {
		p.chargeTries(open)
		p.chargeGuess(now, open)
		return grant{}, refuse(descope.WrongOTP, "")
	}
	g, err := p.complete(now, right.intent, descope.WrongOTP)
	if err != nil {
		return grant{}, err
	}
	g.method = methodOTP
	p.dropCode(right)
	return g, nil
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

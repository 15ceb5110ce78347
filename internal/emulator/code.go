package emulator

import (
	"crypto/subtle"
	"slices"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

// codeMemory is how long an expired code is remembered at least, to answer that
// it expired and not that it is wrong. It is the code's lifetime if that is longer.
const codeMemory = 10 * time.Minute

// slot is the place of a code: a user has one for each channel and family of
// purposes, so a sign-in and an update do not overwrite each other.
type slot struct {
	channel descope.Method
	family  purpose
}

// families lists the families in the order in which codes are tried.
func families() []purpose { return []purpose{signIn, generated, updatePhone, updateEmail} }

func slotOf(in intent) slot {
	family := in.purpose
	if !slices.Contains(families(), family) {
		family = signIn
	}
	return slot{in.channel, family}
}

// code is an OTP.
type code struct {
	intent
	slot     slot
	digits   string
	wrong    int // attempts that failed
	expires  time.Time
	deadline *deadline
}

// addCode stores an intent behind a code, in place of an earlier code of the
// same slot. A test user's generated code is used by the first send after it.
func (p *project) addCode(now time.Time, in intent) (digits string) {
	if c, ok := in.user.codes[slot{in.channel, generated}]; ok && in.purpose != generated {
		if p.redeemable(now, c) {
			digits = c.digits
		}
		p.dropCode(c)
	}
	if digits == "" {
		digits = p.random.code()
	}
	c := &code{intent: in, slot: slotOf(in), digits: digits, expires: now.Add(p.policy.OTP.ExpirationTime.Std())}
	if older, ok := in.user.codes[c.slot]; ok {
		p.expiry.cancel(older.deadline)
	}
	if in.user.codes == nil {
		in.user.codes = map[slot]*code{}
	}
	in.user.codes[c.slot] = c
	c.deadline = p.expiry.add(c.expires.Add(max(codeMemory, p.policy.OTP.ExpirationTime.Std())), func() { p.dropCode(c) })
	return digits
}

func (p *project) redeemable(now time.Time, c *code) bool {
	return now.Before(c.expires) && c.wrong < p.policy.OTP.Attempts
}

// redeemCode carries out what is behind a code of the user and consumes it. A
// wrong one is charged to every code it could have hit, before the answer.
func (p *project) redeemCode(now time.Time, u *user, channel descope.Method, digits string) (grant, error) {
	var live, open []*code
	found := false
	for _, family := range families() {
		c, ok := u.codes[slot{channel, family}]
		if !ok {
			continue
		}
		found = true
		if now.Before(c.expires) {
			live = append(live, c)
			if p.redeemable(now, c) {
				open = append(open, c)
			}
		}
	}
	switch {
	case !found:
		return grant{}, refuse(descope.WrongOTP, "")
	case len(live) == 0:
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
	for _, c := range open {
		c.wrong++
	}
	return grant{}, refuse(descope.WrongOTP, "")
}

func (p *project) dropCode(c *code) {
	p.expiry.cancel(c.deadline)
	if c.user.codes[c.slot] == c {
		delete(c.user.codes, c.slot)
	}
	p.forgetPending(c.user)
}

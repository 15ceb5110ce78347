package emulator

import (
	"cmp"
	"slices"
	"time"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// codeMemory is how long an expired code is remembered at least, to answer that
// it expired and not that it is wrong. It is the code's lifetime if that is longer.
const codeMemory = 10 * time.Minute

// slot is the place of a code: a user has one for each channel and family of
// purposes, so a sign-in and an update do not overwrite each other. Codes that coexist
// share a slot.
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
	slot   slot
	digits string
	own    tries
	// generated says that the digits were handed to who tests, and not sent.
	generated bool
	tries     *tries // its own, or those of a code it coexists with
	expires   time.Time
	deadline  deadline

	older, newer *code // of the same slot
}

// tries counts the attempts that failed on a code, or on codes that coexist.
type tries struct{ wrong int32 }

// recipient is whom a code went to.
func (c *code) recipient() string {
	if c.contact == "" {
		return c.user.info.UserID
	}
	return c.contact
}

func (c *code) expire(p *project) { p.dropCode(c) }

// addCode stores an intent behind a code, in place of an earlier code of the same slot
// or beside it, as the policy has it. A test user's generated code serves every send,
// whatever for, until it is redeemed, locked or expired.
func (p *project) addCode(now time.Time, in intent) (digits string) {
	c := &code{intent: in, slot: slotOf(in), generated: in.purpose == generated, expires: now.Add(p.policy().OTP.ExpirationTime.Std())}
	c.tries = &c.own
	if p.policy().OTP.Resend == policy.ResendCoexist {
		p.join(now, c)
	}
	if made := p.generatedCode(now, in.user, c.slot); made != nil && !c.generated {
		c.digits, c.generated = made.digits, true
		p.dropCode(made)
	}
	if c.digits == "" {
		c.digits = cmp.Or(p.testRules().code(in.user, in.contact), p.random.code(p.policy().OTP.Digits))
	}
	older := in.user.codes[c.slot]
	if p.policy().OTP.Resend == policy.ResendCoexist {
		if c.older = older; older != nil {
			older.newer = c
		}
	} else if older != nil {
		p.expiry.cancel(&older.deadline)
	}
	if in.user.codes == nil {
		in.user.codes = map[slot]*code{}
	}
	in.user.codes[c.slot] = c
	p.expiry.set(&c.deadline, c.expires.Add(max(codeMemory, p.policy().OTP.ExpirationTime.Std())), c)
	return c.digits
}

// generatedCode is the code that the next send to a slot uses: one that was not sent
// since it was generated, else one that was sent for the same, else for something else.
func (p *project) generatedCode(now time.Time, u *user, to slot) *code {
	if !u.info.Test {
		return nil
	}
	for _, family := range append([]purpose{generated, to.family}, families()...) {
		for c := u.codes[slot{to.channel, family}]; c != nil; c = c.older {
			if c.generated && p.redeemable(now, c) {
				return c
			}
		}
	}
	return nil
}

// join puts a code on the budget of those of the user and channel that are still good,
// so that a second code is no second round of guesses.
func (p *project) join(now time.Time, c *code) {
	for _, family := range families() {
		for o := c.user.codes[slot{c.channel, family}]; o != nil; o = o.older {
			if p.redeemable(now, o) {
				c.tries = o.tries
				return
			}
		}
	}
}

func (p *project) redeemable(now time.Time, c *code) bool {
	return now.Before(c.expires) && int(c.tries.wrong) < p.policy().OTP.Attempts
}

func (p *project) dropCode(c *code) {
	p.expiry.cancel(&c.deadline)
	switch {
	case c.newer != nil:
		c.newer.older = c.older
	case c.user.codes[c.slot] == c && c.older != nil:
		c.user.codes[c.slot] = c.older
	case c.user.codes[c.slot] == c:
		delete(c.user.codes, c.slot)
	}
	if c.older != nil {
		c.older.newer = c.newer
	}
	p.forgetPending(c.user)
}

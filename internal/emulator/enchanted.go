package emulator

import (
	"time"

	"github.com/authbench/authbench/internal/descope"
)

func (c *call) enchantedSignUp() (any, error) {
	var in descope.SignUpRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	carry, err := c.byEnchantedLink(in.Target(), in.LoginOptions)
	if err != nil {
		return nil, err
	}
	return c.startSignUp(in, carry)
}

func (c *call) enchantedSignIn() (any, error)     { return c.enchantedLogin(signIn) }
func (c *call) enchantedSignUpOrIn() (any, error) { return c.enchantedLogin(signUpOrIn) }

func (c *call) enchantedLogin(why purpose) (any, error) {
	var in descope.SignInRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	carry, err := c.byEnchantedLink(in.Target(), in.LoginOptions)
	if err != nil {
		return nil, err
	}
	return c.startSignIn(in, why, carry)
}

func (c *call) enchantedUpdateEmail() (any, error) {
	var in descope.UpdateEmailRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	carry, err := c.byEnchantedLink(in.Target(), nil)
	if err != nil {
		return nil, err
	}
	return c.startUpdate(updateEmail, in.Login(), in.Email, linkOptions(in.UpdateOptions), carry)
}

// byEnchantedLink sends intents as three numbered links of which one is right. Who
// asked is told its number, and waits for the session elsewhere.
func (c *call) byEnchantedLink(target string, o *descope.LoginOptions) (carrier, error) {
	address, err := c.project.redirectOr(target, c.project.policy().EnchantedLink.RedirectURL)
	if err != nil {
		return nil, err
	}
	challenge, err := challengeOf(orEmpty(o).PKCEChallenge)
	if err != nil {
		return nil, err
	}
	return func(c *call, now time.Time, in intent, w wording) any {
		c.about(&in)
		out := &descope.EnchantedLinkResponse{MaskedEmail: c.project.masked(descope.MethodEmail, in.contact).MaskedEmail}
		var token string
		token, out.PendingRef = c.project.addEnchanted(now, in, challenge)
		right := withToken(address, token)
		out.LinkID, w.choices = c.project.choices(address, right)
		c.deliver(now, in, w, right, "")
		return out
	}, nil
}

// addEnchanted stores an intent behind a token and a pending session.
func (p *project) addEnchanted(now time.Time, in intent, challenge []byte) (token, ref string) {
	ref = p.expect(now, &in, challenge)
	return p.addLink(now, in, p.policy().EnchantedLink.ExpirationTime.Std()), ref
}

// choice is one of the links that the reader of an enchanted link chooses from.
type choice struct {
	id, link string
}

// choices hides the right link among two that nobody can redeem.
func (p *project) choices(address, right string) (id string, all []choice) {
	ids := p.random.numbers(3)
	all = make([]choice, len(ids))
	for i := range all {
		all[i] = choice{ids[i], withToken(address, p.random.token())}
	}
	n := p.random.rand.IntN(len(all))
	all[n].link = right
	return all[n].id, all
}

// verifyEnchanted redeems an enchanted link. The session goes to who waits for it, not
// to who followed the link.
func (c *call) verifyEnchanted() (any, error) {
	var in descope.VerifyEnchantedLinkRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Token == "" {
		return nil, refuse(descope.EmptyToken, "")
	}
	return struct{}{}, c.project.locked(func(now time.Time) error {
		g, err := c.project.redeemEnchanted(now, in.Token, in.PKCEVerifier)
		c.project.counted(proofEnchantedLink, "", nil, &g, err)
		if err == nil {
			c.userID = g.user.UserID
			c.signedIn(now, &g)
		}
		return err
	})
}

// collectSession answers who waits: not yet, or the session.
func (c *call) collectSession() (any, error) {
	var in descope.PendingSessionRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.PendingRef == "" {
		return nil, required("pendingRef")
	}
	return c.redeem(func(now time.Time) (grant, error) { return c.project.collect(now, in.PendingRef) })
}

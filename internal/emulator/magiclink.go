package emulator

import (
	"time"

	"github.com/authbench/authbench/internal/descope"
)

func (c *call) linkSignUp() (any, error) {
	var in descope.SignUpRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	address, err := c.project.redirect(in.Target())
	if err != nil {
		return nil, err
	}
	return c.startSignUp(in, byLink(address))
}

func (c *call) linkSignIn() (any, error)     { return c.linkLogin(signIn) }
func (c *call) linkSignUpOrIn() (any, error) { return c.linkLogin(signUpOrIn) }

func (c *call) linkLogin(why purpose) (any, error) {
	var in descope.SignInRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	address, err := c.project.redirect(in.Target())
	if err != nil {
		return nil, err
	}
	return c.startSignIn(in, why, byLink(address))
}

func (c *call) linkUpdatePhone() (any, error) {
	var in descope.UpdatePhoneRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	address, err := c.project.redirect(in.Target())
	if err != nil {
		return nil, err
	}
	return c.startUpdate(updatePhone, in.Login(), in.Phone, linkOptions(in.UpdateOptions), byLink(address))
}

func (c *call) linkUpdateEmail() (any, error) {
	var in descope.UpdateEmailRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	address, err := c.project.redirect(in.Target())
	if err != nil {
		return nil, err
	}
	return c.startUpdate(updateEmail, in.Login(), in.Email, linkOptions(in.UpdateOptions), byLink(address))
}

// linkOptions are those of an update by a link: mfa is for updates by a code alone.
func linkOptions(o descope.UpdateOptions) descope.UpdateOptions {
	o.MFA = false
	return o
}

// verifyLink redeems magic links and embedded links.
func (c *call) verifyLink() (any, error) {
	var in descope.VerifyLinkRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Token == "" {
		return nil, refuse(descope.EmptyToken, "")
	}
	return c.redeem(func(now time.Time) (grant, error) {
		g, err := c.project.redeemLink(now, in.Token)
		c.project.counted(proofLink, "", nil, &g, err)
		if err == nil {
			c.signedIn(now, &g)
		}
		return g, err
	})
}

// redeem is one atomic step that consumes a proof, and then the signing.
func (c *call) redeem(consume func(now time.Time) (grant, error)) (any, error) {
	var g grant
	err := c.project.locked(func(now time.Time) error {
		var err error
		g, err = consume(now)
		return err
	})
	if err != nil {
		return nil, err
	}
	c.userID = g.user.UserID
	out, err := c.project.issue(&g)
	if err != nil {
		return nil, err
	}
	c.intoCookies(out, &g)
	return out, nil
}

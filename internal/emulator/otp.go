package emulator

import (
	"time"

	"github.com/authbench/authbench/internal/descope"
)

func (c *call) codeSignUp() (any, error) {
	var in descope.SignUpRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	return c.startSignUp(in, byCode)
}

func (c *call) codeSignIn() (any, error)     { return c.codeLogin(signIn) }
func (c *call) codeSignUpOrIn() (any, error) { return c.codeLogin(signUpOrIn) }

func (c *call) codeLogin(why purpose) (any, error) {
	var in descope.SignInRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	return c.startSignIn(in, why, byCode)
}

func (c *call) codeUpdatePhone() (any, error) {
	var in descope.UpdatePhoneRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	return c.startUpdate(updatePhone, in.Login(), in.Phone, in.UpdateOptions, byCode)
}

func (c *call) codeUpdateEmail() (any, error) {
	var in descope.UpdateEmailRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	return c.startUpdate(updateEmail, in.Login(), in.Email, in.UpdateOptions, byCode)
}

// verifyCode redeems a code of the login ID, which may be that of a sign-up. An
// unknown login ID is answered like a wrong code, so that nobody learns of users.
func (c *call) verifyCode() (any, error) {
	var in descope.VerifyCodeRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	login, err := checkLogin(in.Login())
	if err != nil {
		return nil, err
	}
	if in.Code == "" {
		return nil, required("code")
	}
	return c.redeem(func(now time.Time) (g grant, err error) {
		u := c.project.users.find(login)
		if u == nil {
			u = c.project.users.pending.oldest[login]
		}
		defer func() { c.project.counted(proofCode, c.channel, u, &g, err) }()
		if u == nil {
			return g, refuse(descope.WrongOTP, "")
		}
		c.userID = u.info.UserID
		if g, err = c.project.redeemCode(now, u, c.channel, in.Code); err == nil {
			c.signedIn(now, &g)
		} else {
			c.failedLogin(now, u, err)
		}
		return g, err
	})
}

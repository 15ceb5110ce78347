package emulator

import (
	"slices"
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
		return nil, refuse(descope.EmptyCode, "")
	}
	return c.redeem(func(now time.Time) (g grant, err error) {
		var one [1]*user
		holders := c.project.holders(one[:0], login, in.TenantID)
		var tried *user // if it is known
		if len(holders) == 1 {
			tried = holders[0]
			c.userID = tried.info.UserID
		}
		defer func() { c.project.counted(proofCode, c.channel, tried, &g, err) }()
		if g, err = c.project.redeemCode(now, holders, c.channel, in.Code); err == nil {
			c.signedIn(now, &g)
			return g, nil
		}
		for _, u := range holders {
			c.failedLogin(now, u, err)
		}
		return g, err
	})
}

// holders appends whom a code that is shown for a login ID can be of: the user that it
// names, or the sign-up. Where tenants are isolated and none is named, these are the
// users and sign-ups of every tenant, of which the code tells the right one.
func (p *project) holders(to []*user, login, tenant string) []*user {
	if p.policy().TenantUserIsolation && tenant == "" {
		to = slices.AppendSeq(to, p.users.byLogin.of(login))
		return slices.AppendSeq(to, p.users.pending.of(login))
	}
	u := p.lookup(&p.users.byLogin, login, tenant)
	if u == nil {
		u = p.lookup(&p.users.pending, login, tenant)
	}
	if u == nil {
		return to
	}
	return append(to, u)
}

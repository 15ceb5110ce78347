package emulator

import (
	"net/http"
	"strconv"
	"time"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// intoCookies moves the tokens that the policy hands over in cookies out of an answer.
// A cookie lives as long as its token.
func (c *call) intoCookies(out *descope.AuthResponse, g *grant) {
	p := c.project.policy()
	out.CookieDomain, out.SessionCookieDomain = p.RefreshTokenCookieDomain, p.SessionTokenCookieDomain
	issued := g.issued.Truncate(time.Second)
	if p.SessionTokenResponseMethod == policy.Cookies && out.SessionJWT != "" {
		c.cookie(descope.KindSession, out.SessionJWT, g.expires.Sub(issued))
		out.SessionJWT = ""
	}
	if p.RefreshTokenResponseMethod == policy.Cookies && out.RefreshJWT != "" {
		c.cookie(descope.KindRefresh, out.RefreshJWT, g.refreshExpires.Sub(issued))
		out.RefreshJWT = ""
	}
}

// clearCookies takes back the cookies that the policy hands out.
func (c *call) clearCookies() {
	p := c.project.policy()
	if p.SessionTokenResponseMethod == policy.Cookies {
		c.cookie(descope.KindSession, "", 0)
	}
	if p.RefreshTokenResponseMethod == policy.Cookies {
		c.cookie(descope.KindRefresh, "", 0)
	}
}

// cookie adds one cookie to the answer. Nothing of it needs to be quoted: tokens are
// base64 with dots, and domains are checked with the policy.
func (c *call) cookie(name, token string, lifetime time.Duration) {
	p := c.project.policy()
	sameSite, domain := p.SessionTokenCookiePolicy, p.SessionTokenCookieDomain
	if name == descope.KindRefresh {
		sameSite, domain = p.RefreshTokenCookiePolicy, p.RefreshTokenCookieDomain
	}
	text := name + "=" + token + "; Path=/"
	if domain != "" {
		text += "; Domain=" + domain
	}
	text += "; Max-Age=" + strconv.FormatInt(int64(lifetime/time.Second), 10) + "; HttpOnly; Secure; SameSite="
	switch sameSite {
	case policy.CookieStrict:
		text += "Strict"
	case policy.CookieLax:
		text += "Lax"
	default:
		text += "None"
	}
	c.cookies = append(c.cookies, text)
}

func (c *call) setCookies(h http.Header) {
	if len(c.cookies) > 0 {
		h["Set-Cookie"] = c.cookies
	}
}

// refreshCookie takes the refresh JWT from its cookie, for a bearer without one. A
// browser sends the cookie along everywhere, so a stale one is no fault where none is
// needed. Of two cookies nobody can tell whose is whose.
func (c *call) refreshCookie(needs credential) error {
	var found []*http.Cookie
	if c.project.policy().RefreshTokenResponseMethod == policy.Cookies {
		found = c.request.CookiesNamed(descope.KindRefresh)
	}
	var err error
	if len(found) == 1 {
		var token refreshToken
		if token, err = c.project.readRefreshJWT(found[0].Value); err == nil {
			c.refresh = &token
			return nil
		}
	}
	switch {
	case needs != refreshJWT:
		return nil
	case len(found) == 0:
		return refuse(descope.NoRefreshJWT, "")
	case len(found) > 1:
		return refuse(descope.BadRefreshJWT, "")
	}
	return err
}

// sessionCookie is the session JWT of its cookie, or empty.
func (c *call) sessionCookie() string {
	if c.project.policy().SessionTokenResponseMethod != policy.Cookies {
		return ""
	}
	if found := c.request.CookiesNamed(descope.KindSession); len(found) == 1 {
		return found[0].Value
	}
	return ""
}

package emulator

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

// sessionToken is what a session JWT says, as far as it matters here, and all its claims.
type sessionToken struct {
	refreshToken
	claims []byte
}

func (c *call) readSessionJWT(jwt string) error {
	if jwt == "" {
		return refuse(descope.NoSessionJWT, "")
	}
	t, claims, ok := c.project.readJWT(jwt, descope.KindSession)
	if !ok {
		return refuse(descope.BadSessionJWT, "")
	}
	c.session = &sessionToken{t, claims}
	return nil
}

// validate answers with the claims of a session JWT whose session is open.
func (c *call) validate() (any, error) {
	if err := c.decode(&struct{}{}); err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(c.session.claims))
	d.UseNumber()
	var out descope.ValidateResponse
	if err := d.Decode(&out.ParsedJWT); err != nil {
		return nil, refuse(descope.BadSessionJWT, "")
	}
	return &out, c.project.locked(func(now time.Time) error {
		if now.Unix() >= c.session.Expiry {
			return refuse(descope.BadSessionJWT, "")
		}
		s, ok := c.project.sessions[c.session.SessionID]
		switch {
		case !ok:
			return refuse(descope.LoggedOut, "")
		case s.user.info.Status == descope.StatusDisabled:
			return refuse(descope.UserDisabled, "")
		case c.project.displaced(s):
			return refuse(descope.BadSessionJWT, "Invalid session"+leftTenant)
		}
		return nil
	})
}

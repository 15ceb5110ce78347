package emulator

import (
	"errors"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

// withSession runs one step for the session of the bearer.
func (c *call) withSession(do func(now time.Time, s *session) error) error {
	return c.project.locked(func(now time.Time) error {
		s, err := c.project.sessionOf(now, *c.refresh)
		if err != nil {
			return err
		}
		c.userID = s.user.info.UserID
		return do(now, s)
	})
}

func (c *call) me() (any, error) {
	var out descope.User
	return &out, c.withSession(func(_ time.Time, s *session) error {
		out = s.user.snapshot()
		return nil
	})
}

func (c *call) refreshSession() (any, error) {
	var in descope.RefreshRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.ExternalToken != "" {
		return nil, refuse(descope.NotEmulated, "externalToken is not emulated")
	}
	return c.renew()
}

func (c *call) renew() (any, error) {
	return c.redeem(func(now time.Time) (grant, error) {
		s, err := c.project.sessionOf(now, *c.refresh)
		if err != nil {
			return grant{}, err
		}
		return c.project.refresh(now, s, c.refresh.ID), nil
	})
}

// tryRefresh answers a token that is of no use with an empty object.
func (c *call) tryRefresh() (any, error) {
	var in descope.RefreshRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.ExternalToken != "" {
		return nil, refuse(descope.NotEmulated, "externalToken is not emulated")
	}
	if c.refresh == nil {
		return struct{}{}, nil
	}
	out, err := c.renew()
	if _, refused := errors.AsType[*refusalError](err); refused {
		return struct{}{}, nil
	}
	return out, err
}

func (c *call) logout() (any, error) {
	return c.endSessions(c.project.dropSession)
}

func (c *call) logoutAll() (any, error) {
	return c.endSessions(func(s *session) { c.project.closeSessions(s.user, nil) })
}

func (c *call) endSessions(end func(*session)) (any, error) {
	var in descope.LogoutRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if len(in.LogoutType) > 0 {
		return nil, refuse(descope.NotEmulated, "logoutType is not emulated")
	}
	out := descope.AuthResponse{CookiePath: "/", CookieName: descope.KindRefresh, SessionCookieName: descope.KindSession}
	return &out, c.withSession(func(_ time.Time, s *session) error {
		end(s)
		c.project.logoutEnds(s.user)
		c.clearCookies()
		return nil
	})
}

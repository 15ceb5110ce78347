package emulator

import (
	"slices"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

const visitLimit = 50 // of one user; older ones are forgotten

// visit is one sign-in of a user.
type visit struct {
	at     int32 // Unix seconds
	ip     string
	tenant string
}

// signedIn notes what was just redeemed, and the session that it opened if it did. The
// caller holds the lock.
func (c *call) signedIn(now time.Time, g *grant) {
	if g.again {
		return
	}
	u := c.project.users.byID[g.user.UserID]
	if g.sessionID != "" {
		c.visited(now, u, g)
	}
	r := auditRecord{method: g.method, tenant: g.tenant, app: g.app}
	if g.created {
		c.audit(now, descope.ActionUserCreated, &u.info, r)
	}
	if g.merged != nil {
		c.audit(now, descope.ActionUserDeleted, &g.merged.info, r)
	}
	if g.updated {
		c.audit(now, descope.ActionUserModified, &u.info, r)
	}
	if g.sessionID != "" {
		c.audit(now, descope.ActionLoginSucceed, &u.info, r)
	}
	c.notify(now, g)
}

func (c *call) visited(now time.Time, u *user, g *grant) {
	v := visit{at: unix32(now), ip: c.remote(), tenant: g.tenant}
	if n := len(u.visits); n > 0 && u.visits[n-1].ip == v.ip {
		v.ip = u.visits[n-1].ip // one text for all who come from where they came from
	}
	if len(u.visits) == visitLimit {
		u.visits = slices.Delete(u.visits, 0, 1)
	}
	u.visits = append(u.visits, v)
}

// remote is the address of the client, without its port.
func (c *call) remote() string {
	host := c.request.RemoteAddr
	if i := strings.LastIndexByte(host, ':'); i >= 0 {
		host = host[:i]
	}
	return strings.Trim(host, "[]")
}

// history lists the user's sign-ins, the newest first.
func (u *user) history() []descope.UserVisit {
	out := make([]descope.UserVisit, 0, len(u.visits))
	for _, v := range slices.Backward(u.visits) {
		out = append(out, descope.UserVisit{UserID: u.info.UserID, LoginTime: v.at, IP: v.ip, SelectedTenant: v.tenant})
	}
	return out
}

func (c *call) myHistory() (any, error) {
	var out []descope.UserVisit
	err := c.withSession(func(_ time.Time, s *session) error {
		out = s.user.history()
		return nil
	})
	return out, err
}

// usersHistory is the history of many users, in the order of the request. Its body is
// a list of user IDs.
func (c *call) usersHistory() (any, error) {
	var ids []string
	if err := c.decode(&ids); err != nil {
		return nil, err
	}
	if err := checkBatch("userIds", len(ids)); err != nil {
		return nil, err
	}
	out := []descope.UserVisit{}
	return &out, c.project.locked(func(time.Time) error {
		for _, id := range ids {
			if u, ok := c.project.users.byID[id]; ok {
				out = append(out, u.history()...)
			}
		}
		return nil
	})
}

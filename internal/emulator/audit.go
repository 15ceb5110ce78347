package emulator

import (
	"strings"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

const (
	auditLimit = 4096 // records of a project; the oldest go first
	maxRID     = 256  // bytes of an external request ID
)

// auditRecord is one event of the trail, small enough to be kept on every sign-in.
type auditRecord struct {
	at                                        int64 // Unix milliseconds
	action, method                            string
	userID                                    string
	logins                                    []string // shared with snapshots, never changed
	tenant, remote, externalRID, app, failure string
	purpose                                   purpose // of a message
}

// auditTrail keeps the newest records. The project's lock guards it.
type auditTrail struct {
	records []auditRecord
	next    int // where the next goes once all places are taken
}

func (t *auditTrail) add(r auditRecord) {
	if len(t.records) < auditLimit {
		t.records = append(t.records, r)
		return
	}
	t.records[t.next] = r
	t.next = (t.next + 1) % auditLimit
}

// newest gives the records, the newest first.
func (t *auditTrail) newest(yield func(*auditRecord) bool) {
	for i := range t.records {
		k := (t.next - 1 - i + 2*len(t.records)) % len(t.records)
		if !yield(&t.records[k]) {
			return
		}
	}
}

// audit records an event of a user. Test users are not audited.
func (c *call) audit(now time.Time, action string, info *descope.User, r auditRecord) {
	if info.Test {
		return
	}
	r.at, r.action = now.UnixMilli(), action
	r.userID, r.logins = info.UserID, info.LoginIDs
	r.remote = c.remote()
	if values := c.request.Header[descope.ExternalIDHeader]; len(values) > 0 {
		r.externalRID = strings.Clone(values[0][:min(len(values[0]), maxRID)])
	}
	c.project.audits.add(r)
}

// managed records what the management did to a user.
func (c *call) managed(now time.Time, action string, info *descope.User) {
	c.audit(now, action, info, auditRecord{})
}

// failedLogin records a refused code of a user.
func (c *call) failedLogin(now time.Time, u *user, err error) {
	c.audit(now, descope.ActionLoginFailed, &u.info, auditRecord{method: methodOTP, failure: err.Error()})
}

// What the trail calls the ways to sign in.
const (
	methodOTP           = "otp"
	methodMagicLink     = "magiclink"
	methodEnchantedLink = "enchantedlink"
	methodEmbeddedLink  = "embeddedlink"
)

func linkMethod(in *intent) string {
	switch {
	case in.awaited != nil:
		return methodEnchantedLink
	case in.purpose == embedded:
		return methodEmbeddedLink
	}
	return methodMagicLink
}

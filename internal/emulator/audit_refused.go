package emulator

import (
	"strings"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

// refusedSend records that a user was refused a message. What is refused before a user
// is known is nobody's.
func (c *call) refusedSend(now time.Time, u *user, why purpose, err error) {
	if err == nil || u == nil {
		return
	}
	// The path names the way to sign in as the trail does: /v1/auth/otp/signin/sms.
	method := strings.Split(c.request.URL.Path, "/")[3]
	c.audit(now, descope.ActionLoginStartedFailed, &u.info, auditRecord{method: method, purpose: why, failure: err.Error()})
}

package emulator

import (
	"fmt"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// What a limit counts is forgotten with its window, and there is a bound to it that is
// told, not a loss of what is counted.
func TestLimitsForgetAndAreBounded(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	l := newLimiter(policy.Limit{By: policy.ByRecipient, Requests: 1, Window: policy.Duration(time.Minute), Backoff: policy.Duration(time.Hour)})
	start := c.p.clock.Now()
	pass := func(now time.Time, key string) error {
		c.p.mu.Lock()
		defer c.p.mu.Unlock()
		c.p.expiry.sweep(c.p, now)
		return c.p.pass(now, []*limiter{l}, "/", func(string) string { return key }, descope.SendLimited)
	}
	for i := range maxCounted {
		if err := pass(start, fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	if _, body := failure(pass(start, "one more")); body.ErrorCode != descope.CodeOverload {
		t.Errorf("one more than is kept: %+v, want %s", body, descope.CodeOverload)
	}
	if _, body := failure(pass(start, "7")); body.ErrorCode != descope.CodeSendLimit {
		t.Errorf("one that is kept: %+v, want %s", body, descope.CodeSendLimit)
	}
	if err := pass(start.Add(time.Minute), "one more"); err != nil {
		t.Errorf("behind the window: %v", err)
	}
	if got := len(l.windows); got != 2 { // that one, and the one that backs off
		t.Errorf("%d windows are kept, want 2", got)
	}
	_ = pass(start.Add(2*time.Hour), "last")
	if got := len(l.windows); got != 1 {
		t.Errorf("%d windows are kept behind the back-off, want 1", got)
	}
}

// A grace ends without anybody asking, and so does what is kept for it.
func TestReplacementsAreForgotten(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	c.p.policy().RefreshTokenRotation, c.p.policy().RefreshTokenReuseInterval = true, policy.Duration(time.Minute)
	token := c.enter("+15555550101").RefreshJWT
	for range 20 {
		var next descope.AuthResponse
		c.post(descope.PathRefresh, ":"+token, struct{}{}, &next)
		token = next.RefreshJWT
	}
	s := c.p.sessions[c.onlySession()]
	if got := len(s.replaced); got != 20 {
		t.Errorf("%d replacements are kept in their grace, want 20", got)
	}
	c.p.mu.Lock()
	defer c.p.mu.Unlock()
	before := len(c.p.expiry.queue)
	c.p.expiry.sweep(c.p, c.p.clock.Now().Add(time.Minute))
	if got := len(s.replaced); got != 0 {
		t.Errorf("%d replacements are kept behind their grace, want none", got)
	}
	if got := before - len(c.p.expiry.queue); got < 20 {
		t.Errorf("%d deadlines left, want 20 at least", got)
	}
}

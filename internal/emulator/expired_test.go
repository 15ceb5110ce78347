package emulator

import (
	"runtime"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

// TestExpiredLeavesNothing: tokens that nobody redeems, and sessions that nobody ends,
// go with the time. What is live after the first tenth is what is live at the end.
//
//nolint:paralleltest // it measures the heap of the process
func TestExpiredLeavesNothing(t *testing.T) {
	c := newCrowd(t)
	id := descope.Identity{LoginID: "+15555550101"}
	c.post(descope.PathUserCreate, ":Kkey", map[string]any{"loginId": id.LoginID, "phone": id.LoginID, "verifiedPhone": true}, nil)
	p := c.p
	leave := []func(time.Time, intent){
		func(now time.Time, in intent) { p.addLink(now, in, p.policy().MagicLink.ExpirationTime.Std()) },
		func(now time.Time, in intent) { p.addCode(now, in) },
		func(now time.Time, in intent) { p.openSession(now, in.user, in) },
	}
	expire := func(n int) {
		for i := range n {
			if err := p.locked(func(now time.Time) error {
				u := p.users.find(id.LoginID)
				leave[i%len(leave)](now, intent{purpose: signIn, user: u, channel: descope.MethodSMS, contact: id.LoginID, login: plainTerms})
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			c.now = c.now.Add(time.Minute)
		}
		c.now = c.now.Add(p.policy().RefreshTokenExpiration.Std())
		c.post(descope.PathUserSearch, ":Kkey", struct{}{}, nil)
	}
	expire(expired / 10)
	first, heap := c.p.census(), liveHeap()
	expire(expired - expired/10)
	last, later := c.p.census(), liveHeap()
	runtime.KeepAlive(c) // or the project itself may be gone when the heap is measured
	t.Logf("live heap after %d: %d bytes, after %d: %d bytes", expired/10, heap, expired, later)
	if first != last || last.Links+last.Codes+last.Sessions+last.Deadlines > 0 {
		t.Errorf("left behind: %+v, then %+v", first, last)
	}
	if later > heap+heap/10+1<<20 { // what else the process has may take a mebibyte
		t.Errorf("the live heap grew from %d to %d bytes", heap, later)
	}
}

func liveHeap() uint64 {
	runtime.GC()
	runtime.GC() // what has a finalizer goes with the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

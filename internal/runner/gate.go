package runner

import (
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/authbench/authbench/internal/plan"
)

// gate keeps what is sent to one provider within its limits. Nobody blocks in it: who
// has to wait is told until when, or is woken. It is safe for concurrent use.
type gate struct {
	limits plan.Limits
	// each are the limits that every request waits for.
	each []limit
	// line is who waits for a place in flight.
	line line

	mu       sync.Mutex
	messages int       // how many were sent
	closed   time.Time // nothing is sent before this
}

func newGate(l plan.Limits) *gate {
	g := &gate{limits: l}
	if l.RequestsPerSecond > 0 {
		g.each = append(g.each, &perSecond{rate.NewLimiter(rate.Limit(l.RequestsPerSecond), max(l.Burst, 1))})
	}
	g.line.free = l.MaxRequestsInFlight
	return g
}

// binds reports whether there is any limit on requests.
func (g *gate) binds() bool {
	return len(g.each) > 0 || g.limits.MaxRequestsInFlight > 0 || g.limits.On429 == "backoff"
}

// limitsOf gives what a request waits for.
func (g *gate) limitsOf() []limit { return g.each }

// opens is when sending is allowed again, in the past if it is.
func (g *gate) opens() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.closed
}

// close keeps everybody out for a while, after the target asked for it.
func (g *gate) close(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until := time.Now().Add(d); until.After(g.closed) {
		g.closed = until
	}
}

// spend counts a message that is about to be asked for. It refuses the first one
// beyond the limit, and all after it.
func (g *gate) spend() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if limit := g.limits.MaxMessages; limit > 0 && g.messages >= limit {
		return fmt.Errorf("not sent: the provider's limit of %d messages is used up", limit)
	}
	g.messages++
	return nil
}

// refund takes back a message that was never asked for.
func (g *gate) refund() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.messages--
}

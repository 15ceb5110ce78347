package runner

import (
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/authbench/authbench/internal/contact"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// gate keeps what is sent to one provider within its limits. Nobody blocks in it: who
// has to wait is told until when, or is woken. It is safe for concurrent use.
type gate struct {
	limits plan.Limits
	// each are the limits that every request waits for, classes and people those of some,
	// by class.
	each    []limit
	classes map[string]limit
	people  map[string]*windows
	// line is who waits for a place in flight.
	line line

	mu       sync.Mutex
	messages int       // how many were sent
	closed   time.Time // nothing is sent before this
}

func newGate(l plan.Limits) *gate {
	g := &gate{limits: l, classes: map[string]limit{}, people: map[string]*windows{}}
	if l.RequestsPerSecond > 0 {
		g.each = append(g.each, &perSecond{rate.NewLimiter(rate.Limit(l.RequestsPerSecond), max(l.Burst, 1)), result.LimitRequests})
	}
	for _, c := range l.Classes {
		g.classes[c.Class] = &perSecond{rate.NewLimiter(rate.Limit(c.RequestsPerSecond), max(c.Burst, 1)), result.LimitClass}
	}
	for _, p := range l.Identifiers {
		g.people[p.Class] = newWindows(p)
	}
	g.line.free = l.MaxRequestsInFlight
	return g
}

// binds reports whether there is any limit on requests.
func (g *gate) binds() bool {
	return len(g.each)+len(g.classes)+len(g.people) > 0 || g.limits.MaxRequestsInFlight > 0 || g.limits.On429 == "backoff"
}

// limitsOf gives what each request of a call waits for, one after the other: the one
// that takes longest comes first, so that a turn of the others is used when it comes.
func (g *gate) limitsOf(k *steps.Kind, args steps.Args) []limit {
	people, class := g.people[k.Class], g.classes[k.Class]
	if people == nil && class == nil {
		return g.each
	}
	var room []limit
	if people != nil {
		if id := identifierOf(k, args); id != "" {
			room = append(room, personal{people, id})
		}
	}
	if class != nil {
		room = append(room, class)
	}
	return append(room, g.each...)
}

// identifierOf says whom a request is for, in one spelling.
func identifierOf(k *steps.Kind, args steps.Args) string {
	for _, name := range k.Identifiers {
		if id := args.String(name); id != "" {
			return contact.Login(id)
		}
	}
	return ""
}

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

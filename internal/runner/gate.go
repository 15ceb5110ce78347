package runner

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/authbench/authbench/internal/plan"
)

// gate keeps what is sent to one provider within its limits. It is safe for
// concurrent use.
type gate struct {
	limits  plan.Limits
	pace    *rate.Limiter
	flights chan struct{}

	mu       sync.Mutex
	messages int       // how many were sent
	closed   time.Time // nothing is sent before this
}

func newGate(l plan.Limits) *gate {
	g := &gate{limits: l}
	if l.RequestsPerSecond > 0 {
		g.pace = rate.NewLimiter(rate.Limit(l.RequestsPerSecond), max(l.Burst, 1))
	}
	if l.MaxRequestsInFlight > 0 {
		g.flights = make(chan struct{}, l.MaxRequestsInFlight)
	}
	return g
}

// enter waits until an attempt of so many requests may be made. The caller calls
// leave after it. An error says that the wait ended without a turn.
func (g *gate) enter(ctx context.Context, requests int) (leave func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	leave = func() {}
	if g.flights != nil && requests > 0 {
		select {
		case g.flights <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		leave = func() { <-g.flights }
	}
	if err := g.turn(ctx, requests); err != nil {
		leave()
		return nil, err
	}
	return leave, nil
}

// turn takes a token for each request. The place in flight is held meanwhile: a
// token must be used when it is granted, or a freed place would release a burst.
func (g *gate) turn(ctx context.Context, requests int) error {
	if g.pace != nil {
		for range requests {
			if err := g.pace.Wait(ctx); err != nil {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				return errNoTurn
			}
		}
	}
	for requests > 0 {
		wait := time.Until(g.opens())
		if wait <= 0 {
			break
		}
		if !sleep(ctx, wait) {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return errNoTurn
		}
	}
	return nil
}

var errNoTurn = errors.New("the limits leave no turn before the time is up")

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

// sleep waits for d. It reports false when ctx ends first, and at once when its
// deadline leaves too little time: waiting would change nothing.
func sleep(ctx context.Context, d time.Duration) bool {
	if ctx.Err() != nil {
		return false
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < d {
		return false
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

package clock

import (
	"context"
	"time"
)

// WaitUntil returns nil as soon as the clock tells the time or a later one, and the
// error of ctx when that ends first. While the clock is frozen before the time it
// waits for a move.
func (c *Clock) WaitUntil(ctx context.Context, at time.Time) error {
	for {
		moved := c.Moved()
		left := at.Sub(c.Now())
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case left <= 0:
			return nil
		}
		if c.set.Load().frozen {
			select {
			case <-moved:
			case <-ctx.Done():
			}
			continue
		}
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-moved:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// Wait lets real time pass, whatever any clock tells. It returns nil when it has
// passed and the error of ctx when that ends first.
func Wait(ctx context.Context, d time.Duration) error {
	if d <= 0 || ctx.Err() != nil {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

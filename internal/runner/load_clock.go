package runner

import (
	"context"
	"runtime"
	"time"
)

// clock lets the goroutine that walks a schedule sleep. It is for that one alone.
type clock struct {
	timer   *time.Timer
	stop    <-chan struct{}
	precise bool
}

// lead is the last stretch before an arrival, which a precise clock spends in the
// kernel: the timers of Go are up to a millisecond late.
const lead = 2 * time.Millisecond

func newClock(stop <-chan struct{}, precise bool) *clock {
	c := &clock{timer: time.NewTimer(time.Hour), stop: stop, precise: precise}
	if precise {
		runtime.LockOSThread()
		sharpen()
	}
	return c
}

func (c *clock) close() {
	c.timer.Stop()
	if c.precise {
		blunt()
		runtime.UnlockOSThread()
	}
}

// until sleeps to time t, less when the context ends, stop is closed or wake has
// something. It reports which end came, and none for the rest. An end is seen even if
// t is past.
func (c *clock) until(ctx context.Context, t time.Time, wake <-chan struct{}) (end LoadEnd) {
	if end := c.end(ctx); end != "" {
		return end
	}
	for {
		left := time.Until(t)
		switch {
		case left <= 0:
			return ""
		case c.precise && left <= lead:
			doze(left)
			if left = time.Until(t); left <= 0 {
				return ""
			}
		case c.precise:
			left -= lead
		}
		c.timer.Reset(left)
		select {
		case <-ctx.Done():
			return EndInterrupted
		case <-c.stop:
			return EndStopped
		case <-wake:
			return ""
		case <-c.timer.C:
		}
	}
}

func (c *clock) end(ctx context.Context) LoadEnd {
	if ctx.Err() != nil {
		return EndInterrupted
	}
	select {
	case <-c.stop:
		return EndStopped
	default:
		return ""
	}
}

package runner

import (
	"context"
	"time"
)

// clock lets the goroutine that walks a schedule sleep. It is for that one alone.
type clock struct {
	timer *time.Timer
	stop  <-chan struct{}
	// alarm takes over for the last stretch; nil leaves it to the timer.
	alarm *alarm
}

// lead is the last stretch before an arrival, which a precise clock leaves to the
// kernel: the timers of Go are up to a millisecond late.
const lead = 2 * time.Millisecond

func newClock(stop <-chan struct{}, precise bool) *clock {
	c := &clock{timer: time.NewTimer(time.Hour), stop: stop}
	if precise {
		c.alarm = newAlarm()
	}
	return c
}

func (c *clock) close() {
	c.timer.Stop()
	if c.alarm != nil {
		c.alarm.close()
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
		case c.alarm == nil:
		case left > lead:
			left -= lead
		default:
			c.alarm.wait(left)
			if left = time.Until(t); left <= 0 {
				return ""
			}
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

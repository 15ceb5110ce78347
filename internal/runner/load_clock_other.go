//go:build !linux

package runner

import "time"

// alarm is a timer of the kernel, which only Linux is asked for: elsewhere a precise
// clock is as good as the timers of Go are.
type alarm struct{}

func newAlarm() *alarm { return nil }

func (*alarm) wait(time.Duration) {}

func (*alarm) close() {}

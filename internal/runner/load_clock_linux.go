package runner

import (
	"syscall"
	"time"
)

// prSetTimerSlack is PR_SET_TIMERSLACK of prctl(2).
const prSetTimerSlack = 29

// sharpen asks the kernel to wake this thread on time; by default it may add 50
// microseconds. Where it refuses, waking is as late as before.
func sharpen() { _, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, prSetTimerSlack, 1, 0) }

// blunt takes sharpen back.
func blunt() { _, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, prSetTimerSlack, 0, 0) }

// doze sleeps in the kernel, on this thread. It may wake early.
func doze(d time.Duration) {
	ts := syscall.NsecToTimespec(int64(d))
	_ = syscall.Nanosleep(&ts, nil)
}

package runner

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// alarm is a timer of the kernel that is waited for as one waits for a socket: it rings
// within microseconds, and holds no thread meanwhile.
type alarm struct {
	fd   int
	file *os.File // owns fd
}

// newAlarm gives nil where the kernel refuses.
func newAlarm() *alarm {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil
	}
	return &alarm{fd: fd, file: os.NewFile(uintptr(fd), "timer")}
}

// wait sleeps for d, which is above 0. After a mistake of the kernel it wakes early.
func (a *alarm) wait(d time.Duration) {
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(int64(d))}
	if unix.TimerfdSettime(a.fd, 0, &spec, nil) != nil {
		return
	}
	var rings [8]byte
	_, _ = a.file.Read(rings[:])
}

func (a *alarm) close() { _ = a.file.Close() }

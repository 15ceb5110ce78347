package client

import (
	"errors"
	"net"
	"os"
	"syscall"
)

// wire is the TCP connection below everything else. It can tell what the peer did
// since, without waiting.
type wire struct {
	net.Conn
	raw syscall.RawConn // nil where the system has no way to look
	// look is w.peek, made once: a method value for each look would be garbage.
	look func(fd uintptr) bool
	// take is w.step.
	take func(fd uintptr) bool
	turn turn
	// What the last look found.
	n   int
	err error
	one [1]byte
	// impatient makes Read fail where it would wait.
	impatient bool
}

func newWire(c net.Conn) *wire {
	w := &wire{Conn: c}
	if tcp, ok := c.(*net.TCPConn); ok && canPeek {
		if raw, err := tcp.SyscallConn(); err == nil {
			w.raw, w.look, w.take = raw, w.peek, w.step
		}
	}
	return w
}

func (w *wire) Read(p []byte) (int, error) {
	if w.impatient {
		if s := w.state(); s == silent {
			return 0, os.ErrDeadlineExceeded
		}
	}
	if w.raw == nil {
		return w.Conn.Read(p)
	}
	return w.receive(p)
}

// state is what a peer did since the last answer was read.
type state int

const (
	silent state = iota // nothing, or nobody can tell
	spoke               // there is something to read
	left                // it hung up, or the connection broke
)

// state looks at the socket without taking anything from it. A deadline that has
// passed reads as left, so deadlines are set before.
func (w *wire) state() state {
	if w.raw == nil {
		return silent
	}
	if err := w.raw.Read(w.look); err != nil {
		return left
	}
	switch {
	case errors.Is(w.err, syscall.EAGAIN), errors.Is(w.err, syscall.EINTR):
		return silent
	case w.err != nil || w.n == 0:
		return left
	}
	return spoke
}

//go:build unix

package client

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// turn is one request and the first bytes of its answer, on a wire.
type turn struct {
	out, in []byte
	begun   bool
	wrote   int       // bytes of out that the socket took
	at      time.Time // when it had taken them all
	read    int       // bytes of in that came
	err     error     // of the last read
}

// ask writes out, waits, and reads the first bytes of what comes into in, which may be
// the same memory. It does as much of that as goes without trouble, and leaves the rest
// and every error to Write and Read. So it tells how much was written, when that was
// all of it, and how much was read.
//
// Write and Read would try to read at once, and nearly always in vain. Here the
// goroutine waits first. The poller reports edges, and to begin a raw read forgets the
// ones before: one that tells of the answer can not be among them, as the request is
// written later. What the peer did before, such as to hang up, can: then the wait lasts
// until the deadline of the socket, which is no more than patience away.
func (w *wire) ask(out, in []byte) (wrote int, at time.Time, read int) {
	if w.raw == nil {
		return 0, time.Time{}, 0
	}
	w.turn = turn{out: out, in: in}
	_ = w.raw.Read(w.take) // a deadline, a closed connection: Write and Read meet it again
	wrote, at, read = w.turn.wrote, w.turn.at, w.turn.read
	w.turn = turn{}
	return wrote, at, read
}

// step goes on with a turn as far as it goes without waiting. It reports false to be
// called again when there may be something to read.
func (w *wire) step(fd uintptr) bool {
	t := &w.turn
	t.err = nil
	if !t.begun {
		t.begun = true
		n, err := sysWrite(fd, t.out)
		t.wrote = max(0, n)
		if err != nil || t.wrote < len(t.out) {
			return true
		}
		t.at = time.Now()
		return false
	}
	n, err := sysRead(fd, t.in)
	t.read, t.err = max(0, n), err
	return !errors.Is(err, syscall.EAGAIN)
}

// receive is Read without a word to the scheduler; see sysRead.
func (w *wire) receive(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	w.turn = turn{in: p, begun: true}
	err := w.raw.Read(w.take)
	n, failed := w.turn.read, w.turn.err
	w.turn = turn{}
	switch {
	case err != nil:
		return 0, err
	case failed != nil:
		return 0, &net.OpError{Op: "read", Net: "tcp", Source: w.LocalAddr(), Addr: w.RemoteAddr(), Err: os.NewSyscallError("read", failed)}
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}

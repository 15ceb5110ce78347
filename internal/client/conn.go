package client

import (
	"context"
	"errors"
	"net"
	"os"
	"time"
)

// patience is how long a wait for the peer lasts before the context is watched. Most
// answers come sooner, and cost neither a goroutine nor a callback. It is also the
// longest that a cancellation can go unseen.
const patience = 100 * time.Millisecond

// conn is a connection to a server or proxy that carries one request at a time. Its
// Read and Write end with the context of the request: see begin.
type conn struct {
	stream net.Conn // the wire, or TLS above it
	wire   *wire
	secure bool
	user   int
	idle   time.Time // since when nobody uses it
	// carried is how many answers came over it whole.
	carried int

	ctx      context.Context // of the request that is carried
	deadline time.Time       // of ctx, zero for none
	// checkpoint is the deadline of the socket while ctx is not watched.
	checkpoint time.Time
	unwatch    func() bool // nil while ctx is not watched
}

// begin ties the connection to the context of a request that starts at now.
//
// The deadline of the socket is a checkpoint a moment away; only a wait that reaches
// it makes ctx.Done and a callback necessary. Moving a deadline costs about as much as
// a system call, so a checkpoint of the request before is left where it is as long as
// it is neither too near nor beyond the deadline of ctx.
func (c *conn) begin(ctx context.Context, now time.Time) {
	c.ctx = ctx
	c.deadline, _ = ctx.Deadline()
	at := c.ahead(now)
	if c.checkpoint.After(at) || c.checkpoint.Before(now.Add(patience/2)) {
		c.check(at)
	}
	if c.secure {
		// TLS can not go on after a write that timed out: no checkpoint for writes.
		_ = c.stream.SetWriteDeadline(c.deadline)
	}
}

// ahead is when the next checkpoint is due.
func (c *conn) ahead(now time.Time) time.Time {
	at := now.Add(patience)
	if !c.deadline.IsZero() && c.deadline.Before(at) {
		return c.deadline
	}
	return at
}

// check sets the next checkpoint.
func (c *conn) check(at time.Time) {
	_ = c.stream.SetDeadline(at) // fails on a closed connection only, and so will what follows
	c.checkpoint = at
}

// end cuts the tie. It reports whether the connection can carry another request: an
// abort that has begun may reach it at any time.
func (c *conn) end() bool {
	c.ctx = nil
	if c.unwatch == nil {
		return true
	}
	ours := c.unwatch()
	c.unwatch = nil
	return ours
}

// watch lets the end of the context reach the connection at once.
func (c *conn) watch() {
	c.checkpoint = time.Time{}
	_ = c.stream.SetDeadline(c.deadline)
	// After the deadline was set: an abort must have the last word.
	c.unwatch = context.AfterFunc(c.ctx, func() { _ = c.wire.SetDeadline(time.Unix(1, 0)) })
}

// isCheckpoint tells whether err was only a checkpoint.
func (c *conn) isCheckpoint(err error) bool {
	return c.unwatch == nil && errors.Is(err, os.ErrDeadlineExceeded) && !c.late() && c.ctx.Err() == nil
}

// late reports whether the deadline of the context has passed. The context itself may
// learn that a moment later than the socket.
func (c *conn) late() bool { return !c.deadline.IsZero() && !time.Now().Before(c.deadline) }

// Read implements io.Reader.
func (c *conn) Read(p []byte) (int, error) {
	for {
		n, err := c.stream.Read(p)
		if n > 0 || err == nil || !c.isCheckpoint(err) {
			return n, err
		}
		c.watch()
	}
}

// maxUnwatched is the most that is written to TLS before the context is watched. So
// much fits into the buffers of a socket.
const maxUnwatched = 16 << 10

// errUnasked tells that the server spoke before it had heard everything.
var errUnasked = errors.New("the server answered before the request was written")

// ask sends a request and waits for the first bytes of the answer. It reads those into
// p, perhaps none, and tells when the request was written, or why it was not.
func (c *conn) ask(request, p []byte) (n int, wrote time.Time, err error) {
	sent := 0
	if w, ok := c.stream.(*wire); ok {
		sent, wrote, n = w.ask(request, p)
	}
	if wrote.IsZero() {
		_, err = c.Write(request[sent:])
		wrote = time.Now()
	}
	return n, wrote, err
}

// Write implements io.Writer. A server that answers before it has read everything may
// never read the rest: at each checkpoint Write stops if there is an answer to read.
func (c *conn) Write(p []byte) (int, error) {
	if c.secure && len(p) > maxUnwatched {
		c.watch()
	}
	done := 0
	for {
		n, err := c.stream.Write(p[done:])
		done += n
		if err == nil || c.secure || !c.isCheckpoint(err) {
			return done, err
		}
		c.check(c.ahead(time.Now()))
		if c.wire.state() != silent {
			return done, errUnasked
		}
	}
}

// A connection is trusted to be there still, and used without a look at it, when it has
// carried proven answers and was idle for less than trusted, unless the origin is known
// to hang up without a word. The look is a system call, a twentieth of what a request
// costs, and no server ends a connection so soon for being idle. Servers that hang up
// early do so after the first answer, and are found out by the looks before proven; one
// that does it later breaks the requests of that moment, and makes the origin known.
const (
	trusted = 10 * time.Millisecond
	proven  = 8
)

// usable reports whether an idle connection can carry a request at now: its peer neither
// hung up nor said anything that nobody asked for. Call begin first.
func (c *conn) usable(o *origin, now time.Time) bool {
	recent := now.Sub(c.idle) < trusted
	if recent && c.carried >= proven && !o.hangsUp.Load() {
		return true
	}
	if !c.isSilent() {
		if recent {
			o.hangsUp.Store(true)
		}
		return false
	}
	return true
}

// isSilent looks at an idle connection.
func (c *conn) isSilent() bool {
	switch c.wire.state() {
	case silent:
		return true
	case left:
		return false
	}
	if !c.secure {
		return false
	}
	// TLS may speak between answers, to give a session ticket for example.
	var one [1]byte
	c.wire.impatient = true
	n, err := c.stream.Read(one[:])
	c.wire.impatient = false
	return n == 0 && errors.Is(err, os.ErrDeadlineExceeded)
}

// close ends a connection that is idle.
func (c *conn) close() { _ = c.stream.Close() }

// drop ends a connection that is not. TLS would wait for seconds to say good-bye to a
// peer that does not listen.
func (c *conn) drop() { _ = c.wire.Close() }

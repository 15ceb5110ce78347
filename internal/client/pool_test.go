package client

import (
	"net"
	"testing"
	"time"
)

// idleConn is a connection whose other end tells when it is closed.
func idleConn(t *testing.T, user int) (*conn, net.Conn) {
	t.Helper()
	here, there := net.Pipe()
	t.Cleanup(func() { _, _ = here.Close(), there.Close() })
	w := newWire(here)
	return &conn{stream: w, wire: w, user: user}, there
}

func isClosed(c net.Conn) bool {
	_ = c.SetReadDeadline(time.Now().Add(time.Millisecond))
	_, err := c.Read(make([]byte, 1))
	return err != nil && err.Error() == "EOF"
}

func TestSweepClosesWhatIsOld(t *testing.T) {
	t.Parallel()
	start := time.Now()
	for _, keep := range []KeepAlive{KeepAliveShared, KeepAlivePerUser} {
		var p pool
		var ends []net.Conn
		for i := range 4 {
			c, end := idleConn(t, i)
			if !p.put(keep, c, start.Add(time.Duration(i)*time.Second)) {
				t.Fatalf("%s: connection %d was not taken", keep, i)
			}
			ends = append(ends, end)
		}
		p.sweep(start.Add(2 * time.Second))
		for i, end := range ends {
			if got, want := isClosed(end), i < 2; got != want {
				t.Errorf("%s: connection %d closed: %v, want %v", keep, i, got, want)
			}
		}
		if p.get(keep, 3) == nil || p.get(keep, 2) == nil || p.get(keep, 1) != nil {
			t.Errorf("%s: not the two young ones are left", keep)
		}
	}
}

func TestPoolGivesTheLastFirst(t *testing.T) {
	t.Parallel()
	var p pool
	for i := range 3 {
		c, _ := idleConn(t, i)
		p.put(KeepAliveShared, c, time.Now())
	}
	for want := 2; want >= 0; want-- {
		if got := p.get(KeepAliveShared, 9).user; got != want {
			t.Errorf("got connection %d, want %d", got, want)
		}
	}
}

func TestPoolIsBounded(t *testing.T) {
	t.Parallel()
	for _, keep := range []KeepAlive{KeepAliveShared, KeepAlivePerUser} {
		var p pool
		for i := range maxIdle {
			if !p.put(keep, &conn{user: i}, time.Now()) {
				t.Fatalf("%s: connection %d was not taken", keep, i)
			}
		}
		if p.put(keep, &conn{user: -1}, time.Now()) {
			t.Errorf("%s: more than %d were taken", keep, maxIdle)
		}
	}
	var p pool
	p.put(KeepAlivePerUser, &conn{user: 1}, time.Now())
	if p.put(KeepAlivePerUser, &conn{user: 1}, time.Now()) {
		t.Error("a second connection of the same user was taken")
	}
}

func TestClosedPoolTakesNothing(t *testing.T) {
	t.Parallel()
	var p pool
	shared, one := idleConn(t, 1)
	p.put(KeepAliveShared, shared, time.Now())
	user, two := idleConn(t, 1)
	p.put(KeepAlivePerUser, user, time.Now())
	p.close()
	if !isClosed(one) || !isClosed(two) {
		t.Error("connections outlive their pool")
	}
	if p.put(KeepAliveShared, &conn{}, time.Now()) {
		t.Error("a closed pool took a connection")
	}
}

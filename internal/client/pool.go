package client

import (
	"slices"
	"sync"
	"time"
)

// Bounds of idle connections.
const (
	idleTimeout = 30 * time.Second
	sweepEvery  = 5 * time.Second
	// maxIdle bounds the idle connections to one origin. It is above what a run has in
	// flight, because a connection that is closed for want of room costs a port for a
	// minute.
	maxIdle = 16 << 10
)

// pool keeps the idle connections to one origin. It is safe for concurrent use.
type pool struct {
	mu     sync.Mutex
	closed bool
	// shared has the one that was used last at its end: the fewer are in use, the
	// sooner the others go idle for good.
	shared []*conn
	users  map[int]*conn // one for each user, instead of shared
	queue                // for shared
}

// get takes a connection out, nil when there is none.
func (p *pool) get(keep KeepAlive, user int) *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	if keep == KeepAlivePerUser {
		c := p.users[user]
		delete(p.users, user)
		return c
	}
	last := len(p.shared) - 1
	if last < 0 {
		return nil
	}
	c := p.shared[last]
	p.shared[last] = nil
	p.shared = p.shared[:last]
	return c
}

// put gives a connection back, and reports false when there is no room for it.
func (p *pool) put(keep KeepAlive, c *conn, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	c.idle = now
	if keep == KeepAlivePerUser {
		if len(p.users) >= maxIdle || p.users[c.user] != nil {
			return false
		}
		if p.users == nil {
			p.users = map[int]*conn{}
		}
		p.users[c.user] = c
		return true
	}
	if p.pass(c) {
		return true
	}
	if len(p.shared) >= maxIdle {
		return false
	}
	p.shared = append(p.shared, c)
	return true
}

// sweep closes what is idle since before a moment.
func (p *pool) sweep(before time.Time) {
	p.mu.Lock()
	var old []*conn
	// Not quite in order of time when answers end at once, but near enough: what is
	// missed is found by the next sweep.
	n := slices.IndexFunc(p.shared, func(c *conn) bool { return !c.idle.Before(before) })
	if n < 0 {
		n = len(p.shared)
	}
	old = append(old, p.shared[:n]...)
	p.shared = slices.Delete(p.shared, 0, n)
	for user, c := range p.users {
		if c.idle.Before(before) {
			old = append(old, c)
			delete(p.users, user)
		}
	}
	p.mu.Unlock()
	for _, c := range old {
		c.close()
	}
}

// close closes what is idle, and from then on takes nothing.
func (p *pool) close() {
	p.mu.Lock()
	p.closed = true
	old := p.shared
	for _, c := range p.users {
		old = append(old, c)
	}
	p.shared, p.users = nil, nil
	p.dismiss()
	p.mu.Unlock()
	for _, c := range old {
		c.close()
	}
}

package client

import (
	"context"
	"crypto/tls"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// maxOrigins bounds the origins that are remembered. A run has few; a file that makes
// up host names must not grow the program.
const maxOrigins = 256

// origins remembers origins by the beginning of their URLs, and looks after their idle
// connections. It is safe for concurrent use.
type origins struct {
	keep   KeepAlive
	config *tls.Config // copied for each origin

	// known is replaced, never changed, so that a look takes no lock.
	known atomic.Pointer[map[string]*origin]

	mu     sync.Mutex // of what follows, and of changes to known
	closed bool
	first  sync.Once   // starts timer
	timer  *time.Timer // sweeps; nil until something was idle
}

// find gives the origin of a URL and the rest of it as it is sent. The address is
// given as far as it is known, with an error too.
func (s *origins) find(rawURL string) (o *origin, target, address string, _ error) {
	prefix, rest := split(rawURL)
	if known := s.known.Load(); known != nil {
		o = (*known)[prefix]
	}
	if o != nil && isTarget(rest) {
		return o, rest, o.address, nil
	}
	parsed, target, address, err := parse(rawURL)
	if err != nil {
		return nil, "", address, err
	}
	if o == nil {
		o = s.add(strings.Clone(prefix), parsed)
	}
	return o, target, address, nil
}

// add remembers an origin, and gives the one that is remembered. When there are too
// many, all are forgotten.
func (s *origins) add(prefix string, o *origin) *origin {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := map[string]*origin{}
	if known := s.known.Load(); known != nil {
		before = *known
	}
	if other := before[prefix]; other != nil {
		return other
	}
	after := make(map[string]*origin, len(before)+1)
	for p, known := range before {
		if len(before) >= maxOrigins {
			known.pool.close()
			continue
		}
		after[p] = known
	}
	if o.secure {
		o.tls = s.config.Clone()
		if o.tls.ServerName == "" {
			o.tls.ServerName = o.name
		}
	}
	o.pool.closed = s.closed
	after[prefix] = o
	s.known.Store(&after)
	return o
}

// take gives an idle connection that can carry a request. It is tied to ctx. Nil is to
// open one, and to call the pool's opened after that.
func (s *origins) take(ctx context.Context, o *origin, user int, now time.Time) *conn {
	// A server that restarts leaves many dead connections: one request clears a few.
	for range 4 {
		c := o.pool.get(s.keep, user)
		if c == nil && s.keep == KeepAliveShared {
			if c = o.pool.await(ctx); c == nil {
				return nil
			}
		}
		if c == nil {
			break
		}
		c.begin(ctx, now)
		if c.usable(o, now) {
			return c
		}
		c.end()
		c.drop()
	}
	o.pool.open()
	return nil
}

// give keeps a connection for another request, or closes it.
func (s *origins) give(o *origin, c *conn, now time.Time) {
	if s.keep == KeepAliveNone || !o.pool.put(s.keep, c, now) {
		c.close()
		return
	}
	s.first.Do(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if !s.closed {
			s.timer = time.AfterFunc(sweepEvery, s.sweep)
		}
	})
}

// sweep closes what was idle for too long, and comes back.
func (s *origins) sweep() {
	before := time.Now().Add(-idleTimeout)
	for _, o := range *s.known.Load() {
		o.pool.sweep(before)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.timer.Reset(sweepEvery)
	}
}

// close closes what is idle. What is in use is closed when it is given back.
func (s *origins) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.timer != nil {
		s.timer.Stop()
	}
	if known := s.known.Load(); known != nil {
		for _, o := range *known {
			o.pool.close()
		}
	}
}

package client

import (
	"context"
	"slices"
	"time"
)

// To open a connection costs about ten times what a request on one does. In a burst, such
// as the begin of a run, everybody would find none idle and open one, fall behind by that,
// and find none idle again: thousands would be opened where ten do. So where a crowd are
// being opened, whoever finds none idle waits for one to come free, as long as in each
// moment one is opened or comes free. If none does the server is far away, or keeps none:
// then everybody opens one, until one comes free. So does everybody when somebody has
// waited for too long: there is more to do than the connections can carry.
const (
	crowd   = 16
	moment  = 20 * time.Millisecond
	tooLong = 5 * moment
)

// queue are the requests to an origin that wait for a connection. The pool's lock guards
// it.
type queue struct {
	// opening is how many connections are being opened.
	opening int
	waiting []waiter // by the time of their coming
	// moved counts connections that were opened or came free.
	moved uint64
	// vain tells that nothing moved, so that it is no use to wait.
	vain bool
	// guarded tells that somebody looks after them.
	guarded bool
}

// waiter is a request that waits since a moment.
type waiter struct {
	free  chan *conn
	since time.Time
}

// await gives a connection that came free, or nil to open one: call opened after that.
func (p *pool) await(ctx context.Context) *conn {
	free := p.join()
	if free == nil {
		return nil
	}
	select {
	case c := <-free:
		if c != nil {
			return c
		}
	case <-ctx.Done():
	}
	return p.quit(free)
}

// join lets a request wait if there is a crowd. It gives nil to one that is to open a
// connection.
func (p *pool) join() chan *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.opening < crowd || p.vain || p.closed {
		p.opening++
		return nil
	}
	free := make(chan *conn, 1)
	if last := len(p.shared) - 1; last >= 0 { // one that came since the look
		free <- p.shared[last]
		p.shared[last] = nil
		p.shared = p.shared[:last]
		return free
	}
	p.waiting = append(p.waiting, waiter{free, time.Now()})
	if !p.guarded {
		p.guarded = true
		p.guard(p.moved)
	}
	return free
}

// guard looks after a moment whether it is of any use to wait, as long as anybody does.
func (p *pool) guard(before uint64) {
	time.AfterFunc(moment, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		switch {
		case len(p.waiting) == 0:
			p.guarded = false
		case p.moved != before && time.Since(p.waiting[0].since) < tooLong:
			p.guard(p.moved)
		default:
			p.guarded, p.vain = false, true
			p.dismiss()
		}
	})
}

// quit ends a wait. It gives the connection that came at the end, or nil to open one.
func (p *pool) quit(free chan *conn) *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.IndexFunc(p.waiting, func(w waiter) bool { return w.free == free }); i >= 0 {
		p.waiting = slices.Delete(p.waiting, i, i+1)
	} else if c := <-free; c != nil { // given or dismissed before the lock was ours
		return c
	}
	p.opening++
	return nil
}

// open tells that a connection is about to be opened, crowd or not.
func (p *pool) open() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.opening++
}

// opened tells that a connection is open, or could not be opened.
func (p *pool) opened() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.opening--
	p.moved++
}

// pass gives a connection that came free to whoever waits longest. The caller holds the
// lock.
func (p *pool) pass(c *conn) bool {
	p.moved++
	p.vain = false
	if len(p.waiting) == 0 {
		return false
	}
	p.waiting[0].free <- c
	p.waiting = p.waiting[1:]
	return true
}

// dismiss lets everybody who waits open a connection. The caller holds the lock.
func (p *pool) dismiss() {
	for _, w := range p.waiting {
		close(w.free)
	}
	p.waiting = nil
}

package runner

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// maxIdle is how many goroutines of a crew may wait for work.
const maxIdle = 64

// crew drives iterations. A few of its goroutines stay when they have nothing to do,
// because a new one has to grow its stack first. It is safe for concurrent use.
type crew struct {
	work chan *iteration
	home chan struct{}
	idle atomic.Int32
}

func newCrew() *crew {
	return &crew{work: make(chan *iteration), home: make(chan struct{})}
}

// drive hands an iteration to whoever is free, or to a new goroutine. It never blocks.
func (c *crew) drive(it *iteration) {
	select {
	case c.work <- it:
	default:
		go c.serve(it)
	}
}

func (c *crew) serve(it *iteration) {
	for it != nil {
		it.drive()
		it = c.rest()
	}
}

// rest waits for work. It gives nil when there is none to wait for.
func (c *crew) rest() *iteration {
	if c.idle.Add(1) > maxIdle {
		c.idle.Add(-1)
		return nil
	}
	select {
	case it := <-c.work:
		c.idle.Add(-1)
		return it
	case <-c.home:
		return nil
	}
}

// muster has goroutines ready before there is work, as many as there will be of it at a
// time. A run that begins with thousands of iterations a second has no time for that then.
func (c *crew) muster(n int) {
	var ready sync.WaitGroup
	for range min(n, maxIdle) {
		ready.Add(1)
		go func() {
			stretch()
			ready.Done()
			c.serve(c.rest())
		}()
	}
	ready.Wait()
}

// stretch has the stack of a goroutine grow at once to what an iteration takes.
//
//go:noinline
func stretch() {
	var room [12 << 10]byte
	runtime.KeepAlive(&room)
}

// dismiss sends those home who have nothing to do, and the others when they are
// through.
func (c *crew) dismiss() { close(c.home) }

package runner

import "sync/atomic"

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
	for {
		it.drive()
		if c.idle.Add(1) > maxIdle {
			c.idle.Add(-1)
			return
		}
		select {
		case it = <-c.work:
			c.idle.Add(-1)
		case <-c.home:
			return
		}
	}
}

// dismiss sends those home who have nothing to do, and the others when they are
// through.
func (c *crew) dismiss() { close(c.home) }

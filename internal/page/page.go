// Package page serves a load run as a live web page.
//
// The page is that of the HTML report. A browser gets each further state as a
// server-sent event, already drawn; programs read the same numbers from /api/v1/load.
// A state is drawn once for all browsers, and only when one of them takes it. Publishing
// never waits: a reader that is slow misses states, one that does not read is dropped.
//
// The package opens no socket and draws nothing itself. Start at [New].
package page

import (
	"sync"
	"time"

	"github.com/authbench/authbench/internal/report"
	"github.com/authbench/authbench/internal/stats"
)

// Options are what a page needs to know. The zero value is good.
type Options struct {
	// Hosts are names, besides localhost and addresses in digits, by which the page may
	// be asked for.
	Hosts []string
	// Clients is how many browsers may follow at a time, 32 by default.
	Clients int
}

const defaultClients = 32

// Page is the state of a run and who follows it. It is safe for concurrent use, starts
// no goroutine and needs no closing beyond [Page.End].
type Page struct {
	hosts []string
	limit int

	mu      sync.Mutex
	state   *state
	clients map[*client]bool
	sent    time.Time
}

// client is a browser that follows. Its channel holds the latest state that it has not
// taken.
type client struct{ next chan *state }

// state is a moment of the run.
type state struct {
	load *stats.Load
	over bool
	draw func() ([]byte, error)
	took func() time.Duration
}

func newState(l *stats.Load, over bool) *state {
	var mu sync.Mutex
	var took time.Duration
	return &state{
		load: l, over: over,
		draw: sync.OnceValues(func() ([]byte, error) {
			start := time.Now()
			defer func() {
				mu.Lock()
				defer mu.Unlock()
				took = time.Since(start)
			}()
			return report.LiveState(l, over)
		}),
		took: func() time.Duration {
			mu.Lock()
			defer mu.Unlock()
			return took
		},
	}
}

// New makes a page that shows first until something else is published. The page keeps
// every load that it is given and only reads it; nobody may change one afterwards.
func New(first *stats.Load, o Options) *Page {
	p := &Page{
		hosts: o.Hosts, limit: o.Clients, state: newState(first, false),
		clients: map[*client]bool{},
	}
	if p.limit <= 0 {
		p.limit = defaultClients
	}
	return p
}

// share is the most of one CPU that drawing may take: the generator needs the rest.
const share = 20

// Publish shows l from here on. It never waits. States that come faster than a
// twentieth of a CPU can draw them are not sent; the page and the API have them.
func (p *Page) Publish(l *stats.Load) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state.over {
		return
	}
	busy := p.state.took()
	p.state = newState(l, false)
	if time.Since(p.sent) < share*busy {
		return
	}
	p.send()
}

// End shows l as the last state, and ends the streams of all who follow once they have
// taken it. Further calls, and further states, change nothing.
func (p *Page) End(l *stats.Load) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state.over {
		return
	}
	p.state = newState(l, true)
	p.send()
}

// send gives every client the state, in place of one that it has not taken yet. Only
// send writes to the channels, with the lock held, so that there is room.
func (p *Page) send() {
	p.sent = time.Now()
	for c := range p.clients {
		select {
		case <-c.next:
		default:
		}
		c.next <- p.state
	}
}

// join adds a client, unless there are too many. It starts with the state of the moment.
func (p *Page) join() (*client, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.clients) >= p.limit {
		return nil, false
	}
	c := &client{make(chan *state, 1)}
	c.next <- p.state
	p.clients[c] = true
	return c, true
}

func (p *Page) leave(c *client) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.clients, c)
}

func (p *Page) current() *state {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.state
}

package cli

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/authbench/authbench/internal/result"
)

// The pace of progress: a line that is written over in a terminal, a line of its own
// elsewhere.
const (
	terminalPace = 100 * time.Millisecond
	plainPace    = 10 * time.Second
)

// progress tells on stderr how far a run is. It is safe for concurrent use.
type progress struct {
	out      io.Writer
	terminal bool
	total    uint64
	start    time.Time
	quit     chan struct{}
	done     chan struct{}

	mu        sync.Mutex
	ended     uint64
	bad       uint64
	lineDrawn bool
}

func (a *app) startProgress(total uint64) *progress {
	p := &progress{
		out: a.Err, terminal: a.ErrWidth > 0, total: total, start: time.Now(),
		quit: make(chan struct{}), done: make(chan struct{}),
	}
	go p.loop()
	return p
}

func (p *progress) add(o result.Outcome) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended++
	if o == result.Failure || o == result.Error {
		p.bad++
	}
}

func (p *progress) loop() {
	defer close(p.done)
	pace := plainPace
	if p.terminal {
		pace = terminalPace
	}
	ticker := time.NewTicker(pace)
	defer ticker.Stop()
	for {
		select {
		case <-p.quit:
			return
		case <-ticker.C:
			p.draw()
		}
	}
}

func (p *progress) draw() {
	p.mu.Lock()
	defer p.mu.Unlock()
	line := fmt.Sprintf("%d of %d done, %d failed, %s", p.ended, p.total, p.bad, time.Since(p.start).Round(100*time.Millisecond))
	if p.terminal {
		p.lineDrawn = true
		_, _ = fmt.Fprintf(p.out, "\r\x1b[2K%s", line)
		return
	}
	_, _ = fmt.Fprintln(p.out, line)
}

// interrupted tells that the first Ctrl-C was heard.
func (p *progress) interrupted() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.lineDrawn {
		_, _ = io.WriteString(p.out, "\r\x1b[2K")
	}
	_, _ = fmt.Fprintln(p.out, "Interrupted: cleaning up. Interrupt again to quit at once.")
}

// stop ends the progress and clears its line.
func (p *progress) stop() {
	close(p.quit)
	<-p.done
	if p.lineDrawn {
		_, _ = io.WriteString(p.out, "\r\x1b[2K")
	}
}

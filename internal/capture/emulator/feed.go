package emulator

import (
	"time"

	"github.com/authbench/authbench/internal/capture"
)

const (
	// maxPoll is how long one request waits at most: long enough to be rare, short
	// enough for whatever stands between here and the emulator.
	maxPoll = 20 * time.Second
	// minRest and maxRest bound the time between two requests of a sort.
	minRest = time.Millisecond
	maxRest = 4 * time.Millisecond
)

// rest is the least time between a request that carried n and the next of its sort. What
// comes meanwhile goes with that one: a thousand messages a second do not need a
// thousand requests, and somebody who is alone need not wait for others.
func rest(n int) time.Duration {
	return min(maxRest, minRest+time.Duration(n)*time.Millisecond/2)
}

// feed is the request that lists what is new, and takes along what the desk holds. If that
// is nothing it listens: it waits until there is a message. The hub's lock guards it.
type feed struct {
	running   bool
	listening bool
	// cursor is what was listed so far.
	cursor uint64
}

// carries tells whether the feed takes along what the desk holds, after a rest at most.
func (f *feed) carries() bool { return f.running && !f.listening }

// listen has the feed run while anybody watches.
func (h *hub) listen() {
	if h.feed.running {
		return
	}
	h.feed.running = true
	// What lies before everybody's mark is skipped; whoever comes with an older one
	// looks back for himself.
	first := ^uint64(0)
	for _, list := range h.watches {
		for _, w := range list {
			first = min(first, w.mark)
		}
	}
	if first > h.feed.cursor {
		h.feed.cursor = first
		h.shelf.floor = max(h.shelf.floor, first)
	}
	h.work.Go(h.poll)
}

func (h *hub) poll() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		h.mu.Lock()
		b := h.desk.take()
		if b.size() == 0 && (h.live == 0 || h.ctx.Err() != nil) {
			h.feed.running = false
			h.mu.Unlock()
			return
		}
		cursor := h.feed.cursor
		h.feed.listening = b.size() == 0
		h.asked++
		h.mu.Unlock()
		sent := time.Now()
		carried, err := h.advance(b, cursor)
		if err != nil {
			h.stumble(err)
			return
		}
		h.pause(timer, rest(carried)-time.Since(sent))
	}
}

// advance sends one request of the feed. It gives how many it carried.
func (h *hub) advance(b batch, cursor uint64) (carried int, err error) {
	if carried = b.size(); carried > 0 {
		// What went wrong was told to those in the batch. The feed goes on.
		if r := h.exchange(b, &cursor); r != nil && r.Listed > cursor {
			h.arrived(r.Messages, r.Listed)
			carried += len(r.Messages)
		}
		return carried, nil
	}
	l, err := h.api.list(h.ctx, "", cursor, maxPoll)
	if err != nil {
		return 0, err
	}
	h.arrived(l.Messages, l.Cursor)
	return len(l.Messages), nil
}

// arrived takes in what the feed listed.
func (h *hub) arrived(messages []message, cursor uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.feed.cursor, h.feed.listening = cursor, false
	h.shelve(messages)
}

// pause waits, unless the source is closed.
func (h *hub) pause(timer *time.Timer, d time.Duration) {
	if d <= 0 {
		return
	}
	timer.Reset(d)
	select {
	case <-timer.C:
	case <-h.ctx.Done():
	}
}

// stumble ends the feed and everybody who relies on it.
func (h *hub) stumble(err error) {
	h.mu.Lock()
	h.feed.running, h.feed.listening = false, false
	if h.desk.size() > 0 {
		h.open()
	}
	h.mu.Unlock()
	if h.ctx.Err() != nil {
		return // Close tells
	}
	h.fail(err)
}

// shelve takes in what was listed. Each message is served before the limit is seen to:
// one that somebody watches for is given however full the shelf is.
func (h *hub) shelve(messages []message) {
	for i := range messages {
		h.shelf.put(&messages[i])
		h.serve(messages[i].Recipient)
		h.shelf.trim()
	}
}

// lookBack lists what came between a mark and where the feed stands. The watch is served
// when it is there.
func (h *hub) lookBack(w *watch) {
	w.looking = true
	until := h.feed.cursor
	h.asked++
	h.work.Go(func() {
		for cursor, more := w.mark, true; more; {
			l, err := h.api.list(h.ctx, w.recipient, cursor, 0)
			if err != nil {
				h.giveUp(w, err)
				return
			}
			h.mu.Lock()
			h.shelve(l.Messages)
			more = l.Cursor > cursor && l.Cursor < until && !w.over
			if cursor = l.Cursor; more {
				h.asked++
			} else {
				w.looking = false
				h.serve(w.recipient)
			}
			h.mu.Unlock()
		}
	})
}

// giveUp ends a watch that could not look back.
func (h *hub) giveUp(w *watch, err error) {
	h.mu.Lock()
	failed := !w.over && h.ctx.Err() == nil
	if failed {
		h.forget(w)
	}
	h.mu.Unlock()
	if failed {
		w.found(capture.Message{}, err)
	}
}

package emulator

import "time"

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

// feed is the request that lists what is new while somebody waits for it, and takes along
// marks and claims. If there are none it listens: it waits until there is a message. The
// hub's lock guards it.
type feed struct {
	running   bool
	listening bool
	// cursor is what was listed so far, while it runs.
	cursor uint64
}

// carries tells whether the feed takes along what the desk holds, after a rest at most.
func (f *feed) carries() bool { return f.running && !f.listening }

// listen has the feed run for those who wait for what comes behind a cursor.
func (h *hub) listen(cursor uint64) {
	if h.feed.running {
		return
	}
	h.feed.running, h.feed.cursor = true, cursor
	h.work.Go(h.poll)
}

func (h *hub) poll() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	var in room
	for {
		h.mu.Lock()
		b := h.desk.take()
		if b.size() == 0 && (h.waiting == 0 || h.ctx.Err() != nil) {
			h.feed.running = false
			h.mu.Unlock()
			return
		}
		cursor := h.feed.cursor
		h.feed.listening = b.size() == 0
		h.asked++
		h.mu.Unlock()
		sent := time.Now()
		carried, err := h.advance(&in, b, cursor)
		if err != nil {
			h.stumble(err)
			return
		}
		h.pause(timer, rest(carried)-time.Since(sent))
	}
}

// advance sends one request of the feed. It gives how many it carried.
func (h *hub) advance(in *room, b batch, cursor uint64) (carried int, err error) {
	if carried = b.size(); carried > 0 {
		// What went wrong was told to those in the batch. The feed goes on.
		if r := h.exchange(in, b, &cursor); r != nil && r.Listed > cursor {
			h.arrived(r.Messages, r.Listed)
			carried += len(r.Messages)
		}
		return carried, nil
	}
	l, err := h.api.list(h.ctx, in, cursor, maxPoll)
	if err != nil {
		return 0, err
	}
	h.arrived(l.Messages, l.Cursor)
	return len(l.Messages), nil
}

// arrived takes in what the feed listed.
func (h *hub) arrived(messages []message, cursor uint64) {
	h.mu.Lock()
	h.feed.cursor, h.feed.listening = cursor, false
	told := h.shelve(messages)
	h.mu.Unlock()
	tell(told)
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

// shelve takes in what was listed, if somebody waits for it. Whoever comes later asks
// himself.
func (h *hub) shelve(messages []message) (told []telling) {
	for i := range messages {
		m := &messages[i]
		wanted := false
		for _, w := range h.watches[m.Recipient] {
			switch {
			case w.wants(m):
				wanted = true
			case !w.looking && m.Number > max(w.mark, w.seen):
				w.passed++
			}
		}
		if wanted {
			h.shelf.put(m)
			told = h.serve(m.Recipient, told)
		}
	}
	return told
}

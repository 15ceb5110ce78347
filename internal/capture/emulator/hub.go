package emulator

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/authbench/authbench/internal/contact"

	"github.com/authbench/authbench/internal/capture"
)

// hub gives the messages of a project to those who watch for them.
type hub struct {
	api    api
	ctx    context.Context // ends with the source
	cancel context.CancelFunc
	work   sync.WaitGroup

	mu      sync.Mutex
	shelf   shelf
	watches map[string][]*watch // by recipient, in the order in which they began
	live    int                 // all of them
	asked   int                 // requests so far
	feed    feed
	desk    desk
}

// watch waits for one message. The hub's lock guards it.
type watch struct {
	recipient string
	mark      uint64
	match     capture.Match
	found     func(capture.Message, error)
	// asked is how many requests there were when it began.
	asked int
	taken int
	// claiming tells that a message is being claimed for it.
	claiming bool
	// looking tells that older messages may be missing on the shelf, and are asked for:
	// until they are there no message is the oldest.
	looking bool
	over    bool
	// only is room for the list of a recipient with one watch, as most are.
	only [1]*watch
}

// Watch implements capture.Source.
func (h *hub) Watch(mark capture.Mark, match capture.Match, found func(capture.Message, error)) func() (capture.Seen, bool) {
	w := &watch{recipient: contact.Login(match.Recipient), match: match, found: found}
	number, err := strconv.ParseUint(mark.Cursor(), 10, 64)
	if err != nil {
		err = fmt.Errorf("emulator inbox: the mark is of another source")
	}
	w.mark = number
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ctx.Err() != nil {
		err = errClosed
	}
	w.asked = h.asked
	if err != nil {
		w.over = true
		go found(capture.Message{}, err)
		return func() (capture.Seen, bool) { return capture.Seen{}, false }
	}
	list := h.watches[w.recipient]
	if list == nil {
		list = w.only[:0]
	}
	h.watches[w.recipient] = append(list, w)
	h.live++
	h.listen()
	if w.mark < h.shelf.floor {
		h.lookBack(w)
	} else {
		h.serve(w.recipient)
	}
	return func() (capture.Seen, bool) { return h.stop(w) }
}

func (h *hub) stop(w *watch) (capture.Seen, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if w.over {
		return capture.Seen{}, false
	}
	h.forget(w)
	seen := capture.Seen{Requests: max(1, h.asked-w.asked), Taken: w.taken}
	for _, e := range h.shelf.entries[w.recipient] {
		if e.Number > w.mark && !e.matches(&w.match) {
			seen.Passed++
		}
	}
	return seen, true
}

// serve gives the messages to a recipient to those who watch for them, the oldest
// to whoever began first.
func (h *hub) serve(recipient string) {
	for _, w := range h.watches[recipient] {
		if w.claiming || w.looking {
			continue
		}
		for _, e := range h.shelf.entries[recipient] {
			if e.owner != nil || e.Number <= w.mark || !e.matches(&w.match) {
				continue
			}
			h.shelf.give(e, w)
			h.claim(e)
			break
		}
	}
}

// settle ends a claim: the message is ours, or somebody else has it. It gives the watch
// that must be told, if any, once the lock is released.
func (h *hub) settle(e *entry, ours bool) (tell *watch) {
	w := h.shelf.back(e)
	switch {
	case !ours:
		h.shelf.remove(e)
		h.missed(e, nil)
		if !w.over && w.mark < h.shelf.floor {
			h.lookBack(w) // what was dropped meanwhile may be the next
		}
	case w.over:
		e.ours = true // nobody else can have it, so that it stays for the next
	default:
		h.shelf.remove(e)
		h.missed(e, w)
		h.forget(w)
		tell = w
	}
	h.serve(e.Recipient)
	return tell
}

// missed tells those who would have taken a message that another did.
func (h *hub) missed(e *entry, by *watch) {
	for _, w := range h.watches[e.Recipient] {
		if w != by && e.Number > w.mark && e.matches(&w.match) {
			w.taken++
		}
	}
}

// forget ends a watch.
func (h *hub) forget(w *watch) {
	w.over = true
	h.live--
	rest := h.watches[w.recipient]
	if i := slices.Index(rest, w); i >= 0 {
		rest = slices.Delete(rest, i, i+1)
	}
	if len(rest) == 0 {
		delete(h.watches, w.recipient)
	} else {
		h.watches[w.recipient] = rest
	}
}

// fail ends all watches.
func (h *hub) fail(err error) {
	h.mu.Lock()
	ended := make([]*watch, 0, h.live)
	for _, list := range h.watches {
		for _, w := range list {
			w.over = true
			ended = append(ended, w)
		}
	}
	clear(h.watches)
	h.live = 0
	h.mu.Unlock()
	refuse(ended, err)
}

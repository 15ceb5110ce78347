package emulator

import (
	"context"
	"errors"
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
	waiting int                 // those that the feed is for
	began   uint64              // all that were
	asked   int                 // requests so far
	feed    feed
	desk    desk
}

// watch waits for one message. First the desk asks for what is there already, then the
// feed lists what comes. The hub's lock guards it.
type watch struct {
	recipient string
	mark      uint64
	match     capture.Match
	found     func(capture.Message, error)
	// began counts the watches up to it.
	began uint64
	// asked is how many requests there were when it began.
	asked int
	// passed and taken are the messages that did not match, and that others got.
	passed, taken int32
	// seen is the number of the newest message that the desk looked at for it.
	seen uint64
	// claiming tells that a message is being claimed for it.
	claiming bool
	// looking tells that the desk asks what there is, or is about to: until then no message
	// is the oldest.
	looking bool
	over    bool
	// stopped is how many requests there were until it was stopped, 0 if it was not.
	stopped int32
	// only is room for the list of a recipient with one watch, as most are.
	only [1]*watch
}

// telling is a message that is ours and not told yet.
type telling struct {
	to       *watch
	what     *message
	requests int
}

// Watch implements capture.Source.
func (h *hub) Watch(mark capture.Mark, match capture.Match, found func(capture.Message, error)) func() (capture.Seen, bool) {
	w := &watch{recipient: contact.Login(match.Recipient), match: match, found: found, looking: true}
	number, err := strconv.ParseUint(mark.Cursor(), 10, 64)
	if err != nil {
		err = fmt.Errorf("emulator inbox: the mark is of another source")
	}
	w.mark = number
	if w.recipient == "" {
		err = errors.New("emulator inbox: no recipient is given")
	}
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
	h.began++
	w.began = h.began
	h.look(w)
	return func() (capture.Seen, bool) { return h.stop(w) }
}

func (h *hub) stop(w *watch) (capture.Seen, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case !w.over:
		h.forget(w)
		w.stopped = int32(max(1, h.asked-w.asked))
	case w.stopped == 0:
		return capture.Seen{}, false
	}
	return capture.Seen{Requests: int(w.stopped), Passed: int(w.passed), Taken: int(w.taken)}, true
}

// serve gives the messages to a recipient that are on the shelf to those who wait for
// them, the oldest to whoever began first. Those that are ours are told.
func (h *hub) serve(recipient string, told []telling) []telling {
	for i := 0; i < len(h.watches[recipient]); {
		w := h.watches[recipient][i]
		e := h.shelf.first(w)
		switch {
		case e == nil:
			i++
		case e.ours:
			h.shelf.remove(e)
			told = append(told, h.end(w, &e.message))
		default:
			h.shelf.give(e, w)
			h.claim(e)
			i++
		}
	}
	return told
}

// end ends a watch with its message.
func (h *hub) end(w *watch, m *message) telling {
	for _, other := range h.watches[m.Recipient] {
		if other != w && other.wants(m) {
			other.taken++
		}
	}
	h.forget(w)
	return telling{w, m, max(1, h.asked-w.asked)}
}

// tell calls those who got a message. The hub's lock must not be held.
func tell(told []telling) {
	for i := range told {
		t := &told[i]
		t.to.found(t.what.captured(t.requests), nil)
	}
}

// settle ends a claim: the message is ours, or somebody else has it, who may be a watch that
// called.
func (h *hub) settle(e *entry, ours bool, told []telling) []telling {
	w := h.shelf.back(e)
	switch {
	case !ours && !e.ours:
		h.shelf.remove(e)
		for _, other := range h.watches[e.Recipient] {
			if other.wants(&e.message) {
				other.taken++
			}
		}
		if !w.over {
			h.look(w)
		}
	case w.over:
		h.shelf.keep(e) // nobody else can have it, so that it stays for the next
	default:
		h.shelf.remove(e)
		told = append(told, h.end(w, &e.message))
	}
	return h.serve(e.Recipient, told)
}

// forget ends a watch.
func (h *hub) forget(w *watch) {
	w.over = true
	h.live--
	if !w.looking {
		h.waiting--
	}
	rest := h.watches[w.recipient]
	if i := slices.Index(rest, w); i >= 0 {
		rest = slices.Delete(rest, i, i+1)
	}
	if len(rest) == 0 {
		delete(h.watches, w.recipient)
	} else {
		h.watches[w.recipient] = rest
	}
	h.shelf.leave(w, rest)
}

// fail ends all watches.
func (h *hub) fail(err error) {
	h.mu.Lock()
	ended := make([]*watch, 0, h.live)
	for _, list := range h.watches {
		for _, w := range list {
			w.over = true
			h.shelf.leave(w, nil)
			ended = append(ended, w)
		}
	}
	clear(h.watches)
	h.live, h.waiting = 0, 0
	h.mu.Unlock()
	refuse(ended, err)
}

// wants tells whether a message is one that the watch waits for.
func (w *watch) wants(m *message) bool { return m.Number > w.mark && m.matches(&w.match) }

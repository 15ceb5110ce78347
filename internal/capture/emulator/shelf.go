package emulator

import (
	"cmp"
	"slices"
	"strings"

	"github.com/authbench/authbench/internal/capture"
)

// maxShelf bounds the messages that are kept for somebody who may still ask.
const maxShelf = 65_536

// entry is a message that was listed and not given to anybody.
type entry struct {
	message
	// owner is the watch that it is being claimed for.
	owner *watch
	// ours tells that it was claimed, for a watch that had ended meanwhile.
	ours bool
	gone bool
	// queued tells that it is in the shelf's order.
	queued bool
	// only is room for the list of a recipient with one message, as most are.
	only [1]*entry
}

// shelf holds the messages that were listed. The hub's lock guards it.
type shelf struct {
	entries map[string][]*entry // by recipient, by number
	order   []*entry            // oldest first, all that may be dropped and some that are gone or given
	count   int
	given   int // how many of them have an owner: the limit is not for these
	limit   int
	// floor is a number up to which messages may be missing here.
	floor uint64
}

func newShelf() shelf { return shelf{entries: map[string][]*entry{}, limit: maxShelf} }

// put takes in a message unless it is here. It may be more than the limit: trim.
func (s *shelf) put(m *message) {
	list := s.entries[m.Recipient]
	i, found := slices.BinarySearchFunc(list, m.Number, func(e *entry, n uint64) int { return cmp.Compare(e.Number, n) })
	if found {
		return
	}
	e := &entry{message: *m}
	if list == nil {
		list = e.only[:0]
	}
	s.entries[m.Recipient] = slices.Insert(list, i, e)
	s.queue(e)
	s.count++
}

func (s *shelf) queue(e *entry) {
	if !e.queued {
		e.queued = true
		s.order = append(s.order, e)
	}
}

// give has a message claimed for a watch.
func (s *shelf) give(e *entry, w *watch) {
	e.owner, w.claiming = w, true
	s.given++
}

// back ends the claim. The message stays until it is removed.
func (s *shelf) back(e *entry) *watch {
	w := e.owner
	e.owner, w.claiming = nil, false
	s.given--
	s.queue(e)
	return w
}

// trim drops the oldest messages that nobody is being given, down to the limit.
func (s *shelf) trim() {
	for s.count-s.given > s.limit {
		e := s.order[0]
		s.order = s.order[1:]
		e.queued = false
		if !e.gone && e.owner == nil {
			s.floor = max(s.floor, e.Number)
			s.remove(e)
		}
	}
}

func (s *shelf) remove(e *entry) {
	if e.gone {
		return
	}
	e.gone = true
	s.count--
	list := slices.DeleteFunc(s.entries[e.Recipient], func(x *entry) bool { return x == e })
	if len(list) == 0 {
		delete(s.entries, e.Recipient)
	} else {
		s.entries[e.Recipient] = list
	}
	if len(s.order) > 64 && len(s.order) > 2*s.count {
		s.order = slices.Clip(slices.DeleteFunc(s.order, func(x *entry) bool { return x.gone }))
	}
}

func (m *message) matches(match *capture.Match) bool {
	return strings.Contains(m.Subject, match.Subject) && strings.Contains(m.Body, match.Contains)
}

func (m *message) captured(requests int) capture.Message {
	return capture.Message{
		ID: m.ID, Recipient: m.Recipient, Channel: m.Channel, Subject: m.Subject, Body: m.Body,
		Links: links(m.Body), ReceivedAt: m.CreatedAt, Requests: requests,
	}
}

package emulator

import (
	"cmp"
	"slices"
	"strings"

	"github.com/authbench/authbench/internal/capture"
)

// maxKept bounds the messages that are ours and wait for somebody to ask for them.
const maxKept = 4096

// entry is a message that somebody waits for, or waited for.
type entry struct {
	message
	// owner is the watch that it is being claimed for.
	owner *watch
	// ours tells that it was claimed, for a watch that had ended meanwhile or that got an
	// older one.
	ours bool
	gone bool
	// only is room for the list of a recipient with one message, as most are.
	only [1]*entry
}

// shelf holds messages until it is known who gets them. The hub's lock guards it.
type shelf struct {
	entries map[string][]*entry // by recipient, by number
	kept    []*entry            // that are ours, in the order of becoming so; some are gone
	limit   int
}

func newShelf() shelf { return shelf{entries: map[string][]*entry{}, limit: maxKept} }

// put takes in a message. One that is here already stays.
func (s *shelf) put(m *message) *entry {
	list := s.entries[m.Recipient]
	i, found := slices.BinarySearchFunc(list, m.Number, func(e *entry, n uint64) int { return cmp.Compare(e.Number, n) })
	if found {
		return list[i]
	}
	e := &entry{message: *m}
	if list == nil {
		list = e.only[:0]
	}
	s.entries[m.Recipient] = slices.Insert(list, i, e)
	return e
}

// first gives the oldest message that a watch may have, nil for none.
func (s *shelf) first(w *watch) *entry {
	if w.claiming || w.looking {
		return nil
	}
	for _, e := range s.entries[w.recipient] {
		if e.owner == nil && w.wants(&e.message) {
			return e
		}
	}
	return nil
}

// give has a message claimed for a watch.
func (s *shelf) give(e *entry, w *watch) { e.owner, w.claiming = w, true }

// back ends the claim. The message stays until it is removed.
func (s *shelf) back(e *entry) *watch {
	w := e.owner
	e.owner, w.claiming = nil, false
	return w
}

// keep makes a message ours. The oldest of too many is dropped.
func (s *shelf) keep(e *entry) {
	if e.ours || e.gone {
		return
	}
	e.ours = true
	s.kept = append(s.kept, e)
	for len(s.kept) > s.limit {
		s.remove(s.kept[0])
		s.kept = s.kept[1:]
	}
}

// leave drops what was there for a watch that is over and for none of the others that its
// recipient has.
func (s *shelf) leave(w *watch, others []*watch) {
	list, ok := s.entries[w.recipient]
	if !ok {
		return
	}
	list = slices.DeleteFunc(list, func(e *entry) bool {
		e.gone = e.owner == nil && !e.ours && w.wants(&e.message) &&
			!slices.ContainsFunc(others, func(o *watch) bool { return o.wants(&e.message) })
		return e.gone
	})
	s.set(w.recipient, list)
}

func (s *shelf) remove(e *entry) {
	if e.gone {
		return
	}
	e.gone = true
	s.set(e.Recipient, slices.DeleteFunc(s.entries[e.Recipient], func(x *entry) bool { return x == e }))
}

func (s *shelf) set(recipient string, list []*entry) {
	if len(list) == 0 {
		delete(s.entries, recipient)
	} else {
		s.entries[recipient] = list
	}
}

func (m *message) matches(match *capture.Match) bool {
	return strings.Contains(m.Subject, match.Subject) && strings.Contains(m.Body, match.Contains)
}

func (m *message) captured(requests int) capture.Message {
	received := m.Delivery.ArrivedAt
	if received.IsZero() {
		received = m.CreatedAt
	}
	return capture.Message{
		ID: m.ID, Recipient: m.Recipient, Channel: m.Channel, Subject: m.Subject, Body: m.Body,
		Links: links(m.Body), ReceivedAt: received, Requests: requests,
	}
}

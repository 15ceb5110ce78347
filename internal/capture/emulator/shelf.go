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
	// only is room for the list of a recipient with one message, as most are.
	only [1]*entry
}

// shelf holds the messages that were listed. The hub's lock guards it.
type shelf struct {
	entries map[string][]*entry // by recipient, by number
	order   []*entry            // oldest first; those that are gone are left out when met
	count   int
	// floor is a number up to which messages may be missing here.
	floor uint64
}

func newShelf() shelf { return shelf{entries: map[string][]*entry{}} }

// put takes in a message unless it is here.
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
	s.order = append(s.order, e)
	s.count++
	for s.count > maxShelf && s.evict() {
	}
}

// evict drops the oldest message that nobody is being given.
func (s *shelf) evict() bool {
	for i, e := range s.order {
		if e.gone || e.owner != nil {
			continue
		}
		s.floor = max(s.floor, e.Number)
		s.remove(e)
		s.order = s.order[i+1:]
		return true
	}
	return false
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

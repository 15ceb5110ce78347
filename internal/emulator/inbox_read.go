package emulator

import "slices"

// markRead takes messages as consumed. It gives those that were unread, and the
// cursor behind everything that has arrived.
func (b *inbox) markRead(ids ...string) (taken []string, cursor uint64) {
	b.settle()
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.take(ids), b.arrived
}

// markAndList is markRead and, in the same moment, a list of what is unread after a
// cursor. When there can be no list nothing is marked either.
func (b *inbox) markAndList(ids []string, after uint64) (*takenList, error) {
	b.settle()
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.reaches(after); err != nil {
		return nil, err
	}
	t := &takenList{FormatVersion: AdminVersion, Cursor: b.arrived, Read: b.take(ids)}
	var err error
	t.Messages, t.Listed, err = b.list("", after, false)
	return t, err
}

// take is markRead for a caller that holds the lock.
func (b *inbox) take(ids []string) (taken []string) {
	taken = []string{}
	for _, id := range ids {
		if m, ok := b.byID[id]; ok {
			taken = append(taken, id)
			b.consume(m)
		}
	}
	b.tidy()
	return taken
}

// consume takes an unread message as read. It gives it as it is listed from here on: those
// who have listed it still look at the one before. Call tidy after the last.
func (b *inbox) consume(m *message) *message {
	b.forget(m)
	m.consumed = true
	kept := *m
	kept.Read = true
	b.read = append(b.read, &kept)
	return &kept
}

// tidy drops what is kept too long.
func (b *inbox) tidy() {
	if more := len(b.read) - readLimit; more > 0 {
		b.read = slices.Delete(b.read, 0, more)
	}
	b.compact()
}

func (b *inbox) dropOldest() {
	for i, m := range b.unread {
		if !m.consumed {
			b.dropped = m.Number
			b.forget(m)
			m.consumed = true // for who holds it
			clear(b.unread[:i+1])
			b.unread = b.unread[i+1:]
			return
		}
	}
}

// forget removes a message from the indexes of the unread.
func (b *inbox) forget(m *message) {
	delete(b.byID, m.ID)
	b.unreadCount--
	rest := b.byRecipient[m.Recipient]
	if len(rest) > 0 && rest[0] == m { // moves nothing: mostly it is the oldest that goes
		rest[0] = nil
		rest = rest[1:]
	} else if i, ok := slices.BinarySearchFunc(rest, m.Number, byNumber); ok {
		rest = slices.Delete(rest, i, i+1)
	}
	if len(rest) == 0 {
		delete(b.byRecipient, m.Recipient)
	} else {
		b.byRecipient[m.Recipient] = rest
	}
}

// compact removes what was read from the list of the unread, when it is half
// of it: a constant cost for each message.
func (b *inbox) compact() {
	if len(b.unread) > 64 && len(b.unread) > 2*b.unreadCount {
		b.unread = slices.Clip(slices.DeleteFunc(b.unread, func(m *message) bool { return m.consumed }))
	}
}

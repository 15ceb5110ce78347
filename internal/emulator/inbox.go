package emulator

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
)

const (
	// defaultUnreadLimit lets a hundred thousand wait at a time and more. A full inbox
	// takes about 250 MiB.
	defaultUnreadLimit = 262_144
	readLimit          = 256
	// listLimit bounds the messages of one answer; its reader goes on from its cursor.
	listLimit = 2048
)

var (
	errInboxClosed  = errors.New("project is gone")
	errInboxReset   = errors.New("project was made new")
	errMessagesLost = errors.New("unread messages after the cursor were dropped, the inbox was full")
)

// inbox keeps the messages of a project instead of sending them. Unread
// messages are kept up to a limit and then the oldest is dropped, which a
// reader whose cursor is older is told. Read ones are kept for a look back.
// Its methods are safe for concurrent use.
type inbox struct {
	unreadLimit int
	way         *delivery // what may be about to arrive; nil if nothing ever is

	mu          sync.Mutex
	arrived     uint64                // number of the newest message
	dropped     uint64                // number of the newest message dropped unread
	unread      []*message            // by number; consumed ones are skipped and compacted away
	unreadCount int                   // entries of unread that are
	byRecipient map[string][]*message // unread, by number
	byID        map[string]*message   // unread
	read        []*message            // by time of reading
	waiters     map[string]*waiter    // by recipient, "" for any
	streams     int                   // that are open
	total       tally
	tallied     map[string]tally // by recipient
	uncounted   bool             // a recipient is in total alone
	closed      bool
	resets      uint64          // how often every message was forgotten
	life        context.Context // ends with the next time
	endLife     context.CancelFunc
}

func newInbox(unreadLimit int) *inbox {
	life, endLife := context.WithCancel(context.Background())
	return &inbox{
		life:        life,
		endLife:     endLife,
		unreadLimit: unreadLimit,
		byRecipient: map[string][]*message{},
		byID:        map[string]*message{},
		waiters:     map[string]*waiter{},
		tallied:     map[string]tally{},
	}
}

// settle lets everything arrive whose time has come. The caller does not hold the lock.
func (b *inbox) settle() {
	if b.way != nil {
		b.way.settle()
	}
}

// put takes in a message and numbers it. It gives the cursor right before it.
func (b *inbox) put(m *message) (before uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	by := tally{Delivered: 1}
	if m.Delivery == nil { // nobody has counted it
		by.Sent = 1
	}
	b.tally(m.Recipient, by)
	before = b.arrived
	b.arrived++
	m.Number = b.arrived
	b.unread = append(b.unread, m)
	b.unreadCount++
	b.byRecipient[m.Recipient] = append(b.byRecipient[m.Recipient], m)
	b.byID[m.ID] = m
	if b.unreadCount > b.unreadLimit {
		b.dropOldest()
	}
	b.compact()
	b.wake(m.Recipient)
	b.wake("")
	return before
}

// list gives the messages of a recipient (empty means of any) that arrived
// after the cursor, oldest first and so many as one answer has, and the cursor
// to go on from. With readToo the read ones that are still kept are among them.
// The caller holds the lock.
func (b *inbox) list(recipient string, after uint64, readToo bool) (found []*message, cursor uint64, err error) {
	if err := b.reaches(after); err != nil {
		return nil, b.arrived, err
	}
	candidates := b.unread
	if recipient != "" {
		candidates = b.byRecipient[recipient]
	}
	start, exact := slices.BinarySearchFunc(candidates, after, byNumber)
	if exact {
		start++
	}
	const enough = listLimit + 1 // one more tells that there are more
	found = make([]*message, 0, min(len(candidates)-start, b.unreadCount, enough))
	for _, m := range candidates[start:] {
		if len(found) == enough {
			break
		}
		if !m.consumed {
			found = append(found, m)
		}
	}
	if readToo {
		for _, m := range b.read {
			if m.Number > after && (recipient == "" || m.Recipient == recipient) {
				found = append(found, m)
			}
		}
		slices.SortFunc(found, func(x, y *message) int { return byNumber(x, y.Number) })
	}
	if len(found) > listLimit {
		return found[:listLimit], found[listLimit-1].Number, nil
	}
	return found, b.arrived, nil
}

// kept lists every message that is kept, of a recipient or of any.
func (b *inbox) kept(recipient string) ([]*message, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, errInboxClosed
	}
	candidates := b.unread
	if recipient != "" {
		candidates = b.byRecipient[recipient]
	}
	out := make([]*message, 0, len(candidates))
	for _, m := range candidates {
		if !m.consumed {
			out = append(out, m)
		}
	}
	return append(out, b.read...), nil
}

// reaches tells why messages after a cursor can not be listed.
func (b *inbox) reaches(after uint64) error {
	switch {
	case b.closed:
		return errInboxClosed
	case after < b.dropped:
		return errMessagesLost
	}
	return nil
}

// cursor reads a cursor. An empty one stands before the oldest message kept.
func (b *inbox) cursor(s string) (uint64, error) {
	if s != "" {
		return strconv.ParseUint(s, 10, 64)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.dropped, nil
}

// close ends all waiting.
func (b *inbox) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for recipient := range b.waiters {
		b.wake(recipient)
	}
}

func byNumber(m *message, n uint64) int {
	switch {
	case m.Number < n:
		return -1
	case m.Number > n:
		return 1
	}
	return 0
}

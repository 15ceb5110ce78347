package emulator

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"
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

// waiter wakes everybody who waits for one recipient.
type waiter struct {
	woken chan struct{}
	count int
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

// within lists messages, and if there is none waits for as long as limit says. Most
// calls need no timer.
func (b *inbox) within(ctx context.Context, limit time.Duration, recipient string, after uint64, readToo bool) ([]*message, uint64, error) {
	b.settle()
	b.mu.Lock()
	found, cursor, err := b.list(recipient, after, readToo)
	b.mu.Unlock()
	if err != nil || len(found) > 0 || limit <= 0 {
		return found, cursor, err
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return b.wait(ctx, recipient, after, readToo)
}

// wait lists messages, and if there is none waits until there is, ctx is done
// or the project is gone.
func (b *inbox) wait(ctx context.Context, recipient string, after uint64, readToo bool) ([]*message, uint64, error) {
	for {
		b.mu.Lock()
		found, cursor, err := b.list(recipient, after, readToo)
		if err != nil || len(found) > 0 || ctx.Err() != nil {
			b.mu.Unlock()
			return found, cursor, err
		}
		w := b.waiters[recipient]
		if w == nil {
			w = &waiter{woken: make(chan struct{})}
			b.waiters[recipient] = w
		}
		w.count++
		b.mu.Unlock()

		select {
		case <-w.woken:
		case <-ctx.Done():
			b.leave(recipient, w)
		}
	}
}

// leave takes one out of those who wait, so that nothing is left of a wait
// that ended in vain.
func (b *inbox) leave(recipient string, w *waiter) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if w.count--; w.count == 0 && b.waiters[recipient] == w {
		delete(b.waiters, recipient)
	}
}

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

// close ends all waiting.
func (b *inbox) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for recipient := range b.waiters {
		b.wake(recipient)
	}
}

func (b *inbox) wake(recipient string) {
	if w, ok := b.waiters[recipient]; ok {
		close(w.woken)
		delete(b.waiters, recipient)
	}
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

func byNumber(m *message, n uint64) int {
	switch {
	case m.Number < n:
		return -1
	case m.Number > n:
		return 1
	}
	return 0
}

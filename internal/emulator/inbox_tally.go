package emulator

import (
	"maps"
	"slices"
)

// talliedLimit bounds the recipients that are counted one by one. They take about
// 5 MiB.
const talliedLimit = 65_536

// tally counts messages.
type tally struct {
	Sent       uint32 `json:"sent"`
	Delivered  uint32 `json:"delivered"` // duplicates as well
	Lost       uint32 `json:"lost"`
	Rejected   uint32 `json:"rejected"`
	Duplicates uint32 `json:"duplicates"`
}

func (t *tally) add(by tally) {
	t.Sent += by.Sent
	t.Delivered += by.Delivered
	t.Lost += by.Lost
	t.Rejected += by.Rejected
	t.Duplicates += by.Duplicates
}

// shownTally is a tally as the admin API shows it.
type shownTally struct {
	tally
	Pending uint32 `json:"pending"`
}

func (t tally) shown() shownTally {
	return shownTally{t, t.Sent + t.Duplicates - t.Delivered - t.Lost - t.Rejected}
}

// recipientTally is the tally of one recipient.
type recipientTally struct {
	Recipient string `json:"recipient"`
	shownTally
}

// tallies is what the admin API answers to a call for counts.
type tallies struct {
	FormatVersion int              `json:"format_version"`
	Total         shownTally       `json:"total"`
	Recipients    []recipientTally `json:"recipients"` // by recipient
	// Complete says that no recipient is missing. One that is not listed then was sent
	// nothing.
	Complete bool `json:"complete"`
}

// count adds to the tally of a recipient.
func (b *inbox) count(recipient string, by tally) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tally(recipient, by)
}

// tally is count for a caller that holds the lock.
func (b *inbox) tally(recipient string, by tally) {
	b.total.add(by)
	t, known := b.tallied[recipient]
	if !known && len(b.tallied) >= talliedLimit {
		b.uncounted = true
		return
	}
	t.add(by)
	b.tallied[recipient] = t
}

// counts gives the tally of one recipient, or of all if it is empty.
func (b *inbox) counts(recipient string) tallies {
	b.settle()
	b.mu.Lock()
	defer b.mu.Unlock()
	out := tallies{FormatVersion: AdminVersion, Total: b.total.shown(), Recipients: []recipientTally{}}
	if recipient != "" {
		t, known := b.tallied[recipient]
		out.Recipients = append(out.Recipients, recipientTally{recipient, t.shown()})
		out.Complete = known || !b.uncounted
		return out
	}
	names := slices.Sorted(maps.Keys(b.tallied))
	out.Complete = !b.uncounted && len(names) <= listLimit
	for _, name := range names[:min(len(names), listLimit)] {
		out.Recipients = append(out.Recipients, recipientTally{name, b.tallied[name].shown()})
	}
	return out
}

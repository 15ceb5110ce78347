package emulator

import (
	"sync"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

const (
	// laneHeader tells which of several lanes of a client a request belongs to.
	laneHeader = "X-Authbench-Lane"
	// maxJournalText bounds what an entry keeps of a request, in bytes.
	maxJournalText = 256
)

// journal is the requests of a project that were answered last. It holds no bodies and
// nothing that a request could be repeated with. Its methods are safe for concurrent use.
type journal struct {
	mu   sync.Mutex
	room int            // entries kept at most; 0 keeps none
	ring []journalEntry // entry n has its place at n-1-base modulo room
	last uint64         // number of the newest entry
	base uint64         // number before the first entry that has its place in the ring
	// cleared is the number of the newest entry that was cleared.
	cleared uint64
}

// journalEntry is one request.
type journalEntry struct {
	number      uint64 // in the order of the answers, from 1
	verb, path  string
	lane        string
	enter, exit time.Duration // since the emulator was made, by the base of all clocks
	at          time.Time     // by the project's clock, of the answer
	status      int           // 0 means that there was no answer
	code        string        // error code; empty for a success
	fault       string
	userID      string
	channel     descope.Method
	recipient   string // whole; it is masked where it is shown
}

func (j *journal) add(e journalEntry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.room == 0 {
		return
	}
	j.last++
	e.number = j.last
	if len(j.ring) < j.room {
		j.ring = append(j.ring, e)
		return
	}
	*j.place(j.last) = e
}

// keeps tells whether any entry would be kept.
func (j *journal) keeps() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.room > 0
}

func (j *journal) place(n uint64) *journalEntry { return &j.ring[(n-1-j.base)%uint64(j.room)] }

// clear forgets every entry. The numbers go on, so that who reads on from one misses none.
func (j *journal) clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.ring, j.base, j.cleared = nil, j.last, j.last
}

// resize keeps as many of the newest entries as there is room for.
func (j *journal) resize(room int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if room == j.room {
		return
	}
	kept := min(room, len(j.ring))
	ring := make([]journalEntry, 0, kept)
	for n := j.last - uint64(kept) + 1; n <= j.last; n++ {
		ring = append(ring, *j.place(n))
	}
	j.ring, j.room, j.base = ring, room, j.last-uint64(kept)
}

// since gives the entries after a number, oldest first, and the numbers of the newest and
// of the newest that was cleared. lost tells how many of them are no longer kept.
func (j *journal) since(after uint64) (found []journalEntry, last, cleared, lost uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	oldest := j.last - uint64(len(j.ring)) // number before the oldest kept
	if after < oldest {
		lost, after = oldest-after, oldest
	}
	for n := after; n < j.last; n++ { // the highest number has none behind it
		found = append(found, *j.place(n + 1))
	}
	return found, j.last, j.cleared, lost
}

// count counts what a filter chooses, nil if the journal keeps nothing. What a reset has
// forgotten is not lost.
func (j *journal) count(f *journalFilter) *requestCount {
	if !j.keeps() {
		return nil
	}
	found, last, cleared, lost := j.since(f.after)
	if f.after < cleared {
		lost -= cleared - f.after
	}
	out := &requestCount{Last: last, Lost: lost}
	for i := range found {
		if f.takes(&found[i]) {
			out.Count++
		}
	}
	return out
}

// about notes for the journal whom a request is about, and where its message goes.
func (c *call) about(in *intent) {
	c.userID, c.recipient = in.user.info.UserID, in.contact
}

// note writes a request into the journal of its project. A request that names no
// project is in none.
func (e *Emulator) note(c *call, status int, code string) {
	if c.project == nil && !e.findProject(c) {
		return
	}
	base := e.base()
	entry := journalEntry{
		verb: bounded(c.request.Method), path: bounded(c.request.URL.Path),
		enter: c.entered, exit: base.Sub(e.made), at: c.project.clock.At(base),
		status: status, code: code, fault: c.fault, userID: c.userID, channel: c.channel, recipient: c.recipient,
	}
	if lane := c.request.Header[laneHeader]; len(lane) > 0 {
		entry.lane = bounded(lane[0])
	}
	c.project.journal.add(entry)
}

func bounded(s string) string { return s[:min(len(s), maxJournalText)] }

// findProject finds the project of a request that was refused before its bearer was
// looked at.
func (e *Emulator) findProject(c *call) bool {
	bearer, err := descope.ParseBearer(c.request.Header.Get("Authorization"))
	if err != nil {
		return false
	}
	var ok bool
	c.project, ok = e.project(bearer.Project)
	return ok
}

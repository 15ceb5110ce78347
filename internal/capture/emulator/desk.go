package emulator

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/authbench/authbench/internal/capture"
)

const (
	// maxClaims bounds the messages of one request, as the emulator does.
	maxClaims = 4096
	// deskTimeout bounds a request for marks and claims.
	deskTimeout = 30 * time.Second
)

// desk holds what no request carries yet. The feed takes marks and claims along unless it
// waits for messages; then the desk sends them. Calls are the desk's own, see call.go. The
// hub's lock guards it.
type desk struct {
	running bool // it sends
	batch
	calls []*watch
}

// batch is what one request carries.
type batch struct {
	marks  []chan<- marked
	claims []*entry
}

func (b *batch) size() int { return len(b.marks) + len(b.claims) }

// take gives what the next request carries.
func (d *desk) take() batch {
	b := d.batch
	d.batch = batch{}
	if len(b.claims) > maxClaims {
		d.claims = slices.Clone(b.claims[maxClaims:])
		b.claims = b.claims[:maxClaims]
	}
	return b
}

type marked struct {
	cursor uint64
	err    error
}

// Mark implements capture.Source. Marks that are asked for together share a request;
// each is taken by a request that was sent after it was asked for.
func (h *hub) Mark(ctx context.Context, _ capture.Send) (capture.Mark, error) {
	if err := ctx.Err(); err != nil {
		return capture.Mark{}, fmt.Errorf("the emulator's admin API: %w", err)
	}
	answer := make(chan marked, 1)
	h.mu.Lock()
	if h.ctx.Err() != nil {
		h.mu.Unlock()
		return capture.Mark{}, errClosed
	}
	h.desk.marks = append(h.desk.marks, answer)
	h.open()
	h.mu.Unlock()
	select {
	case m := <-answer:
		if m.err != nil {
			return capture.Mark{}, m.err
		}
		return capture.NewMark(strconv.FormatUint(m.cursor, 10)), nil
	case <-ctx.Done():
		return capture.Mark{}, fmt.Errorf("the emulator's admin API: %w", ctx.Err())
	}
}

// claim has a message marked as read for its owner.
func (h *hub) claim(e *entry) {
	h.desk.claims = append(h.desk.claims, e)
	h.open()
}

// open has somebody send what the desk holds.
func (h *hub) open() {
	if !h.desk.running && (len(h.desk.calls) > 0 || !h.feed.carries()) {
		h.desk.running = true
		h.work.Go(h.attend)
	}
}

func (h *hub) attend() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	var in room
	for {
		h.mu.Lock()
		var b batch
		if !h.feed.carries() {
			b = h.desk.take()
		}
		calls := h.desk.callers()
		if b.size()+len(calls) == 0 {
			h.desk.running = false
			h.mu.Unlock()
			return
		}
		h.asked++
		h.mu.Unlock()
		sent := time.Now()
		if b.size() > 0 {
			h.exchange(&in, b, nil)
		}
		if len(calls) > 0 {
			h.call(&in, calls)
		}
		h.pause(timer, rest(b.size()+len(calls))-time.Since(sent))
	}
}

// exchange carries out a batch, and tells everybody in it. With a cursor the receipt lists
// the messages after it; it is nil when there is none.
func (h *hub) exchange(in *room, b batch, after *uint64) *receipt {
	ids := make([]string, 0, len(b.claims))
	for _, e := range b.claims {
		ids = append(ids, e.ID)
	}
	ctx, cancel := context.WithTimeout(h.ctx, deskTimeout)
	defer cancel()
	r, err := h.api.take(ctx, in, ids, after)
	for _, m := range b.marks {
		if err != nil {
			m <- marked{err: err}
		} else {
			m <- marked{cursor: r.Cursor}
		}
	}
	switch {
	case len(b.claims) == 0:
	case err != nil:
		h.unsettled(b.claims, err)
	default:
		h.settled(b.claims, r.Read)
	}
	return r
}

// settled ends claims of which these were granted.
func (h *hub) settled(claims []*entry, granted []string) {
	slices.Sort(granted)
	h.mu.Lock()
	told := make([]telling, 0, len(claims))
	for _, e := range claims {
		_, got := slices.BinarySearch(granted, e.ID)
		told = h.settle(e, got, told)
	}
	h.mu.Unlock()
	tell(told)
}

// unsettled ends the watches whose claims could not be carried out. Whether the messages
// are taken is not known: who else wants one asks for it, for it is listed no more.
func (h *hub) unsettled(claims []*entry, err error) {
	h.mu.Lock()
	ended := make([]*watch, 0, len(claims))
	var told []telling
	for _, e := range claims {
		if e.ours { // a call took it
			told = h.settle(e, true, told)
			continue
		}
		w := h.shelf.back(e)
		h.shelf.remove(e)
		if !w.over {
			h.forget(w)
			ended = append(ended, w)
		}
		for _, other := range h.watches[e.Recipient] {
			if !other.looking && !other.claiming && other.wants(&e.message) {
				h.look(other)
			}
		}
	}
	h.mu.Unlock()
	tell(told)
	refuse(ended, err)
}

// refuse tells watches that ended why. The hub's lock must not be held.
func refuse(ended []*watch, err error) {
	for _, w := range ended {
		w.found(capture.Message{}, err)
	}
}

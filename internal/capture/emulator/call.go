package emulator

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
)

// found is what the emulator has for a watch: a message, which is ours by that, or why
// there is none.
type found struct {
	message
	Passed int  `json:"passed"`
	Lost   bool `json:"lost"`
	Later  bool `json:"later"`
}

// look has the desk ask what there is for a watch.
func (h *hub) look(w *watch) {
	if !w.looking {
		h.waiting--
		w.looking = true
	}
	h.desk.calls = append(h.desk.calls, w)
	h.open()
}

// maxCall bounds the body of a request, in bytes, as the emulator does.
const maxCall = 1<<20 - 64

// callers gives the watches of the next request, in the order in which they began: who
// calls again does not stand behind those who came later. For who is over nothing is taken.
func (d *desk) callers() []*watch {
	calls := slices.DeleteFunc(d.calls, func(w *watch) bool { return w.over })
	d.calls = nil
	slices.SortFunc(calls, func(v, w *watch) int { return cmp.Compare(v.began, w.began) })
	size := 0
	for i, w := range calls {
		if size += w.most(); i == maxClaims || i > 0 && size > maxCall {
			d.calls = slices.Clone(calls[i:])
			return calls[:i]
		}
	}
	return calls
}

// usualCall is how many bytes a watch takes in a request, but for its texts.
const usualCall = 80

// most is how many bytes the watch takes in a request at most, however its texts are
// escaped.
func (w *watch) most() int {
	const escaped = 6
	return usualCall + escaped*(len(w.recipient)+len(w.match.Subject)+len(w.match.Contains))
}

var errLost = errors.New("the emulator's inbox was full: messages that nobody read were dropped")

// call asks what there is for watches, and tells those who get something.
func (h *hub) call(in *room, calls []*watch) {
	ctx, cancel := context.WithTimeout(h.ctx, deskTimeout)
	defer cancel()
	cursor, all, err := h.api.call(ctx, in, calls)
	if err != nil {
		h.hangUp(calls, err)
		return
	}
	var lost []*watch
	h.mu.Lock()
	told := make([]telling, 0, len(calls))
	for i, w := range calls {
		f := &all[i]
		switch {
		case f.ID != "":
			told = h.came(w, &f.message, told)
		case w.over:
		case f.Lost:
			h.forget(w)
			lost = append(lost, w)
		case f.Later:
			h.look(w)
		default:
			w.passed, w.seen = max(w.passed, int32(f.Passed)), cursor // those of an earlier call are among them
			told = h.wait(w, cursor, told)
		}
	}
	h.mu.Unlock()
	tell(told)
	refuse(lost, errLost)
}

// came takes in a message that is ours, for a watch that called. It goes to whoever waits
// longest for it, and if that is another the watch calls again.
func (h *hub) came(w *watch, m *message, told []telling) []telling {
	if !w.over && len(h.watches[w.recipient]) == 1 && len(h.shelf.entries[w.recipient]) == 0 {
		return append(told, h.end(w, m))
	}
	h.shelf.keep(h.shelf.put(m))
	if w.over {
		return h.serve(w.recipient, told)
	}
	w.looking = false
	h.waiting++
	told = h.serve(w.recipient, told)
	if !w.over && !w.claiming {
		h.look(w)
	}
	return told
}

// wait has a watch wait for what comes behind a cursor.
func (h *hub) wait(w *watch, cursor uint64, told []telling) []telling {
	w.looking = false
	h.waiting++
	h.listen(cursor)
	return h.serve(w.recipient, told)
}

// hangUp ends watches that could not be called for. Whether messages are taken is not
// known, so nobody gets them.
func (h *hub) hangUp(calls []*watch, err error) {
	h.mu.Lock()
	ended := make([]*watch, 0, len(calls))
	for _, w := range calls {
		if !w.over {
			h.forget(w)
			ended = append(ended, w)
		}
	}
	h.mu.Unlock()
	refuse(ended, err)
}

// call asks what there is for watches. Found has an element for each; the cursor stands
// behind everything that was looked at.
func (a *api) call(ctx context.Context, in *room, calls []*watch) (cursor uint64, all []found, err error) {
	body, err := a.ask(ctx, in, http.MethodPost, a.messages+"/take", appendCalls(nil, calls))
	if err != nil {
		return 0, nil, err
	}
	c, ok := a.forms.decodeCallback(body, in)
	if !ok || c.FormatVersion != 1 || len(c.Found) != len(calls) {
		return 0, nil, a.strange()
	}
	return c.Cursor, c.Found, nil
}

// appendCalls writes the body of a request for what there is for watches.
func appendCalls(b []byte, calls []*watch) []byte {
	b = slices.Grow(b, usualCall*(1+len(calls)))
	b = append(b, `{"wanted":[`...)
	for i, w := range calls {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(append(b, `{"recipient":`...), w.recipient)
		b = append(b, `,"after":"`...)
		b = append(strconv.AppendUint(b, w.mark, 10), '"')
		if w.match.Subject != "" {
			b = appendText(append(b, `,"subject":`...), w.match.Subject)
		}
		if w.match.Contains != "" {
			b = appendText(append(b, `,"contains":`...), w.match.Contains)
		}
		b = append(b, '}')
	}
	return append(b, ']', '}')
}

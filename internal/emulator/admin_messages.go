package emulator

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/contact"
)

// maxWait bounds a long poll; a longer wait is cut to it, which a reader sees
// as an empty answer and asks again.
const maxWait = time.Minute

// maxRead bounds the messages of one call that takes several.
const maxRead = 4096

// readRequest names messages to be taken.
type readRequest struct {
	IDs   []string `json:"ids"`
	After *string  `json:"after"`
}

// readAnswer tells which were taken, and where the inbox stands.
type readAnswer struct {
	FormatVersion int      `json:"format_version"`
	Cursor        string   `json:"cursor"`
	Read          []string `json:"read"`
}

// messages lists the unread messages after a cursor, and with read=true the
// read ones that are still kept. If there is none it waits for as long as
// asked. The cursor of the answer, also of an empty one, is the next after. An
// answer has at most 2,048 messages and no more than fit into a mebibyte: whoever
// wants all goes on from its cursor until there is none. A cursor older than a
// message that was dropped unread is answered 410. With state it is an outbox instead.
func (a admin) messages(w http.ResponseWriter, r *http.Request, p *project) {
	query := r.URL.Query()
	if query.Has("state") {
		outbox(w, r, p)
		return
	}
	recipient := contact.Login(plusOf(query.Get("recipient")))
	after, err := p.inbox.cursor(query.Get("after"))
	if err != nil {
		adminError(w, http.StatusBadRequest, "after is not a cursor")
		return
	}
	wait, err := duration(query.Get("wait"))
	if err != nil {
		adminError(w, http.StatusBadRequest, "wait is not a duration such as 30s")
		return
	}
	found, cursor, err := p.inbox.within(r.Context(), min(wait, maxWait), recipient, after, query.Get("read") == "true")
	if err != nil {
		listError(w, err)
		return
	}
	answer(w, http.StatusOK, &messageList{AdminVersion, cursor, found})
}

// plusOf gives a phone its plus back, which a query that does not escape it
// turns into a space.
func plusOf(recipient string) string {
	if rest, ok := strings.CutPrefix(recipient, " "); ok && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
		return "+" + rest
	}
	return recipient
}

// markRead takes a message as consumed. Doing so twice is an error: a second
// reader must learn that it is not the only one.
func (a admin) markRead(w http.ResponseWriter, r *http.Request, p *project) {
	if taken, _ := p.inbox.markRead(r.PathValue("id")); len(taken) == 0 {
		adminError(w, http.StatusNotFound, "no such unread message")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// markAllRead takes several messages as consumed, those that still are unread. It
// tells which, and where the inbox stands: a call without any is a mark. With after it
// also lists the unread messages after that cursor, as a call for messages does that does
// not wait; listed is the next after.
func (a admin) markAllRead(w http.ResponseWriter, r *http.Request, p *project) {
	if r.ContentLength == 0 {
		adminError(w, http.StatusBadRequest, "body: it must be an object with ids")
		return
	}
	var in readRequest
	if !readDocument(w, r, maxBody, &in) {
		return
	}
	if len(in.IDs) > maxRead {
		adminError(w, http.StatusBadRequest, "body: more than 4096 ids")
		return
	}
	if in.After != nil {
		markAndList(w, p.inbox, in.IDs, *in.After)
		return
	}
	taken, cursor := p.inbox.markRead(in.IDs...)
	answer(w, http.StatusOK, readAnswer{AdminVersion, strconv.FormatUint(cursor, 10), taken})
}

func markAndList(w http.ResponseWriter, b *inbox, ids []string, cursor string) {
	after, err := b.cursor(cursor)
	if err != nil {
		adminError(w, http.StatusBadRequest, "after is not a cursor")
		return
	}
	if t, err := b.markAndList(ids, after); err != nil {
		listError(w, err)
	} else {
		answer(w, http.StatusOK, t)
	}
}

func listError(w http.ResponseWriter, err error) {
	status := http.StatusNotFound
	if errors.Is(err, errMessagesLost) {
		status = http.StatusGone
	}
	adminError(w, status, err.Error())
}

func duration(s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, errors.New("bad duration")
	}
	return d, nil
}

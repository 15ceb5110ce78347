package emulator

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/authbench/authbench/internal/contact"
)

// takeRequest tells what is waited for.
type takeRequest struct {
	Wanted []wanted `json:"wanted"`
}

// wanted is a message that somebody waits for: the oldest unread one to a recipient that
// stands behind a cursor and has both texts in it.
type wanted struct {
	Recipient string `json:"recipient"`
	After     string `json:"after"`
	Subject   string `json:"subject,omitempty"`
	Contains  string `json:"contains,omitempty"`

	after uint64
}

// takeAnswer has an element for each that was wanted, in order.
type takeAnswer struct {
	FormatVersion int     `json:"format_version"`
	Cursor        uint64  `json:"cursor,string"`
	Found         []found `json:"found"`
}

// found is the message, which is taken, or what is known when there is none.
type found struct {
	*message
	// Passed is how many unread ones behind the cursor lack the texts.
	Passed int `json:"passed,omitempty"`
	// Lost tells that messages behind the cursor were dropped unread.
	Lost bool `json:"lost,omitempty"`
	// Later tells that the answer is full: nothing was looked for.
	Later bool `json:"later,omitempty"`
}

// take gives to everybody who waits the oldest message that is for him, and takes it as
// read. It does not wait. The cursor stands behind everything that was looked at: whoever
// got none goes on from there.
func (a admin) take(w http.ResponseWriter, r *http.Request, p *project) {
	var in takeRequest
	if !readDocument(w, r, maxBody, &in) {
		return
	}
	if len(in.Wanted) > maxRead {
		adminError(w, http.StatusBadRequest, "body: more than 4096 are wanted")
		return
	}
	for i := range in.Wanted {
		m := &in.Wanted[i]
		m.Recipient = contact.Login(m.Recipient)
		after, err := p.inbox.cursor(m.After)
		if err != nil || m.Recipient == "" {
			adminError(w, http.StatusBadRequest, "body: wanted "+strconv.Itoa(i)+" has no recipient, or after is not a cursor")
			return
		}
		m.after = after
	}
	t, err := p.inbox.takeWanted(in.Wanted)
	if err != nil {
		listError(w, err)
		return
	}
	answer(w, http.StatusOK, t)
}

func (b *inbox) takeWanted(all []wanted) (*takeAnswer, error) {
	b.settle()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, errInboxClosed
	}
	t := &takeAnswer{AdminVersion, b.arrived, make([]found, len(all))}
	room, full, given := listBytes-usualNone*len(all), false, false
	for i := range all {
		f := &t.Found[i]
		if !full {
			*f = b.oldestFor(&all[i])
		}
		if f.message != nil {
			room -= f.message.most()
			full = given && room < 0 // one goes out whatever its size
		}
		switch {
		case full:
			*f = found{Later: true}
		case f.message != nil:
			f.message, given = b.consume(f.message), true
		}
	}
	b.tidy()
	return t, nil
}

// usualNone is how many bytes it takes at most to say that there is no message.
const usualNone = 32

// oldestFor looks for what is wanted.
func (b *inbox) oldestFor(w *wanted) (f found) {
	if w.after < b.dropped {
		return found{Lost: true}
	}
	candidates := b.byRecipient[w.Recipient]
	start, exact := slices.BinarySearchFunc(candidates, w.after, byNumber)
	if exact {
		start++
	}
	for _, m := range candidates[start:] {
		if strings.Contains(m.Subject, w.Subject) && strings.Contains(m.Body, w.Contains) {
			return found{message: m}
		}
		f.Passed++
	}
	return f
}

// most is how many bytes a message takes in an answer at most, however its texts are
// escaped.
func (m *message) most() int {
	const escaped = 6
	n := len(m.Recipient) + len(m.Subject) + len(m.Body) + len(m.Link) + len(m.Code) + len(m.TemplateID) + len(m.Locale) + len(m.ProviderID)
	for name, text := range m.TemplateOptions {
		n += len(name) + len(text) + 2
	}
	return usualMessage + escaped*n
}

// append appends the document as encoding/json writes it.
func (t *takeAnswer) append(b []byte) ([]byte, error) {
	b = slices.Grow(b, 64+usualMessage*len(t.Found))
	o := members{b: append(b, '{')}
	o.number("format_version", int32(t.FormatVersion))
	o.quoted("cursor", t.Cursor)
	o.name("found")
	o.b = append(o.b, '[')
	for i := range t.Found {
		if i > 0 {
			o.b = append(o.b, ',')
		}
		t.Found[i].append(&o)
	}
	o.b = append(o.b, ']', '}')
	return o.b, o.err
}

func (f *found) append(o *members) {
	if f.message != nil {
		f.message.append(o)
		return
	}
	o.b = append(o.b, '{')
	if f.Passed > 0 {
		o.number("passed", int32(min(f.Passed, 1<<31-1)))
	}
	if f.Lost {
		o.flag("lost", true)
	}
	if f.Later {
		o.flag("later", true)
	}
	o.b = append(o.b, '}')
}

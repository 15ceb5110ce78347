package emulator

import (
	"slices"
	"strconv"
	"time"

	"github.com/authbench/authbench/internal/sms"
)

// message is one message as the admin API shows it. It does not change but for
// consumed, so that a list of messages may be used without the inbox's lock.
type message struct {
	ID              string            `json:"id"`
	Recipient       string            `json:"recipient"`
	Channel         string            `json:"channel"`
	Purpose         purpose           `json:"purpose"`
	Subject         string            `json:"subject,omitempty"`
	Body            string            `json:"body"`
	Link            string            `json:"link,omitempty"`
	Code            string            `json:"code,omitempty"`
	CreatedAt       time.Time         `json:"created_at"`
	Read            bool              `json:"read"`
	State           state             `json:"state"`
	Encoding        sms.Encoding      `json:"encoding,omitempty"` // of an SMS
	Segments        uint16            `json:"segments,omitempty"` // of an SMS
	consumed        bool              // read or dropped; the inbox's lock guards it
	Delivery        *journey          `json:"delivery,omitempty"` // nil if it went straight into the inbox
	TemplateOptions map[string]string `json:"template_options,omitempty"`
	TemplateID      string            `json:"template_id,omitempty"`
	Locale          string            `json:"locale,omitempty"`
	ProviderID      string            `json:"provider_id,omitempty"`

	// Number counts arrivals in the project from 1. As a cursor it stands right after
	// this message.
	Number uint64 `json:"cursor,string"`
}

// listBytes bounds an answer, so that clients that bound what they read can read it. One
// message goes out whatever its size.
const listBytes = 1<<20 - 1<<10

// usualMessage is how many bytes most messages do not exceed in a list.
const usualMessage = 576

// messageList is what the admin API answers to a call for messages. Its JSON is that
// of the struct.
type messageList struct {
	FormatVersion int        `json:"format_version"`
	Cursor        uint64     `json:"cursor,string"`
	Messages      []*message `json:"messages"`
}

// append appends the list as encoding/json writes it, or as much of it as one answer has,
// with the cursor to go on from.
func (l *messageList) append(b []byte) ([]byte, error) {
	b = slices.Grow(b, 64+usualMessage*len(l.Messages))
	from := len(b)
	o := members{b: append(b, '{')}
	o.number("format_version", int32(l.FormatVersion))
	o.quoted("cursor", l.Cursor)
	if n := o.messages(from, l.Messages); n < len(l.Messages) {
		short := messageList{l.FormatVersion, l.Messages[n-1].Number, l.Messages[:n]}
		return short.append(o.b[:from])
	}
	return append(o.b, '}'), o.err
}

// messages writes as many messages as one answer has, of which the text begins at from.
func (o *members) messages(from int, messages []*message) (n int) {
	o.name("messages")
	o.b = append(o.b, '[')
	for i := range messages {
		end := len(o.b)
		if i > 0 {
			o.b = append(o.b, ',')
		}
		messages[i].append(o)
		if i > 0 && len(o.b)-from > listBytes {
			o.b = append(o.b[:end], ']')
			return i
		}
	}
	o.b = append(o.b, ']')
	return len(messages)
}

// takenList is what the admin API answers to a call that takes messages and lists others.
type takenList struct {
	FormatVersion int        `json:"format_version"`
	Cursor        uint64     `json:"cursor,string"`
	Read          []string   `json:"read"`
	Messages      []*message `json:"messages"`
	Listed        uint64     `json:"listed,string"`
}

// append appends the document as encoding/json writes it, with no more messages than one
// answer has.
func (t *takenList) append(b []byte) ([]byte, error) {
	b = slices.Grow(b, 64+40*len(t.Read)+usualMessage*len(t.Messages))
	from := len(b)
	o := members{b: append(b, '{')}
	o.number("format_version", int32(t.FormatVersion))
	o.quoted("cursor", t.Cursor)
	o.texts("read", t.Read)
	listed := t.Listed
	if n := o.messages(from, t.Messages); n < len(t.Messages) {
		listed = t.Messages[n-1].Number
	}
	o.quoted("listed", listed)
	return append(o.b, '}'), o.err
}

func (m *message) append(o *members) {
	o.b = append(o.b, '{')
	o.text("id", m.ID)
	o.text("recipient", m.Recipient)
	o.text("channel", m.Channel)
	o.text("purpose", string(m.Purpose))
	o.optional("subject", m.Subject)
	o.text("body", m.Body)
	o.optional("link", m.Link)
	o.optional("code", m.Code)
	o.time("created_at", m.CreatedAt)
	o.flag("read", m.Read)
	o.text("state", m.State.String())
	if m.Segments > 0 {
		o.text("encoding", m.Encoding.String())
		o.number("segments", int32(m.Segments))
	}
	if m.Delivery != nil {
		o.any("delivery", m.Delivery)
	}
	if len(m.TemplateOptions) > 0 {
		o.any("template_options", m.TemplateOptions)
	}
	o.optional("template_id", m.TemplateID)
	o.optional("locale", m.Locale)
	o.optional("provider_id", m.ProviderID)
	o.quoted("cursor", m.Number)
	o.b = append(o.b, '}')
}

// quoted writes a number as a text.
func (o *members) quoted(name string, n uint64) {
	o.name(name)
	o.b = append(strconv.AppendUint(append(o.b, '"'), n, 10), '"')
}

func (o *members) time(name string, t time.Time) {
	o.name(name)
	o.b = append(o.b, '"')
	text, err := t.AppendText(o.b)
	if err != nil {
		if o.err == nil {
			o.err = err
		}
		return
	}
	o.b = text
	o.b = append(o.b, '"')
}

package emulator

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/jsondoc"
)

// listing is the emulator's answer to a request for messages.
type listing struct {
	FormatVersion int       `json:"format_version"`
	Cursor        uint64    `json:"cursor,string"`
	Messages      []message `json:"messages"`
}

type message struct {
	ID        string    `json:"id"`
	Recipient string    `json:"recipient"`
	Channel   string    `json:"channel"`
	Subject   string    `json:"subject"`
	Body      string    `json:"body"`
	CreatedAt time.Time `json:"created_at"`
	// Number is the place of the message among all of the project.
	Number uint64 `json:"cursor,string"`
}

// receipt is its answer to a request that takes messages.
type receipt struct {
	FormatVersion int      `json:"format_version"`
	Cursor        uint64   `json:"cursor,string"`
	Read          []string `json:"read"`
	// Messages are those up to Listed, when they were asked for too.
	Messages []message `json:"messages"`
	Listed   uint64    `json:"listed,string"`
}

// forms are what the answers look like when they are as they always are. Others are
// left to encoding/json: it says what is accepted.
type forms struct{ listing, message, receipt *jsondoc.Shape }

func newForms() forms {
	type message struct {
		ID        string `json:"id"`
		Recipient string `json:"recipient"`
		Channel   string `json:"channel"`
		Subject   string `json:"subject"`
		Body      string `json:"body"`
		CreatedAt string `json:"created_at"`
		Number    string `json:"cursor"`
	}
	type listing struct {
		FormatVersion int32     `json:"format_version"`
		Cursor        string    `json:"cursor"`
		Messages      []message `json:"messages"`
	}
	type receipt struct {
		FormatVersion int32     `json:"format_version"`
		Cursor        string    `json:"cursor"`
		Read          []string  `json:"read"`
		Messages      []message `json:"messages"`
		Listed        string    `json:"listed"`
	}
	return forms{jsondoc.ShapeOf[listing](), jsondoc.ShapeOf[message](), jsondoc.ShapeOf[receipt]()}
}

// decodeListing reads a listing. Nothing in it keeps data.
func (f *forms) decodeListing(data []byte) (*listing, bool) {
	l := &listing{}
	if f.readListing(data, l) {
		return l, true
	}
	*l = listing{}
	return l, json.Unmarshal(data, l) == nil
}

// readListing is the short way.
func (f *forms) readListing(data []byte, l *listing) bool {
	var v jsondoc.Fields
	return jsondoc.ParseFields(data, f.listing, &v) && l.read(&v, f.message)
}

// decodeReceipt reads a receipt. Nothing in it keeps data.
func (f *forms) decodeReceipt(data []byte) (*receipt, bool) {
	r := &receipt{}
	if f.readReceipt(data, r) {
		return r, true
	}
	*r = receipt{}
	return r, json.Unmarshal(data, r) == nil
}

// readReceipt is the short way.
func (f *forms) readReceipt(data []byte, r *receipt) bool {
	var v jsondoc.Fields
	return jsondoc.ParseFields(data, f.receipt, &v) && r.read(&v, f.message)
}

// read takes a listing out of a document that was proven to have its form.
func (l *listing) read(v *jsondoc.Fields, form *jsondoc.Shape) (ok bool) {
	if v := v.Find("format_version"); v.Kind() != jsondoc.None {
		if l.FormatVersion, ok = version(v); !ok {
			return false
		}
	}
	if v := v.Find("cursor"); v.Kind() != jsondoc.None {
		if l.Cursor, ok = number(v); !ok {
			return false
		}
	}
	l.Messages, ok = readMessages(v.Find("messages"), form)
	return ok
}

// usual is how long a message is in a listing, more or less.
const usual = 384

func readMessages(v jsondoc.Value, form *jsondoc.Shape) (out []message, ok bool) {
	if v.Kind() != jsondoc.Array {
		return nil, v.Kind() == jsondoc.None
	}
	out = make([]message, 0, len(v.Raw())/usual+1)
	for e := range v.Objects(form) {
		out = append(out, message{})
		if e.Kind() != jsondoc.Object || !out[len(out)-1].read(e) {
			return nil, false
		}
	}
	return out, true
}

// read takes a message out of an object. Its texts share one piece of memory.
func (m *message) read(f *jsondoc.Fields) (ok bool) {
	if v := f.Find("created_at"); v.Kind() != jsondoc.None && m.CreatedAt.UnmarshalJSON(v.Raw()) != nil {
		return false
	}
	if v := f.Find("cursor"); v.Kind() != jsondoc.None {
		if m.Number, ok = number(v); !ok {
			return false
		}
	}
	id, recipient, channel := f.Find("id").Bytes(), f.Find("recipient").Bytes(), f.Find("channel").Bytes()
	subject, body := f.Find("subject").Bytes(), f.Find("body").Bytes()
	var k keeper
	k.grow(len(id) + len(recipient) + len(channel) + len(subject) + len(body))
	m.ID, m.Recipient, m.Channel = k.keep(id), k.keep(recipient), k.keep(channel)
	m.Subject, m.Body = k.keep(subject), k.keep(body)
	return true
}

// read takes a receipt out of a document that was proven to have its form.
func (r *receipt) read(v *jsondoc.Fields, form *jsondoc.Shape) (ok bool) {
	if v := v.Find("format_version"); v.Kind() != jsondoc.None {
		if r.FormatVersion, ok = version(v); !ok {
			return false
		}
	}
	if v := v.Find("cursor"); v.Kind() != jsondoc.None {
		if r.Cursor, ok = number(v); !ok {
			return false
		}
	}
	if v := v.Find("listed"); v.Kind() != jsondoc.None {
		if r.Listed, ok = number(v); !ok {
			return false
		}
	}
	if v := v.Find("read"); v.Kind() == jsondoc.Array {
		r.Read = readTexts(v)
	} else if v.Kind() != jsondoc.None {
		return false
	}
	r.Messages, ok = readMessages(v.Find("messages"), form)
	return ok
}

func readTexts(v jsondoc.Value) []string {
	out := []string{}
	var k keeper
	k.grow(len(v.Raw()))
	for e := range v.Elements() {
		out = append(out, k.keep(e.Bytes()))
	}
	return out
}

// keeper copies texts into one piece of memory.
type keeper struct{ all strings.Builder }

func (k *keeper) grow(n int) { k.all.Grow(n) }

func (k *keeper) keep(text []byte) string {
	from := k.all.Len()
	k.all.Write(text)
	return k.all.String()[from:]
}

func version(v jsondoc.Value) (int, bool) {
	n, ok := v.Int()
	return int(n), ok
}

// number reads a number that is written as a string.
func number(v jsondoc.Value) (uint64, bool) {
	if !v.Plain() || v.Kind() != jsondoc.String {
		return 0, false
	}
	n, err := strconv.ParseUint(string(v.Bytes()), 10, 64)
	return n, err == nil
}

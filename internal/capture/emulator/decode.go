package emulator

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/authbench/authbench/internal/jsondoc"
)

// decodeListing reads a listing. Nothing in it keeps data.
func (f *forms) decodeListing(data []byte, in *room) (*listing, bool) {
	l := &listing{}
	if f.readListing(data, in, l) {
		return l, true
	}
	*l = listing{}
	return l, json.Unmarshal(data, l) == nil
}

// readListing is the short way.
func (f *forms) readListing(data []byte, in *room, l *listing) bool {
	var v jsondoc.Fields
	return jsondoc.ParseFields(data, f.listing, &v) && l.read(&v, in, f.message)
}

// decodeReceipt reads a receipt. Nothing in it keeps data.
func (f *forms) decodeReceipt(data []byte, in *room) (*receipt, bool) {
	r := &receipt{}
	if f.readReceipt(data, in, r) {
		return r, true
	}
	*r = receipt{}
	return r, json.Unmarshal(data, r) == nil
}

// readReceipt is the short way.
func (f *forms) readReceipt(data []byte, in *room, r *receipt) bool {
	var v jsondoc.Fields
	return jsondoc.ParseFields(data, f.receipt, &v) && r.read(&v, in, f.message)
}

// decodeCallback reads a callback. Nothing in it keeps data.
func (f *forms) decodeCallback(data []byte, in *room) (*callback, bool) {
	c := &callback{}
	if f.readCallback(data, in, c) {
		return c, true
	}
	*c = callback{}
	return c, json.Unmarshal(data, c) == nil
}

// readCallback is the short way.
func (f *forms) readCallback(data []byte, in *room, c *callback) bool {
	var v jsondoc.Fields
	return jsondoc.ParseFields(data, f.callback, &v) && c.read(&v, in, f.message)
}

// read takes a listing out of a document that was proven to have its form.
func (l *listing) read(v *jsondoc.Fields, in *room, form *jsondoc.Shape) (ok bool) {
	if !l.head.read(v) {
		return false
	}
	l.Messages, ok = in.readMessages(v.Find("messages"), form)
	return ok
}

func (h *head) read(v *jsondoc.Fields) (ok bool) {
	if v := v.Find("format_version"); v.Kind() != jsondoc.None {
		if h.FormatVersion, ok = whole(v); !ok {
			return false
		}
	}
	if v := v.Find("cursor"); v.Kind() != jsondoc.None {
		if h.Cursor, ok = number(v); !ok {
			return false
		}
	}
	return true
}

const (
	// usual is how long a message is in a listing, more or less.
	usual = 384
	// maxRoom is how many messages the room for a list may have to be kept.
	maxRoom = 256
)

func (in *room) readMessages(v jsondoc.Value, form *jsondoc.Shape) (out []message, ok bool) {
	if v.Kind() != jsondoc.Array {
		return nil, v.Kind() == jsondoc.None
	}
	out = slices.Grow(in.messages[:0], len(v.Raw())/usual+1)
	for e := range v.Objects(form) {
		out = append(out, message{})
		if e.Kind() != jsondoc.Object || !out[len(out)-1].read(e) {
			return nil, false
		}
	}
	if cap(out) <= maxRoom {
		in.messages = out[:0]
	}
	return out, true
}

// read takes a message out of an object. Its texts share one piece of memory.
func (m *message) read(f *jsondoc.Fields) (ok bool) {
	if v := f.Find("created_at"); v.Kind() != jsondoc.None && m.CreatedAt.UnmarshalJSON(v.Raw()) != nil {
		return false
	}
	if v := f.Find("delivery"); v.Kind() == jsondoc.Object {
		if v := v.Find("arrived_at"); v.Kind() != jsondoc.None && m.Delivery.ArrivedAt.UnmarshalJSON(v.Raw()) != nil {
			return false
		}
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
func (r *receipt) read(v *jsondoc.Fields, in *room, form *jsondoc.Shape) (ok bool) {
	if !r.head.read(v) {
		return false
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
	r.Messages, ok = in.readMessages(v.Find("messages"), form)
	return ok
}

// read takes a callback out of a document that was proven to have its form.
func (c *callback) read(v *jsondoc.Fields, in *room, form *jsondoc.Shape) (ok bool) {
	if !c.head.read(v) {
		return false
	}
	list := v.Find("found")
	if list.Kind() != jsondoc.Array {
		return list.Kind() == jsondoc.None
	}
	c.Found = slices.Grow(in.found[:0], 1)
	for e := range list.Objects(form) {
		c.Found = append(c.Found, found{})
		if e.Kind() != jsondoc.Object || !c.Found[len(c.Found)-1].read(e) {
			return false
		}
	}
	if cap(c.Found) <= maxRoom {
		in.found = c.Found[:0]
	}
	return true
}

func (f *found) read(v *jsondoc.Fields) (ok bool) {
	if n := v.Find("passed"); n.Kind() != jsondoc.None {
		if f.Passed, ok = whole(n); !ok {
			return false
		}
	}
	f.Lost, f.Later = v.Find("lost").True(), v.Find("later").True()
	return f.message.read(v)
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

func whole(v jsondoc.Value) (int, bool) {
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

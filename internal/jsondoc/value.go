package jsondoc

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// Value is a value within a text that was proven to be JSON. The zero Value is none.
// It is a view: it keeps the text, which must not change.
type Value struct {
	raw []byte
}

// Kind is what a value is.
type Kind uint8

// The kinds.
const (
	None Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

// Kind tells what the value is, None for the zero Value.
func (v Value) Kind() Kind {
	if len(v.raw) == 0 {
		return None
	}
	switch v.raw[0] {
	case 'n':
		return Null
	case 't', 'f':
		return Bool
	case '"':
		return String
	case '[':
		return Array
	case '{':
		return Object
	}
	return Number
}

// Raw is the text of the value, without white space round it.
func (v Value) Raw() []byte { return v.raw }

// True reports whether the value is true.
func (v Value) True() bool { return len(v.raw) > 0 && v.raw[0] == 't' }

// Text gives a string as encoding/json reads it, and the empty text for another value.
func (v Value) Text() string {
	if v.Kind() != String {
		return ""
	}
	return unquote(v.raw)
}

// Bytes gives the same as Text, as a piece of the document where it stands there as it is.
func (v Value) Bytes() []byte {
	if v.Kind() == String && plain(v.raw) {
		return v.raw[1 : len(v.raw)-1]
	}
	return []byte(v.Text())
}

func unquote(raw []byte) string {
	if plain(raw) {
		return string(raw[1 : len(raw)-1])
	}
	var s string
	_ = json.Unmarshal(bytes.Clone(raw), &s) // proven to be a string; cloned, so that raw may stand on a stack
	return s
}

// plain reports whether a string stands for itself.
func plain(raw []byte) bool {
	return bytes.IndexByte(raw, '\\') < 0 && utf8.Valid(raw)
}

// Int gives a number that is written as an integer of 64 bits.
func (v Value) Int() (int64, bool) {
	if v.Kind() != Number || len(v.raw) > 20 {
		return 0, false
	}
	n, err := strconv.ParseInt(string(v.raw), 10, 64)
	return n, err == nil
}

// Get gives the member of this name, of several the last; the zero Value when there is
// none or the value is no object.
func (v Value) Get(name string) Value {
	if v.Kind() != Object {
		return Value{}
	}
	found, _ := v.Pair(name, "")
	return found
}

// Pair is Get for two names in one walk.
func (v Value) Pair(first, second string) (a, b Value) {
	if v.Kind() == Object {
		a, b, _ = pair(v.raw, 0, first, second)
	}
	return a, b
}

// ParsePair gives two members of a text that is exactly one JSON object, as Pair does,
// and proves it in the same walk.
func ParsePair(data []byte, first, second string) (a, b Value, ok bool) {
	i := skipSpace(data, 0)
	if i >= len(data) || data[i] != '{' {
		return Value{}, Value{}, false
	}
	a, b, end := pair(data, i, first, second)
	if _, ok := whole(data, i, end); !ok {
		return Value{}, Value{}, false
	}
	return a, b, true
}

func pair(text []byte, at int, first, second string) (a, b Value, after int) {
	m := members{text: text, at: at}
	for m.next() {
		end := scanValue(text, m.value, 1)
		m.end(end)
		if end == bad {
			continue
		}
		switch key := m.name(); {
		case string(key) == first:
			a = Value{text[m.value:end]}
		case string(key) == second:
			b = Value{text[m.value:end]}
		}
	}
	return a, b, m.after
}

// Find gives the member of this name, of several the first. It does not look at what
// follows: it is for objects of a [Shape], in which a field stands once.
func (v Value) Find(name string) Value {
	if v.Kind() != Object {
		return Value{}
	}
	m := members{text: v.raw}
	for m.next() {
		end := scanValue(v.raw, m.value, 0)
		if string(m.key()) == name {
			return Value{v.raw[m.value:end]}
		}
		m.end(end)
	}
	return Value{}
}

// Index gives the element of an array at this place, from 0; the zero Value when there is
// none or the value is no array.
func (v Value) Index(place int) Value {
	if v.Kind() != Array || place < 0 {
		return Value{}
	}
	for i := skipSpace(v.raw, 1); v.raw[i] != ']'; i = skipSpace(v.raw, i) {
		if v.raw[i] == ',' {
			i = skipSpace(v.raw, i+1)
		}
		end := scanValue(v.raw, i, 0)
		if place == 0 {
			return Value{v.raw[i:end]}
		}
		place--
		i = end
	}
	return Value{}
}

// Plain reports whether the text of the value is ASCII without escapes: what stands in
// it is what encoding/json reads.
func (v Value) Plain() bool {
	for _, c := range v.raw {
		if c >= utf8.RuneSelf || c == '\\' {
			return false
		}
	}
	return true
}

// name is the key, as encoding/json reads it.
func (m *members) name() []byte {
	if key := m.key(); plain(key) {
		return key
	}
	return []byte(unquote(m.text[m.quote:m.colon]))
}

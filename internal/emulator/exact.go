package emulator

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// fieldNames is what a request may hold: the JSON names of an object's fields
// and below each those of its value. A nil *fieldNames stands for a value
// whose names are the client's own, or that has none.
type fieldNames struct {
	fields map[string]*fieldNames
}

// nameCache knows the fields of the request structs. The zero value is empty;
// it is safe for concurrent use.
type nameCache struct {
	known sync.Map // reflect.Type to *fieldNames
}

// of is the fields of the struct that the pointer leads to.
func (c *nameCache) of(pointer any) *fieldNames {
	t := reflect.TypeOf(pointer)
	if n, ok := c.known.Load(t); ok {
		return n.(*fieldNames)
	}
	n, _ := c.known.LoadOrStore(t, namesOf(t))
	return n.(*fieldNames)
}

func namesOf(t reflect.Type) *fieldNames {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	n := &fieldNames{fields: map[string]*fieldNames{}}
	for _, f := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
			n.fields[name] = namesOf(f.Type)
		}
	}
	return n
}

// path is a field's place as the client wrote it: encoding/json puts the names
// of embedded structs into it.
func (n *fieldNames) path(place string) string {
	var kept []string
	for name := range strings.SplitSeq(place, ".") {
		if n == nil {
			break
		}
		if inner, ok := n.fields[name]; ok {
			kept = append(kept, name)
			n = inner
		}
	}
	return strings.Join(kept, ".")
}

// hideOthers overwrites the names in valid JSON that are no field of the
// struct, because encoding/json takes a name for a field in any case and the
// service does not. It gives the first of them with its quotes, nil if there is none, and
// reports whether an object has a name twice, whoever reads it: of such a document nobody
// can tell what it says.
func (n *fieldNames) hideOthers(document []byte) (other []byte, twice bool) {
	s := nameScan{rest: document}
	s.value(n)
	return s.other, s.twice
}

// member is one of an object. Its name is without quotes and escapes; written is the name in
// the document, nil where every name is the client's own.
type member struct{ name, written []byte }

// nameScan walks over valid JSON.
type nameScan struct {
	rest  []byte
	open  []member // of the objects around this place, those of the innermost last
	twice bool     // an object that was left has a name twice
	other []byte   // the first name that was hidden, as it was
}

func (s *nameScan) value(n *fieldNames) {
	switch s.peek() {
	case '{':
		s.rest = s.rest[1:]
		outer := len(s.open)
		for s.peek() != '}' {
			inner, m := s.enter(n, s.text())
			s.open = append(s.open, m)
			s.peek()
			s.rest = s.rest[1:] // the colon
			s.value(inner)
			s.comma()
		}
		s.rest = s.rest[1:]
		s.twice = hideEarlier(s.open[outer:]) || s.twice
		s.open = s.open[:outer]
	case '[':
		s.rest = s.rest[1:]
		for s.peek() != ']' {
			s.value(n)
			s.comma()
		}
		s.rest = s.rest[1:]
	case '"':
		s.text()
	default:
		end := bytes.IndexAny(s.rest, ",]} \t\r\n")
		if end < 0 {
			end = len(s.rest)
		}
		s.rest = s.rest[end:]
	}
}

// hideEarlier overwrites all but the last of several members of one name, which
// encoding/json would make one of, and reports whether there are any. It brings the members
// into another order.
func hideEarlier(members []member) (twice bool) {
	slices.SortStableFunc(members, func(a, b member) int { return bytes.Compare(a.name, b.name) })
	for i := range len(members) - 1 {
		if bytes.Equal(members[i].name, members[i+1].name) {
			twice = true
			hide(members[i].written)
		}
	}
	return twice
}

// hide makes a name one that no field has.
func hide(written []byte) {
	for i := range written {
		written[i] = '_'
	}
}

// peek skips white space and is the byte behind it, 0 at the end.
func (s *nameScan) peek() byte {
	s.rest = bytes.TrimLeft(s.rest, " \t\r\n")
	if len(s.rest) == 0 {
		return 0
	}
	return s.rest[0]
}

func (s *nameScan) comma() {
	if s.peek() == ',' {
		s.rest = s.rest[1:]
	}
}

// text steps over a string and returns it with its quotes.
func (s *nameScan) text() []byte {
	end := 1
	for s.rest[end] != '"' {
		if s.rest[end] == '\\' {
			end++
		}
		end++
	}
	quoted := s.rest[:end+1]
	s.rest = s.rest[end+1:]
	return quoted
}

// enter is what may stand below the name, and the member. One that is none of the fields is
// hidden.
func (s *nameScan) enter(n *fieldNames, quoted []byte) (inner *fieldNames, m member) {
	m.written = quoted[1 : len(quoted)-1]
	m.name = bytes.Clone(m.written)
	if bytes.IndexByte(m.written, '\\') >= 0 {
		var plain string
		_ = json.Unmarshal(quoted, &plain) // it is valid
		m.name = []byte(plain)
	}
	if n == nil {
		return nil, member{name: m.name}
	}
	inner, ok := n.fields[string(m.name)]
	if !ok {
		if s.other == nil && string(m.name) != unusedField {
			s.other = bytes.Clone(quoted)
		}
		hide(m.written)
	}
	return inner, m
}

// unusedField is one that an SDK of the vendor still sends with links, and that means nothing.
const unusedField = "crossDevice"

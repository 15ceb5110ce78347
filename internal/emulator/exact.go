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

// nameScan walks over valid JSON.
type nameScan struct {
	rest  []byte
	open  [][]byte // names of the objects around this place, those of the innermost last
	twice bool     // an object that was left has a name twice
	other []byte   // the first name that was hidden, as it was
}

func (s *nameScan) value(n *fieldNames) {
	switch s.peek() {
	case '{':
		s.rest = s.rest[1:]
		outer := len(s.open)
		for s.peek() != '}' {
			inner, name := s.enter(n, s.text())
			s.open = append(s.open, name)
			s.peek()
			s.rest = s.rest[1:] // the colon
			s.value(inner)
			s.comma()
		}
		s.rest = s.rest[1:]
		s.twice = s.twice || repeats(s.open[outer:])
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

// repeats reports whether two names are the same. It brings them into another order.
func repeats(names [][]byte) bool {
	slices.SortFunc(names, bytes.Compare)
	for i := range len(names) - 1 {
		if bytes.Equal(names[i], names[i+1]) {
			return true
		}
	}
	return false
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

// enter is what may stand below the name, and the name without quotes and escapes. One
// that is none of the fields becomes underscores, which none of them is.
func (s *nameScan) enter(n *fieldNames, quoted []byte) (inner *fieldNames, name []byte) {
	written := quoted[1 : len(quoted)-1]
	name = written
	if bytes.IndexByte(written, '\\') >= 0 {
		var plain string
		_ = json.Unmarshal(quoted, &plain) // it is valid
		name = []byte(plain)
	}
	if n == nil {
		return nil, name
	}
	inner, ok := n.fields[string(name)]
	if !ok {
		if s.other == nil {
			s.other = bytes.Clone(quoted)
		}
		name = bytes.Clone(name)
		for i := range written {
			written[i] = '_'
		}
	}
	return inner, name
}

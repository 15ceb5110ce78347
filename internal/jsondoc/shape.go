package jsondoc

import (
	"bytes"
	"math"
	"reflect"
	"strings"
	"unicode/utf8"
)

// Shape is the form of an object: that of a Go struct, as encoding/json reads it. It is
// read-only.
type Shape struct {
	fields []field
}

type field struct {
	name string
	form form
	of   *Shape // of an object
	elem *field // of a list
}

type form uint8

const (
	text form = iota
	truth
	int32s // a whole number of 32 bits
	anyObject
	object
	list
)

// ShapeOf gives the shape of a struct whose fields are texts, truth values, int32,
// structs, lists of texts or structs, and maps of anything; pointers to them as well. A
// struct of other fields is a mistake of the program and panics.
func ShapeOf[T any]() *Shape { return shapeOf(reflect.TypeFor[T]()) }

func shapeOf(t reflect.Type) *Shape {
	s := &Shape{}
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || f.Anonymous {
			panic("field " + f.Name + " of " + t.Name() + " has no name in JSON")
		}
		s.fields = append(s.fields, fieldOf(name, f.Type))
	}
	return s
}

func fieldOf(name string, t reflect.Type) field {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t.Kind() == reflect.String:
		return field{name: name, form: text}
	case t.Kind() == reflect.Bool:
		return field{name: name, form: truth}
	case t.Kind() == reflect.Int32:
		return field{name: name, form: int32s}
	case t.Kind() == reflect.Struct:
		return field{name: name, form: object, of: shapeOf(t)}
	case t.Kind() == reflect.Slice:
		elem := fieldOf("", t.Elem())
		return field{name: name, form: list, elem: &elem}
	case t == reflect.TypeFor[map[string]any]():
		return field{name: name, form: anyObject}
	}
	panic("no shape for " + t.String())
}

// Valid gives a text that is exactly one JSON value.
func Valid(data []byte) (Value, bool) {
	i := skipSpace(data, 0)
	return whole(data, i, scanValue(data, i, 0))
}

// Parse gives a text that is exactly one JSON object of the shape. It refuses more than
// it must: an object of the shape in which a field stands twice, or in another case.
func Parse(data []byte, s *Shape) (Value, bool) { return s.parse(data, nil) }

func (s *Shape) parse(data []byte, f *Fields) (Value, bool) {
	i := skipSpace(data, 0)
	if i >= len(data) || data[i] != '{' {
		return Value{}, false
	}
	return whole(data, i, s.scan(data, i, 0, f))
}

func whole(data []byte, from, to int) (Value, bool) {
	if to == bad || skipSpace(data, to) != len(data) {
		return Value{}, false
	}
	return Value{data[from:to]}, true
}

// scan walks over an object of the shape, and notes in f where its fields stand, if f is
// given.
func (s *Shape) scan(b []byte, i, depth int, f *Fields) int {
	if depth > maxDepth {
		return bad
	}
	var seen uint64
	var next int
	m := members{text: b, at: i}
	for m.next() {
		k := s.find(m.key(), &next)
		switch {
		case k >= 0 && k < 64 && seen&(1<<k) == 0:
			seen |= 1 << k
			end := s.fields[k].scan(b, m.value, depth+1)
			f.note(k, m.value, end)
			m.end(end)
		case k == unknown:
			m.end(scanValue(b, m.value, depth+1))
		default:
			return bad
		}
	}
	return m.after
}

// What find gives for a key that is no field, and for one that may be.
const (
	unknown   = -1
	ambiguous = -2
)

// find gives the field of a key. Fields most often come in order: next is where the one
// after the last is looked for first.
func (s *Shape) find(key []byte, next *int) int {
	if *next < len(s.fields) && s.fields[*next].name == string(key) {
		*next++
		return *next - 1
	}
	for i := range s.fields {
		if s.fields[i].name == string(key) {
			*next = i + 1
			return i
		}
	}
	// encoding/json takes a key in any case, and reads escapes in it.
	for i := range s.fields {
		if len(s.fields[i].name) == len(key) && strings.EqualFold(s.fields[i].name, string(key)) {
			return ambiguous
		}
	}
	for _, c := range key {
		if c >= utf8.RuneSelf || c == '\\' {
			return ambiguous
		}
	}
	return unknown
}

// scan walks over a value of the form, or null.
func (f *field) scan(b []byte, i, depth int) int {
	if i >= len(b) {
		return bad
	}
	if b[i] == 'n' {
		return scanWord(b, i, "null")
	}
	switch {
	case f.form == text && b[i] == '"':
		return scanString(b, i)
	case f.form == truth && b[i] == 't':
		return scanWord(b, i, "true")
	case f.form == truth && b[i] == 'f':
		return scanWord(b, i, "false")
	case f.form == int32s:
		return scanInt32(b, i)
	case f.form == anyObject && b[i] == '{':
		return scanValue(b, i, depth)
	case f.form == object && b[i] == '{':
		return f.of.scan(b, i, depth, nil)
	case f.form == list && b[i] == '[':
		return scanArray(b, i, depth, f.elem)
	}
	return bad
}

func scanInt32(b []byte, i int) int {
	if b[i] != '-' && (b[i] < '0' || b[i] > '9') {
		return bad
	}
	end := scanNumber(b, i)
	if end == bad || bytes.ContainsAny(b[i:end], ".eE") {
		return bad
	}
	n, ok := Value{b[i:end]}.Int()
	if !ok || n < math.MinInt32 || n > math.MaxInt32 {
		return bad
	}
	return end
}

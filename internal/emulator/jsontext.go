package emulator

import (
	"encoding/json"
	"strconv"
)

// appendName appends the name of a member, which needs no escapes, and its colon.
func appendName(b []byte, name string) []byte {
	b = append(b, '"')
	b = append(b, name...)
	return append(b, '"', ':')
}

// appendText appends a text as encoding/json writes it.
func appendText(b []byte, s string) []byte {
	if !literal(s) {
		quoted, _ := json.Marshal(s) // a text can not fail
		return append(b, quoted...)
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// appendTexts appends a list of texts; nil becomes an empty one.
func appendTexts(b []byte, texts []string) []byte {
	b = append(b, '[')
	for i, s := range texts {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, s)
	}
	return append(b, ']')
}

// literal reports whether encoding/json writes the text as it is.
func literal(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ', c >= 0x7f, c == '"', c == '\\', c == '<', c == '>', c == '&':
			return false
		}
	}
	return true
}

// members writes the members of an object behind its brace. The first error is kept.
type members struct {
	b   []byte
	err error
}

// name writes a comma but for the first member, and the name, which needs no escapes.
func (o *members) name(name string) {
	if o.b[len(o.b)-1] != '{' {
		o.b = append(o.b, ',')
	}
	o.b = appendName(o.b, name)
}

func (o *members) text(name, s string) {
	o.name(name)
	o.b = appendText(o.b, s)
}

// optional leaves out an empty text.
func (o *members) optional(name, s string) {
	if s != "" {
		o.text(name, s)
	}
}

func (o *members) texts(name string, texts []string) {
	o.name(name)
	o.b = appendTexts(o.b, texts)
}

func (o *members) number(name string, n int32) {
	o.name(name)
	o.b = strconv.AppendInt(o.b, int64(n), 10)
}

func (o *members) flag(name string, on bool) {
	o.name(name)
	o.b = strconv.AppendBool(o.b, on)
}

// document writes an object of the client's own; nil becomes an empty one.
func (o *members) document(name string, d map[string]any) {
	if len(d) > 0 {
		o.any(name, d)
		return
	}
	o.name(name)
	o.b = append(o.b, '{', '}')
}

func (o *members) any(name string, v any) {
	o.name(name)
	text, err := json.Marshal(v)
	if err != nil && o.err == nil {
		o.err = err
	}
	o.b = append(o.b, text...)
}

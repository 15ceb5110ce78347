package emulator

import "encoding/json"

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

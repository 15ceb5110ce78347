package jsondoc

import (
	"encoding/binary"
	"math/bits"
)

// maxDepth bounds nesting. Deeper texts are refused.
const maxDepth = 200

// Each scan gives the offset behind what stands at i, or bad. White space before it is
// skipped by the callers.
const bad = -1

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// scanValue walks over a value of any shape.
func scanValue(b []byte, i, depth int) int {
	if i >= len(b) || depth > maxDepth {
		return bad
	}
	switch c := b[i]; {
	case c == '"':
		return scanString(b, i)
	case c == '{':
		return scanObject(b, i, depth)
	case c == '[':
		return scanArray(b, i, depth, nil)
	case c == '-' || c >= '0' && c <= '9':
		return scanNumber(b, i)
	case c == 't':
		return scanWord(b, i, "true")
	case c == 'f':
		return scanWord(b, i, "false")
	case c == 'n':
		return scanWord(b, i, "null")
	}
	return bad
}

func scanWord(b []byte, i int, word string) int {
	if len(b)-i < len(word) || string(b[i:i+len(word)]) != word {
		return bad
	}
	return i + len(word)
}

// scanString walks over a string whose opening quote is at i, eight bytes at a time
// until something other than plain text comes.
func scanString(b []byte, i int) int {
	i++
	for i+8 <= len(b) {
		if found := special(binary.LittleEndian.Uint64(b[i:])); found != 0 {
			i += bits.TrailingZeros64(found) / 8
			if b[i] == '"' {
				return i + 1
			}
			break
		}
		i += 8
	}
	return scanLong(b, i)
}

// scanLong walks over the rest of a string.
func scanLong(b []byte, i int) int {
	for i < len(b) {
		switch c := b[i]; {
		case c == '"':
			return i + 1
		case c < ' ':
			return bad
		case c == '\\':
			if i = scanEscape(b, i+1); i == bad {
				return bad
			}
		default:
			i++
		}
	}
	return bad
}

const (
	lows  = 0x0101010101010101
	highs = 0x8080808080808080
)

// special marks the highest bit of bytes that are a quote, a backslash or a control
// character. The lowest mark is exact; those above it may be of other bytes.
func special(w uint64) uint64 {
	quote, slash := w^lows*'"', w^lows*'\\'
	return ((w-lows*' ')&^w | (quote-lows)&^quote | (slash-lows)&^slash) & highs
}

// scanEscape walks over what follows a backslash.
func scanEscape(b []byte, i int) int {
	if i >= len(b) {
		return bad
	}
	switch b[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 1
	case 'u':
		if len(b)-i < 5 {
			return bad
		}
		for _, c := range b[i+1 : i+5] {
			if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
				return bad
			}
		}
		return i + 5
	}
	return bad
}

func scanNumber(b []byte, i int) int {
	if b[i] == '-' {
		i++
	}
	switch {
	case i < len(b) && b[i] == '0':
		i++
	default:
		if i = scanDigits(b, i); i == bad {
			return bad
		}
	}
	if i < len(b) && b[i] == '.' {
		if i = scanDigits(b, i+1); i == bad {
			return bad
		}
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		i = scanDigits(b, i)
	}
	return i
}

// scanDigits walks over one digit or more.
func scanDigits(b []byte, i int) int {
	from := i
	for i < len(b) && b[i] >= '0' && b[i] <= '9' {
		i++
	}
	if i == from {
		return bad
	}
	return i
}

func scanObject(b []byte, i, depth int) int {
	m := members{text: b, at: i}
	for m.next() {
		m.end(scanValue(b, m.value, depth+1))
	}
	return m.after
}

// scanArray walks over an array of elements of a form, nil for any.
func scanArray(b []byte, i, depth int, element *field) int {
	i = skipSpace(b, i+1)
	if i < len(b) && b[i] == ']' {
		return i + 1
	}
	for {
		i = skipSpace(b, i)
		if element == nil {
			i = scanValue(b, i, depth+1)
		} else {
			i = element.scan(b, i, depth+1)
		}
		if i == bad {
			return bad
		}
		i = skipSpace(b, i)
		switch {
		case i < len(b) && b[i] == ',':
			i++
		case i < len(b) && b[i] == ']':
			return i + 1
		default:
			return bad
		}
	}
}

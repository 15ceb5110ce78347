package diag

import (
	"strings"
	"unicode/utf8"
)

// CleanLine gives s as one line that can not drive a terminal: control characters
// are replaced by their pictures, a line break among them, and characters that
// reorder text by U+FFFD. Text of a server must pass here before it is shown.
func CleanLine(s string) string { return clean(s, false) }

// CleanText is [CleanLine] that keeps line breaks and gives a tab as four spaces.
func CleanText(s string) string { return clean(s, true) }

func clean(s string, multiline bool) string {
	if isClean(s) {
		return s
	}
	if multiline {
		s = strings.ReplaceAll(s, "\r\n", "\n")
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r == '\n' && multiline:
			b.WriteByte('\n')
		case r == '\t' && multiline:
			b.WriteString("    ")
		case r < 0x20:
			b.WriteRune(0x2400 + r) // the block of control pictures follows ASCII
		case r == 0x7f:
			b.WriteRune('␡')
		case disruptive(r):
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(r) // a byte that is not UTF-8 has become U+FFFD in the loop
		}
	}
	return b.String()
}

func isClean(s string) bool {
	for _, r := range s {
		if r < 0x20 || r == 0x7f || r == utf8.RuneError || disruptive(r) {
			return false
		}
	}
	return true
}

// disruptive tells the characters beyond ASCII that change what stands round them: C1
// controls, line and paragraph separators, the marks that reverse reading order, and
// code points that are no characters.
func disruptive(r rune) bool {
	switch {
	case r >= 0x80 && r < 0xa0, r == 0x2028, r == 0x2029:
		return true
	case r == 0x61c, r == 0x200e, r == 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return true
	}
	return r&0xfffe == 0xfffe // no character at all, and forbidden in XML
}

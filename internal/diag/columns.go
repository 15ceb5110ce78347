package diag

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Columns tells how many columns of a terminal the clean line s takes.
func Columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// wrap breaks the line s at spaces so that no piece takes more than limit columns,
// unless a word alone does. It gives s itself when limit is 0.
func wrap(s string, limit int) []string {
	if limit <= 0 || Columns(s) <= limit {
		return []string{s}
	}
	var lines []string
	var line strings.Builder
	used := 0
	for word := range strings.FieldsSeq(s) {
		n := Columns(word)
		if used > 0 && used+1+n > limit {
			lines = append(lines, line.String())
			line.Reset()
			used = 0
		}
		if used > 0 {
			line.WriteByte(' ')
			used++
		}
		line.WriteString(word)
		used += n
	}
	return append(lines, line.String())
}

// fold breaks the line s at a space near the limit, or in a word where there is
// none, and sets what follows under its text. It keeps every word whole or in
// pieces, so that evidence stays complete.
func fold(s string, limit int) []string {
	if limit <= 0 || Columns(s) <= limit {
		return []string{s}
	}
	indent := strings.Repeat(" ", len(s)-len(strings.TrimLeft(s, " "))+2)
	if len(indent) > limit/2 {
		indent = ""
	}
	var lines []string
	for rest := s; ; {
		end := fitting(rest, limit)
		if end == len(rest) {
			return append(lines, rest)
		}
		if space := strings.LastIndexByte(rest[:end], ' '); space > limit/2 {
			end = space + 1
		}
		lines = append(lines, rest[:end])
		rest = indent + rest[end:]
	}
}

// fitting is the length in bytes of what fits into limit columns, at least one
// character.
func fitting(s string, limit int) int {
	used := 0
	for i, r := range s {
		if used += runeColumns(r); used > limit && i > 0 {
			return i
		}
	}
	return len(s)
}

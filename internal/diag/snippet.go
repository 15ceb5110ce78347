package diag

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	maxCodeLines   = 12  // of a snippet, so that one block can not fill the screen
	maxCodeColumns = 160 // of a source line, so that one line can not either
)

// sourceLines gives the numbered source with a line of carets under the part at
// fault. Only the first line of a longer part gets carets.
func sourceLines(s *Snippet, p palette) []string {
	start := min(max(s.HighlightStart, 0), len(s.Code))
	end := min(max(s.HighlightEnd, start), len(s.Code))
	var out []string
	offset := 0
	code := strings.Split(s.Code, "\n")
	for i, line := range code {
		if i == maxCodeLines {
			out = append(out, fmt.Sprintf("      … %d more lines", len(code)-i))
			break
		}
		from, to := clampTo(line, start-offset), clampTo(line, end-offset)
		before, marked, after := window(line[:from], line[from:to], line[to:])
		out = append(out, fmt.Sprintf("%4d: ", s.StartLine+i)+before+p.mark(marked)+after)
		if first := start >= offset && start <= offset+len(line); first {
			carets := strings.Repeat("^", max(1, Columns(marked)))
			out = append(out, strings.Repeat(" ", 6+Columns(before))+p.severity(carets))
		}
		offset += len(line) + 1
	}
	return out
}

// clampTo moves at into line and to the start of a character.
func clampTo(line string, at int) int {
	at = min(max(at, 0), len(line))
	for at > 0 && at < len(line) && !utf8.RuneStart(line[at]) {
		at--
	}
	return at
}

// window cleans the three parts of a line and cuts what is too far from the middle.
func window(before, marked, after string) (string, string, string) {
	before, marked, after = cleanCode(before), cleanCode(marked), strings.TrimRight(cleanCode(after), " ")
	if Columns(before)+Columns(marked)+Columns(after) <= maxCodeColumns {
		return before, marked, after
	}
	marked = head(marked, maxCodeColumns/2)
	return tail(before, maxCodeColumns/4), marked, head(after, maxCodeColumns/4)
}

// cleanCode gives a tab four columns, which keeps the carets below in place.
func cleanCode(s string) string {
	return CleanLine(strings.ReplaceAll(strings.TrimRight(s, "\r"), "\t", "    "))
}

func head(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

func tail(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return "…" + string(r[len(r)-n:])
	}
	return s
}

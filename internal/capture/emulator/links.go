package emulator

import "strings"

const (
	// endsLink is what no address has in it, beside quotes and angles white space.
	endsLink = " \t\n\f\r<>\"'"
	// endsSentence is punctuation that is no part of an address when it ends one.
	endsSentence = ".,;:!?)]"
)

// links gives the absolute http and https addresses in a text, in order.
func links(text string) []string {
	var out []string
	for {
		i := strings.Index(text, "http")
		if i < 0 {
			return out
		}
		text = text[i:]
		n := linkLen(text)
		if n == 0 {
			text = text[len("http"):]
			continue
		}
		out = append(out, text[:n])
		text = text[n:]
	}
}

// linkLen gives the length of the address that a text begins with, 0 for none.
func linkLen(text string) int {
	rest := strings.TrimPrefix(text[len("http"):], "s")
	rest, ok := strings.CutPrefix(rest, "://")
	if !ok {
		return 0
	}
	begin := len(text) - len(rest)
	if end := strings.IndexAny(rest, endsLink); end >= 0 {
		rest = rest[:end]
	}
	rest = strings.TrimRight(rest, endsSentence)
	if rest == "" {
		return 0
	}
	return begin + len(rest)
}

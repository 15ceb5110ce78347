package client

// isToken reports whether s is a token of HTTP, as methods and field names are.
func isToken(s string) bool {
	for i := range len(s) {
		if !in(s[i], tokenLow, tokenHigh) {
			return false
		}
	}
	return s != ""
}

// isText reports whether s can be the value of a field: no control characters but tab.
func isText(s string) bool {
	for len(s) >= 8 {
		if hasControl(s) && !isTextSlow(s[:8]) {
			return false
		}
		s = s[8:]
	}
	return isTextSlow(s)
}

func isTextSlow(s string) bool {
	for i := range len(s) {
		if b := s[i]; b < ' ' && b != '\t' || b == 0x7f {
			return false
		}
	}
	return true
}

// hasControl reports whether one of the first eight bytes is a control character, a tab
// perhaps. It looks at all at once: to take away more than a byte is, borrows from the
// bit above it.
func hasControl(s string) bool {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	v := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	deleted := v ^ ones*0x7f // zero where v has it
	return ((v-ones*' ')&^v|(deleted-ones)&^deleted)&tops != 0
}

// isHost reports whether s can be the host of a URL and of a Host field.
func isHost(s string) bool {
	for i := range len(s) {
		if !in(s[i], hostLow, hostHigh) {
			return false
		}
	}
	return s != ""
}

// in looks b up in a set of ASCII characters: a bit for each, those below 64 in low.
func in(b byte, low, high uint64) bool {
	if b < 64 {
		return low>>b&1 == 1
	}
	return b < 128 && high>>(b-64)&1 == 1
}

// Sets of ASCII characters.
const (
	digits  = 0x3ff << '0'
	letters = 0x3ffffff<<('A'-64) | 0x3ffffff<<('a'-64)

	tokenLow  = digits | 1<<'!' | 1<<'#' | 1<<'$' | 1<<'%' | 1<<'&' | 1<<'\'' | 1<<'*' | 1<<'+' | 1<<'-' | 1<<'.'
	tokenHigh = letters | 1<<('^'-64) | 1<<('_'-64) | 1<<('`'-64) | 1<<('|'-64) | 1<<('~'-64)

	hostLow  = digits | 1<<'!' | 1<<'$' | 1<<'%' | 1<<'&' | 1<<'\'' | 1<<'(' | 1<<')' | 1<<'*' | 1<<'+' | 1<<',' | 1<<'-' | 1<<'.' | 1<<':' | 1<<';' | 1<<'='
	hostHigh = letters | 1<<('['-64) | 1<<(']'-64) | 1<<('_'-64) | 1<<('~'-64)

	// What stands in a path and is sent as it is.
	pathLow  = digits | 1<<'!' | 1<<'$' | 1<<'&' | 1<<'\'' | 1<<'(' | 1<<')' | 1<<'*' | 1<<'+' | 1<<',' | 1<<'-' | 1<<'.' | 1<<'/' | 1<<':' | 1<<';' | 1<<'='
	pathHigh = letters | 1<<('@'-64) | 1<<('_'-64) | 1<<('~'-64)

	// A query may hold what a path may, and the question mark.
	queryLow  = pathLow | 1<<'?'
	queryHigh = pathHigh
)

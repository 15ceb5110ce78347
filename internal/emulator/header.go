package emulator

import "net/http"

// maxHeader bounds the address and the headers of a request, in bytes. A server in front
// has to let more through: what it refuses itself has no document.
const maxHeader = 64 << 10

// overlong reports whether address and headers of a request are larger than maxHeader.
func overlong(r *http.Request) bool {
	size := len(r.RequestURI)
	for name, values := range r.Header {
		for _, v := range values {
			size += len(name) + len(v) + 4 // a colon, a space and a line end
		}
	}
	return size > maxHeader
}

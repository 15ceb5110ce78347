package client

import "slices"

// Room is memory that answers are made in, one after the other: the next one takes the
// place of the one before, and finds the texts that both have in common made already.
// The zero Room is ready. It is for one request at a time.
type Room struct {
	response Response
	// header has the fields of the last answer, and behind them those of a longer one.
	header Header
	body   []byte
}

// maxKeptHead bounds the heads whose texts are kept, in bytes.
const maxKeptHead = 4 << 10

// fields makes a response with so many fields. They hold those that stood in their
// places before.
func (r *Room) fields(n int) *Response {
	if n > cap(r.header) {
		r.header = slices.Grow(r.header[:cap(r.header)], n-cap(r.header))
	}
	r.response = Response{Header: r.header[:n:n]}
	return &r.response
}

// reads reports whether the line of a head is the one that f was read from, or would
// have been read as the same.
func (f *Field) reads(line []byte) bool {
	n := len(f.Name)
	return n > 0 && len(line) == n+2+len(f.Value) && line[n] == ':' && line[n+1] == ' ' &&
		string(line[:n]) == f.Name && string(line[n+2:]) == f.Value
}

// forBody gives memory for a body of n bytes, none for an empty one.
func (r *Room) forBody(n int64) []byte {
	switch {
	case n == 0:
		return nil
	case r != nil && n <= int64(cap(r.body)):
		return r.body[:0]
	}
	return make([]byte, 0, min(n, believed))
}

// keep takes the memory of a body back, for the next one.
func (r *Room) keep(body []byte) {
	if r != nil && cap(body) > cap(r.body) && cap(body) <= maxScratch {
		r.body = body
	}
}

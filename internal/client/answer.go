package client

import (
	"bytes"
	"strconv"
	"strings"
)

// head is the head of an answer, and what it says of the body.
type head struct {
	status  int
	length  int64 // -1 when not declared
	chunked bool
	old     bool // HTTP/1.0
	last    bool // the server closes after it
	// response has the status and the header.
	response *Response
}

// bodiless reports whether no body follows, whatever the head says.
func (h *head) bodiless(method string) bool {
	return method == "HEAD" || h.status < 200 || h.status == 204 || h.status == 304
}

// isFinal reports whether this is the answer, and not a word before it. Nobody speaks
// HTTP after 101, which makes it one.
func (h *head) isFinal() bool { return h.status >= 200 || h.status == 101 }

// readHead reads the head of the answer, past those before it. room may be nil.
func (b *reader) readHead(room *Room) (head, error) {
	limit := maxHead
	for {
		text, lines, err := b.lines(limit, true)
		if err != nil {
			return head{}, err
		}
		h, err := parseHead(text, lines, room)
		if err != nil || h.isFinal() {
			return h, err
		}
		if limit -= len(text) + 2; limit <= 0 {
			return head{}, errHeaderSize
		}
	}
}

// newResponse makes a response with so many fields, together in memory as long as they
// are as few as usual.
func newResponse(fields int) *Response {
	switch {
	case fields <= 4:
		r := &struct {
			Response
			of [4]Field
		}{}
		r.Header = r.of[:fields:fields]
		return &r.Response
	case fields <= 6:
		r := &struct {
			Response
			of [6]Field
		}{}
		r.Header = r.of[:fields:fields]
		return &r.Response
	case fields <= 8:
		r := &struct {
			Response
			of [8]Field
		}{}
		r.Header = r.of[:fields:fields]
		return &r.Response
	case fields <= 12:
		r := &struct {
			Response
			of [12]Field
		}{}
		r.Header = r.of[:fields:fields]
		return &r.Response
	}
	return &Response{Header: make(Header, fields)}
}

// parseHead reads a head of so many lines. What it gives shares a text, or with room
// the texts of the answer before.
func parseHead(text []byte, lines int, room *Room) (head, error) {
	h := head{length: -1}
	line, rest := cutLine(text)
	if err := h.statusLine(line); err != nil {
		return h, err
	}
	whole := ""
	if len(text) > maxKeptHead {
		room = nil
	}
	if room != nil {
		h.response = room.fields(lines - 1)
	} else {
		h.response = newResponse(lines - 1)
		whole = string(rest)
	}
	h.response.Status = h.status
	var closes, keeps bool
	header := h.response.Header
	for i := range header {
		line, rest = cutLine(rest)
		f, err := &header[i], error(nil)
		switch {
		case room == nil:
			*f, err = parseField(whole[:len(line)])
			whole = whole[len(line)+2:]
		case !f.reads(line):
			*f, err = parseField(string(line))
		}
		if err != nil {
			return h, err
		}
		switch len(f.Name) {
		case len("Connection"):
			if equalFold(f.Name, "Connection") {
				closes = closes || hasWord(f.Value, "close")
				keeps = keeps || hasWord(f.Value, "keep-alive")
			}
		case len("Content-Length"):
			if equalFold(f.Name, "Content-Length") {
				err = h.contentLength(f.Value)
			}
		case len("Transfer-Encoding"):
			if equalFold(f.Name, "Transfer-Encoding") {
				err = h.transferEncoding(f.Value)
			}
		}
		if err != nil {
			return h, err
		}
	}
	h.last = closes || h.old && !keeps
	if h.chunked && h.length >= 0 {
		return h, errNotHTTP // two lengths: each reader would believe another one
	}
	return h, nil
}

// usualStatus is what most answers begin with.
const usualStatus = "HTTP/1.1 200 OK"

// statusLine reads such as "HTTP/1.1 200 OK". The text at its end may be missing.
func (h *head) statusLine(line []byte) error {
	if string(line) == usualStatus {
		h.status = 200
		return nil
	}
	if len(line) < len("HTTP/1.1 200") || string(line[:7]) != "HTTP/1." || line[7] != '0' && line[7] != '1' || line[8] != ' ' {
		return errNotHTTP
	}
	if len(line) > 12 && line[12] != ' ' || !isText(string(line)) {
		return errNotHTTP
	}
	for _, b := range line[9:12] {
		if b < '0' || b > '9' {
			return errNotHTTP
		}
		h.status = h.status*10 + int(b-'0')
	}
	if h.status < 100 {
		return errNotHTTP
	}
	h.old = line[7] == '0'
	return nil
}

func (h *head) contentLength(value string) error {
	n, err := strconv.ParseUint(value, 10, 63)
	if err != nil || h.length >= 0 && h.length != int64(n) {
		return errNotHTTP
	}
	h.length = int64(n)
	return nil
}

// transferEncoding takes the only encoding that says where a body ends, once.
func (h *head) transferEncoding(value string) error {
	if h.chunked || h.old || !equalFold(value, "chunked") {
		return errNotHTTP
	}
	h.chunked = true
	return nil
}

// cutLine cuts after the first CRLF, which is there.
func cutLine(text []byte) (line, rest []byte) {
	i := bytes.IndexByte(text, '\n')
	return text[:i-1], text[i+1:]
}

// parseField reads a line of a head or trailer. A line that goes on with the one
// before begins with a space, and is refused for its name.
func parseField(line string) (Field, error) {
	i := strings.IndexByte(line, ':')
	if i < 0 || !isToken(line[:i]) || !isText(line[i+1:]) {
		return Field{}, errNotHTTP
	}
	from, to := i+1, len(line)
	for from < to && (line[from] == ' ' || line[from] == '\t') {
		from++
	}
	for to > from && (line[to-1] == ' ' || line[to-1] == '\t') {
		to--
	}
	return Field{Name: line[:i], Value: line[from:to]}, nil
}

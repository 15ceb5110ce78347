package client

import (
	"errors"
	"io"
	"slices"
	"strconv"
)

const (
	// believed is the most that is set aside for a body before it has come.
	believed = 1 << 20
	// maxPadding bounds what chunks may cost beyond what they carry.
	maxPadding = 16 << 10
)

// readBody reads the body that h announces, at most limit bytes. It is in room, which
// may be nil, or the caller's own.
// It reports whether another answer can follow on the connection. A body that ends
// early is io.ErrUnexpectedEOF.
func (b *reader) readBody(h *head, method string, limit int64, room *Room) (body []byte, more bool, err error) {
	switch {
	case h.bodiless(method):
		// A server that believes otherwise sends a body where the next answer is due.
		more = method == "HEAD" || h.status == 304 || !h.chunked && h.length <= 0 && h.status != 101
	case h.chunked:
		body, err = b.chunks(limit)
		more = true
	case h.length > limit:
		err = errOversized
	case h.length >= 0:
		body, err = b.take(room.forBody(h.length), h.length)
		room.keep(body)
		more = true
	default:
		body, err = b.toEnd(limit)
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return body, more && err == nil && !h.last && b.r == b.w, err
}

// take appends the next n bytes to body.
func (b *reader) take(body []byte, n int64) ([]byte, error) {
	if n == 0 {
		return body, nil
	}
	if body == nil {
		body = make([]byte, 0, min(n, believed))
	}
	have := min(n, int64(b.w-b.r))
	body = append(body, b.buf[b.r:b.r+int(have)]...)
	b.r += int(have)
	for n -= have; n > 0; {
		if len(body) == cap(body) {
			body = slices.Grow(body, int(min(n, believed)))
		}
		got, err := b.read(body[len(body):min(int64(cap(body)), int64(len(body))+n)])
		if err != nil {
			return body, err
		}
		body, n = body[:len(body)+got], n-int64(got)
	}
	return body, nil
}

// toEnd reads until the server closes.
func (b *reader) toEnd(limit int64) ([]byte, error) {
	var body []byte
	for {
		body = append(body, b.buf[b.r:b.w]...)
		b.r = b.w
		if int64(len(body)) > limit {
			return nil, errOversized
		}
		switch err := b.fill(); {
		case errors.Is(err, io.EOF):
			return body, nil
		case err != nil:
			return body, err
		}
	}
}

// chunks reads a body in chunks, and the trailer after it. The trailer is held to the
// rules of a head, and dropped.
func (b *reader) chunks(limit int64) ([]byte, error) {
	var body []byte
	padding := 0
	for {
		line, err := b.line(maxLine)
		if err != nil {
			return body, err
		}
		n, err := chunkSize(line)
		if err != nil {
			return body, err
		}
		if n == 0 {
			return body, b.trailer()
		}
		if n > uint64(limit)-uint64(len(body)) {
			return nil, errOversized
		}
		if padding = max(0, padding+len(line)-16-2*int(n)); padding > maxPadding {
			return body, errNotHTTP
		}
		if body, err = b.take(body, int64(n)); err != nil {
			return body, err
		}
		if end, err := b.line(2); err != nil || len(end) > 0 {
			return body, orNotHTTP(err)
		}
	}
}

func orNotHTTP(err error) error {
	if err == nil {
		return errNotHTTP
	}
	return err
}

// chunkSize reads the line before a chunk: a number, and perhaps an extension that
// nobody needs.
func chunkSize(line []byte) (uint64, error) {
	digits := 0
	for digits < len(line) && isHex(line[digits]) {
		digits++
	}
	rest := string(line[digits:])
	if digits == 0 || digits > 16 || rest != "" && !isExtension(rest) {
		return 0, errNotHTTP
	}
	return strconv.ParseUint(string(line[:digits]), 16, 64)
}

// isExtension reports whether what follows the size begins with a semicolon, after
// spaces perhaps, and is text.
func isExtension(s string) bool {
	for i := range len(s) {
		switch s[i] {
		case ' ', '\t':
			continue
		case ';':
			return isText(s)
		}
		return false
	}
	return false
}

func (b *reader) trailer() error {
	text, lines, err := b.lines(maxHead, false)
	if err != nil {
		return err
	}
	for range lines {
		var line []byte
		line, text = cutLine(text)
		if _, err := parseField(string(line)); err != nil {
			return err
		}
	}
	return nil
}

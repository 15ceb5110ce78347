package client

import (
	"bytes"
	"errors"
	"io"
	"time"
)

// Bounds of what is read beside bodies.
const (
	maxHead   = 256 << 10 // bytes of all heads of an answer, and of its trailer
	maxFields = 1024
	maxLine   = 4 << 10 // bytes of the line before a chunk
)

var (
	errNotHTTP    = errors.New("what came is not HTTP")
	errHeaderSize = errors.New("the headers of the answer are larger than the limit")
	errOversized  = errors.New("the answer is larger than the limit")
)

// reader reads an answer. Its buffer belongs to whoever made it.
type reader struct {
	src  io.Reader
	buf  []byte // buf[r:w] is not read yet
	r, w int
	// first is when the first bytes came; reads counts how often some came.
	first time.Time
	reads int
}

// read takes bytes from the source, at least one unless it fails.
func (b *reader) read(p []byte) (int, error) {
	n, err := b.src.Read(p)
	if n > 0 {
		b.count()
		return n, nil
	}
	if err == nil {
		err = io.ErrNoProgress
	}
	return 0, err
}

// got makes the first n bytes of the buffer, which came before anything was read,
// available.
func (b *reader) got(n int) {
	if b.w = n; n > 0 {
		b.count()
	}
}

func (b *reader) count() {
	if b.reads++; b.reads == 1 {
		b.first = time.Now()
	}
}

// fill makes more bytes available.
func (b *reader) fill() error {
	if b.r == b.w {
		b.r, b.w = 0, 0
	}
	if b.w == len(b.buf) {
		if b.r > 0 {
			b.w = copy(b.buf, b.buf[b.r:b.w])
			b.r = 0
		} else {
			b.buf = append(b.buf, make([]byte, max(len(b.buf), 4<<10))...)
		}
	}
	n, err := b.read(b.buf[b.w:])
	b.w += n
	return err
}

// line takes a line, without its end, of at most limit bytes. It is valid until the
// next call.
func (b *reader) line(limit int) ([]byte, error) {
	for seen := 0; ; {
		i := bytes.IndexByte(b.buf[b.r+seen:b.w], '\n')
		if i < 0 {
			if seen = b.w - b.r; seen > limit {
				return nil, errNotHTTP
			}
			if err := b.fill(); err != nil {
				return nil, err
			}
			continue
		}
		end := seen + i
		if end == 0 || end > limit || b.buf[b.r+end-1] != '\r' {
			return nil, errNotHTTP
		}
		line := b.buf[b.r : b.r+end-1]
		b.r += end + 1
		return line, nil
	}
}

// lines takes lines up to an empty one, and tells how many they are. They come as one
// text that ends each line in CRLF and leaves the empty one out. It is valid until the
// next call.
func (b *reader) lines(limit int, isHead bool) ([]byte, int, error) {
	count, at, seen := 0, 0, 0 // at is where a line begins, from b.r
	for {
		if isHead && count == 0 && !isPlausible(b.buf[b.r:b.w]) {
			return nil, 0, errNotHTTP
		}
		i := bytes.IndexByte(b.buf[b.r+seen:b.w], '\n')
		if i < 0 {
			if seen = b.w - b.r; seen > limit {
				return nil, 0, errHeaderSize
			}
			if err := b.fill(); err != nil {
				return nil, 0, err
			}
			continue
		}
		end := seen + i
		seen = end + 1
		if end == at || b.buf[b.r+end-1] != '\r' {
			return nil, 0, errNotHTTP
		}
		if end == at+1 {
			text := b.buf[b.r : b.r+at]
			b.r += end + 1
			return text, count, nil
		}
		at = end + 1
		if count++; count > maxFields || at > limit {
			return nil, 0, errHeaderSize
		}
	}
}

// isPlausible reports whether an answer can begin so. What can not need not be waited
// out.
func isPlausible(begin []byte) bool {
	const version = "HTTP/1."
	n := min(len(begin), len(version))
	return string(begin[:n]) == version[:n]
}

package runfile

import (
	"bytes"
	"errors"
	"io"
)

// budget keeps a small file from becoming a large amount of memory. What is kept of a
// file must stay within a multiple of the bytes that were read of it.
type budget struct {
	r    io.Reader
	read int
	kept int
}

const (
	freely  = 64 << 20 // kept of any file
	factor  = 256      // and for each byte of it
	perLine = 64 << 20
	// A bracket or a comma of JSON can become a struct of this many bytes.
	perMark = 384
)

var (
	errExpands = errors.New("it expands far beyond its size")
	errMarks   = errors.New("a line holds too many parts")
)

func (b *budget) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.read += n
	return n, err
}

func (b *budget) keep(n int) error {
	b.kept += n
	if b.kept > freely+factor*b.read {
		return errExpands
	}
	return nil
}

// weight bounds what a line can come to in memory, before it is decoded.
func weight(line []byte) (int, error) {
	marks := bytes.Count(line, []byte{','}) + bytes.Count(line, []byte{'{'}) + bytes.Count(line, []byte{'['})
	if marks > perLine/perMark {
		return 0, errMarks
	}
	return len(line) + perMark*marks, nil
}

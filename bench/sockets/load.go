package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/authbench/authbench/bench/pinned"
)

// result is requests a second, and microseconds of the server's CPU for one.
type result struct{ rate, cpu float64 }

// of gives both as shares of another's, in percent.
func (r result) of(other result) result {
	return result{100 * r.rate / other.rate, 100 * other.cpu / r.cpu}
}

// load sends one request again and again.
func load(s *pinned.Server, request string, conns int, over time.Duration) (result, error) {
	host := strings.TrimPrefix(s.Ready["base_url"], "http://")
	before, err := s.CPU()
	if err != nil {
		return result{}, err
	}
	start := time.Now()
	counts, errs := make([]int, conns), make([]error, conns)
	var all sync.WaitGroup
	for i := range conns {
		all.Go(func() { counts[i], errs[i] = repeat(host, []byte(request), start.Add(over)) })
	}
	all.Wait()
	took := time.Since(start)
	after, err := s.CPU()
	if err := errors.Join(append(errs, err)...); err != nil {
		return result{}, err
	}
	n := 0
	for _, c := range counts {
		n += c
	}
	return result{float64(n) / took.Seconds(), float64((after - before).Microseconds()) / float64(n)}, nil
}

func repeat(host string, request []byte, end time.Time) (n int, err error) {
	c, err := net.Dial("tcp", host)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	r := bufio.NewReader(c)
	for ; time.Now().Before(end); n++ {
		if _, err := c.Write(request); err != nil {
			return n, err
		}
		if err := skipAnswer(r); err != nil {
			return n, err
		}
	}
	return n, nil
}

// skipAnswer reads one answer with a Content-Length, which must be a 200.
func skipAnswer(r *bufio.Reader) error {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(line, []byte("HTTP/1.1 200 ")) {
		return errors.New("answer " + string(bytes.TrimSpace(line)))
	}
	length := -1
	for {
		if line, err = r.ReadSlice('\n'); err != nil {
			return err
		}
		if len(line) == 2 {
			break
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return err
			}
		}
	}
	if length < 0 {
		return errors.New("an answer has no Content-Length")
	}
	_, err = io.CopyN(io.Discard, r, int64(length))
	return err
}

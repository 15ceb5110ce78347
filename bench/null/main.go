// Command null answers every HTTP/1.1 request with a small JSON object, at the least
// cost, so that what is measured against it is the generator. It can stall: for a
// while in every period all answers wait, as a service does that stops to collect
// its garbage.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"time"
)

const answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"ok\":true}"

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "loopback `address` to listen on")
	period := flag.Duration("stall-every", 0, "period of stalls; 0 is never")
	stall := flag.Duration("stall-for", time.Second, "how long each stall lasts, at the end of its period")
	flag.Parse()
	l, err := net.Listen("tcp", *listen)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("ready base_url=http://%s\n", l.Addr())
	s := server{start: time.Now(), period: *period, stall: *stall}
	for {
		c, err := l.Accept()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		go s.serve(c)
	}
}

type server struct {
	start         time.Time
	period, stall time.Duration
}

func (s server) serve(c net.Conn) {
	defer c.Close()
	r := bufio.NewReaderSize(c, 8<<10)
	for {
		if err := skip(r); err != nil {
			return
		}
		s.wait()
		if _, err := io.WriteString(c, answer); err != nil {
			return
		}
	}
}

// wait holds an answer back until a stall is over.
func (s server) wait() {
	if s.period <= 0 {
		return
	}
	into := time.Since(s.start) % s.period
	if left := s.period - into; left <= s.stall {
		<-time.After(left)
	}
}

var errTooLong = errors.New("a line is too long")

// skip reads one request and forgets it.
func skip(r *bufio.Reader) error {
	length := 0
	for {
		line, err := r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			return errTooLong
		}
		if err != nil {
			return err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if name, value, ok := bytes.Cut(line, []byte(":")); ok && bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return err
			}
		}
	}
	_, err := r.Discard(length)
	return err
}

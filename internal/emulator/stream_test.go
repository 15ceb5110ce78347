package emulator_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// event is one server-sent event; a comment has no name.
type event struct {
	id, name, data, comment string
}

// events is an open stream.
type events struct {
	t     testing.TB
	lines *bufio.Reader
	stop  func()
}

// stream opens a stream of the project; lastID is sent as a client does that comes again.
func (b *bench) stream(query, lastID string) *events {
	b.t.Helper()
	ctx, cancel := context.WithCancel(b.t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.admin.URL+"/_ab/projects/"+b.project.ID+"/messages/stream"+query, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+adminKey)
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	res, err := b.admin.Client().Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	if got := res.Header.Get("Content-Type"); res.StatusCode != http.StatusOK || got != "text/event-stream" {
		b.t.Fatalf("stream: %d %s", res.StatusCode, got)
	}
	stop := func() { cancel(); _ = res.Body.Close() }
	b.t.Cleanup(stop)
	s := &events{b.t, bufio.NewReader(res.Body), stop}
	if got := s.next(); got.comment != "open" {
		b.t.Fatalf("a stream begins with %+v", got)
	}
	return s
}

// next reads up to the next blank line; the zero event is the end.
func (s *events) next() (e event) {
	s.t.Helper()
	for {
		line, err := s.lines.ReadString('\n')
		if err != nil {
			return event{}
		}
		line = strings.TrimSuffix(line, "\n")
		name, value, _ := strings.Cut(line, ": ")
		switch name {
		case "":
			if line == "" {
				return e
			}
			e.comment = value
		case "id":
			e.id = value
		case "event":
			e.name = value
		case "data":
			e.data = value
		default:
			s.t.Fatalf("a line %q", line)
		}
	}
}

// message reads on to the next message.
func (s *events) message() (string, sent) {
	s.t.Helper()
	e := s.next()
	for e.comment != "" {
		e = s.next()
	}
	var m sent
	if err := json.Unmarshal([]byte(e.data), &m); e.name != "message" || err != nil {
		s.t.Fatalf("event %+v: %v", e, err)
	}
	return e.id, m
}

func TestStreamResumes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.sendCodes(alice, 1)
	s := b.stream("", "")
	first, m := s.message()
	if m.Recipient != alice || m.Code == "" {
		t.Errorf("first %+v", m)
	}
	b.sendCodes(bob, 1)
	if _, m := s.message(); m.Recipient != bob {
		t.Errorf("second %+v", m)
	}
	s.stop()
	b.sendCodes(newPhone, 1)
	again := b.stream("?after=0", first)
	for _, want := range []string{bob, newPhone} {
		if _, m := again.message(); m.Recipient != want {
			t.Errorf("a stream that goes on gave %+v, want a message for %s", m, want)
		}
	}
	own := b.stream("?recipient="+strings.ReplaceAll(alice, "+", "%2B"), first)
	b.sendCodes(bob, 1)
	b.sendCodes(alice, 1)
	if _, m := own.message(); m.Recipient != alice {
		t.Errorf("the stream of one recipient gave %+v", m)
	}
}

// A stream shows that it lives, brings what becomes due, and ends with the project.
func TestStreamLivesAndEnds(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.control("pause")
	b.sendCodes(alice, 1)
	s := b.stream("?beat=20ms", "")
	for range 2 {
		if got := s.next(); got.comment != "beat" {
			t.Fatalf("without a message: %+v", got)
		}
	}
	b.control("resume")
	if _, m := s.message(); m.Recipient != alice {
		t.Errorf("after the pause: %+v", m)
	}
	b.emulator.DropProject(b.project.ID)
	e := s.next()
	for e.comment != "" {
		e = s.next()
	}
	if e.name != "gone" {
		t.Errorf("of a dropped project: %+v", e)
	}
	if rest, err := io.ReadAll(s.lines); err != nil || len(rest) != 0 {
		t.Errorf("behind the end: %q, %v", rest, err)
	}
}

// What was dropped unread is told, and the stream goes on behind it.
func TestStreamTellsOfLostMessages(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	small := emulator.New(emulator.Options{Clock: b.clock.Now, UnreadLimit: 2})
	t.Cleanup(small.Close)
	p := policy.Default()
	p.SigningAlg = policy.ES256
	made, err := small.CreateProject("", secret.String{}, p)
	if err != nil {
		t.Fatal(err)
	}
	b.emulator, b.project = small, made
	b.api, b.admin = newServer(t, small.Handler()), newServer(t, small.Admin(secret.New(adminKey)))
	b.sendCodes(alice, 5)
	s := b.stream("?after=1", "")
	if got := s.next(); got.name != "lost" || got.id != "3" {
		t.Fatalf("behind a lost cursor: %+v", got)
	}
	for _, want := range []string{"4", "5"} {
		if id, _ := s.message(); id != want {
			t.Errorf("message %s, want %s", id, want)
		}
	}
}

func TestStreamsAreBounded(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var open []*events
	for range 64 {
		open = append(open, b.stream("", ""))
	}
	if r := b.ask(http.MethodGet, "/messages/stream"); r.status != http.StatusTooManyRequests {
		t.Errorf("one too many: %d", r.status)
	}
	for _, s := range open {
		s.stop()
	}
}

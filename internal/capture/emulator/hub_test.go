package emulator_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/capture"
	source "github.com/authbench/authbench/internal/capture/emulator"
	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// counting counts the requests that go through a client.
type counting struct {
	client.Client
	requests atomic.Int64
}

func (c *counting) Do(ctx context.Context, r *client.Request) (*client.Response, error) {
	c.requests.Add(1)
	return c.Client.Do(ctx, r)
}

// world is an emulated project with several sources on it.
type world struct {
	handler http.Handler
	project string
	admin   string
}

func newWorld(t *testing.T, change ...func(*policy.Project)) *world {
	t.Helper()
	e := emulator.New(emulator.Options{Seed: 7})
	p := policy.Default()
	p.SigningAlg = policy.ES256
	for _, c := range change {
		c(&p)
	}
	project, err := e.CreateProject("", secret.String{}, p)
	if err != nil {
		t.Fatal(err)
	}
	return &world{handler: e.Handler(), project: project.ID, admin: serve(t, e.Admin(secret.New(token))).URL}
}

func (w *world) source(t *testing.T, c client.Client) capture.Source {
	t.Helper()
	s, err := source.New(source.Options{URL: w.admin, Token: secret.New(token), Project: w.project, Client: c})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func (w *world) send(t *testing.T, recipient string) {
	t.Helper()
	send(t, w.handler, w.project, recipient)
}

func number(i int) string { return fmt.Sprintf("+1555%07d", 5550000+i) }

// A thousand who wait must cost neither a thousand requests nor a goroutine each.
func TestManyWatchesShareRequests(t *testing.T) {
	t.Parallel()
	const watches = 1000
	w := newWorld(t)
	c := &counting{Client: newClient(t)}
	s := w.source(t, c)
	var marks sync.WaitGroup
	made := make([]capture.Mark, watches)
	for i := range watches {
		marks.Go(func() {
			m, err := s.Mark(t.Context(), capture.Send{Recipient: number(i)})
			if err != nil {
				t.Error(err)
			}
			made[i] = m
		})
	}
	marks.Wait()
	got := make(chan string, watches)
	for i := range watches {
		stop := s.Watch(made[i], capture.Match{Recipient: number(i)}, func(m capture.Message, err error) {
			if err != nil {
				t.Error(err)
			}
			got <- m.Recipient
		})
		defer stop()
	}
	for i := range watches {
		w.send(t, number(i))
	}
	seen := map[string]bool{}
	for range watches {
		seen[<-got] = true
	}
	if len(seen) != watches {
		t.Errorf("%d recipients got their message, want %d", len(seen), watches)
	}
	if n := c.requests.Load(); n > watches {
		t.Errorf("%d requests for %d waits: they were not shared", n, watches)
	}
}

// More messages than one answer lists: everybody gets his own.
func TestManyMessagesAtOnce(t *testing.T) {
	t.Parallel()
	const messages = 5000
	w := newWorld(t)
	s := w.source(t, newClient(t))
	for i := range messages {
		w.send(t, number(i))
	}
	got := make(chan string, messages)
	for i := range messages {
		stop := s.Watch(capture.NewMark("0"), capture.Match{Recipient: number(i)}, func(m capture.Message, err error) {
			if err != nil || m.Recipient != number(i) {
				t.Errorf("message to %q, error %v; want one to %q", m.Recipient, err, number(i))
			}
			got <- m.Recipient
		})
		defer stop()
	}
	seen := map[string]bool{}
	for range messages {
		seen[<-got] = true
	}
	if len(seen) != messages {
		t.Errorf("%d recipients got their message, want %d", len(seen), messages)
	}
}

// Whoever comes with a mark from before the feed began looks back, over several answers
// if it must be.
func TestLooksBackOverSeveralAnswers(t *testing.T) {
	t.Parallel()
	const messages = 2100
	w := newWorld(t)
	s := w.source(t, newClient(t))
	for i := range messages {
		sendText(t, w.handler, w.project, number(0), "text-"+strconv.Itoa(i)+".")
	}
	mark, err := s.Mark(t.Context(), capture.Send{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Watch(mark, capture.Match{Recipient: number(1)}, func(capture.Message, error) {})()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	last := "text-" + strconv.Itoa(messages-1) + "."
	m, err := capture.Wait(ctx, s, capture.NewMark("0"), capture.Match{Recipient: number(0), Contains: last})
	if err != nil || !strings.Contains(m.Body, last) {
		t.Errorf("message %q, error %v; want the last", m.Body, err)
	}
}

func TestTwoSourcesShareAProject(t *testing.T) {
	t.Parallel()
	const messages = 40
	w := newWorld(t)
	sources := []capture.Source{w.source(t, newClient(t)), w.source(t, newClient(t))}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var (
		mu    sync.Mutex
		got   = map[string]int{}
		waits sync.WaitGroup
	)
	for _, s := range sources {
		mark, err := s.Mark(ctx, capture.Send{})
		if err != nil {
			t.Fatal(err)
		}
		for range messages {
			waits.Go(func() {
				m, err := capture.Wait(ctx, s, mark, capture.Match{Recipient: number(1)})
				if err != nil {
					return
				}
				mu.Lock()
				defer mu.Unlock()
				if got[m.ID]++; len(got) == messages {
					cancel()
				}
			})
		}
	}
	for range messages {
		w.send(t, number(1))
	}
	waits.Wait()
	for id, n := range got {
		if n != 1 {
			t.Errorf("message %s was given %d times", id, n)
		}
	}
	if len(got) != messages {
		t.Errorf("%d messages were given, want %d", len(got), messages)
	}
}

// A watch that ends while its message is being claimed must not take it with it.
func TestStoppedWatchLeavesItsMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.source(t, newClient(t))
	for i := range 50 {
		mark, err := s.Mark(t.Context(), capture.Send{})
		if err != nil {
			t.Fatal(err)
		}
		told := make(chan struct{}, 1)
		stop := s.Watch(mark, capture.Match{Recipient: number(i)}, func(capture.Message, error) { told <- struct{}{} })
		w.send(t, number(i))
		if _, ended := stop(); !ended {
			<-told
			continue // it was given, which is as good
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		if _, err := capture.Wait(ctx, s, mark, capture.Match{Recipient: number(i)}); err != nil {
			t.Errorf("round %d: the message is lost: %v", i, err)
		}
		cancel()
	}
}

func TestClosedSourceEndsWatches(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.source(t, newClient(t))
	mark, err := s.Mark(t.Context(), capture.Send{})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	s.Watch(mark, capture.Match{Recipient: number(1)}, func(_ capture.Message, err error) { done <- err })
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := <-done; err == nil {
		t.Error("a watch of a closed source must end with an error")
	}
	if _, err := s.Mark(t.Context(), capture.Send{}); err == nil {
		t.Error("a closed source must not be marked")
	}
	after := make(chan error, 1)
	if _, ended := s.Watch(mark, capture.Match{Recipient: number(1)}, func(_ capture.Message, err error) { after <- err })(); ended {
		t.Error("a watch of a closed source is answered, not stopped")
	}
	if err := <-after; err == nil {
		t.Error("a closed source must not be watched")
	}
}

// A message is received when it arrives, not when it is sent.
func TestReceivedWhenItArrives(t *testing.T) {
	t.Parallel()
	const way = 30 * time.Millisecond
	w := newWorld(t, func(p *policy.Project) {
		p.Delivery = policy.DefaultDelivery()
		p.Delivery.Latency = policy.Latency{Distribution: policy.Fixed, Value: policy.Duration(way)}
	})
	s := w.source(t, newClient(t))
	mark, err := s.Mark(t.Context(), capture.Send{})
	if err != nil {
		t.Fatal(err)
	}
	before := time.Now()
	w.send(t, number(1))
	m, err := capture.Wait(t.Context(), s, mark, capture.Match{Recipient: number(1)})
	if err != nil || m.ReceivedAt.Sub(before) < way {
		t.Errorf("received %s after the send, error %v; want %s at least", m.ReceivedAt.Sub(before), err, way)
	}
}

// However waits of two sources come and go, every message is given, and to one alone.
func TestEveryMessageIsGivenOnce(t *testing.T) {
	t.Parallel()
	const messages, recipients, waits = 300, 3, 16
	w := newWorld(t)
	sources := []capture.Source{w.source(t, newClient(t)), w.source(t, newClient(t))}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var (
		mu  sync.Mutex
		got = map[string]int{}
		all sync.WaitGroup
	)
	for i := range waits {
		all.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(i)))
			for ctx.Err() == nil {
				one, end := context.WithTimeout(ctx, time.Duration(random.IntN(5000))*time.Microsecond)
				m, err := capture.Wait(one, sources[i%2], capture.NewMark("0"), capture.Match{Recipient: number(i % recipients)})
				end()
				if err != nil {
					continue
				}
				mu.Lock()
				if got[m.ID]++; len(got) == messages {
					cancel()
				}
				mu.Unlock()
			}
		})
	}
	for i := range messages {
		w.send(t, number(i%recipients))
	}
	all.Wait()
	if len(got) != messages {
		t.Errorf("%d messages were given, want %d", len(got), messages)
	}
	for id, n := range got {
		if n != 1 {
			t.Errorf("message %s was given %d times", id, n)
		}
	}
}

// A watch without a recipient has no message to wait for. Those who ask with it have.
func TestWatchWithoutRecipient(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.source(t, newClient(t))
	w.send(t, number(1))
	none, some := make(chan error, 1), make(chan error, 1)
	stopNone := s.Watch(capture.NewMark("0"), capture.Match{Recipient: " "}, func(_ capture.Message, err error) { none <- err })
	defer stopNone()
	defer s.Watch(capture.NewMark("0"), capture.Match{Recipient: number(1)}, func(_ capture.Message, err error) { some <- err })()
	if err := <-some; err != nil {
		t.Errorf("error %v of a watch that has a recipient", err)
	}
	if err := <-none; err == nil || !strings.Contains(err.Error(), "recipient") {
		t.Errorf("error %v, want one that names the recipient", err)
	}
}

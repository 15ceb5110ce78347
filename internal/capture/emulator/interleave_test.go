package emulator_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/authbench/authbench/internal/capture"
	source "github.com/authbench/authbench/internal/capture/emulator"
	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// slow is a client whose requests and answers take their time, each another. Some are lost.
type slow struct {
	admin http.Handler

	mu     sync.Mutex
	random *rand.Rand
	loss   float64
}

func (s *slow) Do(ctx context.Context, r *client.Request) (*client.Response, error) {
	if err := s.travel(ctx); err != nil {
		return nil, err
	}
	in := httptest.NewRequestWithContext(ctx, r.Method, r.URL, bytes.NewReader(r.Body))
	for _, f := range r.Header {
		in.Header.Set(f.Name, f.Value)
	}
	out := httptest.NewRecorder()
	s.admin.ServeHTTP(out, in)
	if err := s.travel(ctx); err != nil {
		return nil, err
	}
	return &client.Response{Status: out.Code, Body: out.Body.Bytes()}, nil
}

func (s *slow) travel(ctx context.Context) error {
	s.mu.Lock()
	way, lost := time.Duration(s.random.IntN(8000))*time.Microsecond, s.random.Float64() < s.loss
	s.mu.Unlock()
	select {
	case <-time.After(way):
	case <-ctx.Done():
	}
	if err := ctx.Err(); err != nil || !lost {
		return err
	}
	return errors.New("lost on the way")
}

func (s *slow) Close() {}

func (s *slow) heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loss = 0
}

// course is a run of messages, watches and stops in an order that its seed gives.
type course struct {
	*world
	admin   http.Handler
	random  *rand.Rand
	sources []capture.Source
	clients []*slow
	watches []*interest

	mu    sync.Mutex // guards the rest, also of the watches
	sent  []string   // the texts; a message's number is its place, from 1
	to    []string   // their recipients
	given map[string]int
}

// interest is a watch of a course.
type interest struct {
	match      capture.Match
	mark       int
	told, over bool
	stop       func() (capture.Seen, bool)
}

func (i *interest) wants(number int, recipient, text string) bool {
	return number > i.mark && recipient == i.match.Recipient && strings.Contains(text, i.match.Contains)
}

func newCourse(t *testing.T, seed uint64, sources int, loss float64) *course {
	t.Helper()
	e := emulator.New(emulator.Options{Seed: 7})
	p := policy.Default()
	p.SigningAlg = policy.ES256
	project, err := e.CreateProject("", secret.String{}, p)
	if err != nil {
		t.Fatal(err)
	}
	c := &course{
		world: &world{handler: e.Handler(), project: project.ID, admin: "http://127.0.0.1:1"},
		admin: e.Admin(secret.New(token)), random: rand.New(rand.NewPCG(seed, 0)), given: map[string]int{},
	}
	for i := range sources {
		way := &slow{admin: c.admin, random: rand.New(rand.NewPCG(seed, uint64(1+i))), loss: loss}
		s, err := source.New(source.Options{URL: c.world.admin, Token: secret.New(token), Project: project.ID, Client: way})
		if err != nil {
			t.Fatal(err)
		}
		c.sources, c.clients = append(c.sources, s), append(c.clients, way)
	}
	t.Cleanup(e.Close)
	return c
}

func (c *course) send(t *testing.T, recipient string) {
	t.Helper()
	text := fmt.Sprintf("text-%d %s.", len(c.sent), []string{"odd", "even"}[c.random.IntN(2)])
	c.mu.Lock()
	c.sent, c.to = append(c.sent, text), append(c.to, recipient)
	c.mu.Unlock()
	sendText(t, c.handler, c.project, recipient, text)
}

func (c *course) watch(t *testing.T, s capture.Source, mark int, match capture.Match) {
	t.Helper()
	i := &interest{match: match, mark: mark}
	c.watches = append(c.watches, i)
	i.stop = s.Watch(capture.NewMark(strconv.Itoa(mark)), match, func(m capture.Message, err error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if i.told || i.over {
			t.Error("a watch was told twice, or after its end")
		}
		i.told = true
		if err != nil {
			return
		}
		_, text, _ := strings.Cut(m.Body, "text: ")
		number := 1
		for number <= len(c.sent) && c.sent[number-1] != text {
			number++
		}
		if c.given[text]++; c.given[text] > 1 || !i.wants(number, m.Recipient, text) {
			t.Errorf("%q to %s, given %d times, now to one who wants %+v after %d", text, m.Recipient, c.given[text], match, mark)
		}
	})
}

func (c *course) stop(i *interest) {
	if _, ended := i.stop(); ended {
		c.mu.Lock()
		i.over = true
		c.mu.Unlock()
	}
}

// settle lets everything come to rest.
func settle() {
	<-time.After(time.Minute)
	synctest.Wait()
}

// run takes some steps, after which nobody waits for what is there.
func (c *course) run(t *testing.T) {
	t.Helper()
	const steps, recipients = 60, 2
	for range steps {
		recipient := number(c.random.IntN(recipients))
		switch k := c.random.IntN(10); {
		case k < 4:
			c.send(t, recipient)
		case k < 8 || len(c.watches) == 0:
			match := capture.Match{Recipient: recipient, Contains: []string{"", "", "odd", "even"}[c.random.IntN(4)]}
			c.watch(t, c.sources[c.random.IntN(len(c.sources))], c.random.IntN(len(c.sent)+1), match)
		default:
			c.stop(c.watches[c.random.IntN(len(c.watches))])
		}
		if c.random.IntN(3) > 0 {
			<-time.After(time.Duration(c.random.IntN(6000)) * time.Microsecond)
		}
	}
	for _, way := range c.clients {
		way.heal()
	}
	settle()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/_ab/projects/"+c.project+"/messages?after=0", http.NoBody)
	r.Header.Set("Authorization", "Bearer "+token)
	left := httptest.NewRecorder()
	c.admin.ServeHTTP(left, r)
	for _, i := range c.watches {
		for n, text := range c.sent {
			if !i.told && !i.over && i.wants(n+1, c.to[n], text) && strings.Contains(left.Body.String(), text) {
				t.Errorf("%q is there, and who wants %+v after %d waits", text, i.match, i.mark)
			}
		}
	}
}

// finish gives what is left to whoever comes, and ends.
func (c *course) finish(t *testing.T) {
	t.Helper()
	for _, i := range c.watches {
		c.stop(i)
	}
	for range c.sent {
		for _, s := range c.sources {
			c.watch(t, s, 0, capture.Match{Recipient: number(0)})
			c.watch(t, s, 0, capture.Match{Recipient: number(1)})
		}
	}
	settle()
	for _, s := range c.sources {
		_ = s.Close()
	}
	for _, i := range c.watches {
		if !i.told && !i.over {
			t.Error("a watch was told nothing")
		}
	}
}

// Whatever meets on the way: a message is given once, to a watch that wants it, nobody waits
// for one that is there, and none is gone of which no answer was lost.
func TestWhateverMeets(t *testing.T) {
	t.Parallel()
	for _, sources := range []int{1, 2} {
		for _, loss := range []float64{0, 0.1} {
			t.Run(fmt.Sprintf("%d sources, loss %g", sources, loss), func(t *testing.T) {
				t.Parallel()
				for seed := range uint64(20) {
					synctest.Test(t, func(t *testing.T) {
						c := newCourse(t, seed, sources, loss)
						c.run(t)
						c.finish(t)
						if loss == 0 && len(c.given) != len(c.sent) {
							t.Errorf("%d of %d messages were given", len(c.given), len(c.sent))
						}
						if t.Failed() {
							t.Logf("seed %d", seed)
						}
					})
				}
			})
		}
	}
}

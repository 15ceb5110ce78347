package emulator_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/authbench/authbench/internal/descope"
)

// The races of the catalogue: those about what works once are run by a big crowd, in many
// rounds where the race detector looks on; the others by a small one.
const (
	lanes                   = 64
	smallLanes, smallRounds = 16, 20
)

// shot is one request of a race: a POST, or of the method that stands before its path and
// a space.
type shot struct {
	path   string
	bearer descope.Bearer
	body   any
}

// crowd sends requests that overlap for certain: behind real connections, one for each
// lane, stands a door that opens when the whole round has arrived. So every request has
// reached the emulator before the first one is carried out, which every round proves.
type crowd struct {
	t      testing.TB
	server *httptest.Server
	client *http.Client
	lossy  bool                 // an answer may be lost; its status is 0 then
	then   func(i int, a reply) // what each lane does as soon as it has its answer; nil is nothing

	mu   sync.Mutex
	door *door
}

// door holds the requests of one round until all have arrived.
type door struct {
	mu       sync.Mutex
	open     chan struct{}
	missing  int
	inside   int // requests that have arrived and are not answered
	together int // the most of them at a time
}

const doorHeader = "X-Crowd"

func newCrowd(tb testing.TB, h http.Handler) *crowd {
	tb.Helper()
	c := &crowd{t: tb}
	c.server = newServer(tb, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(doorHeader) != "" {
			c.mu.Lock()
			d := c.door
			c.mu.Unlock()
			d.arrive()
			defer d.leave()
		}
		h.ServeHTTP(w, r)
	}))
	c.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: lanes, DisableCompression: true}}
	tb.Cleanup(c.client.CloseIdleConnections)
	return c
}

func (d *door) arrive() {
	d.mu.Lock()
	d.inside++
	d.together = max(d.together, d.inside)
	if d.missing--; d.missing == 0 {
		close(d.open)
	}
	d.mu.Unlock()
	<-d.open
}

func (d *door) leave() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.inside--
}

// met is the most requests that were there at a time.
func (d *door) met() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.together
}

// round fires all shots at once, and beside them whatever else is given. It gives the
// answers in the order of the shots.
func (c *crowd) round(shots []shot, beside ...func()) []reply {
	c.t.Helper()
	d := &door{open: make(chan struct{}), missing: len(shots)}
	c.mu.Lock()
	c.door = d
	c.mu.Unlock()
	answers := make([]reply, len(shots))
	var wg sync.WaitGroup
	for i, s := range shots {
		wg.Go(func() {
			answers[i] = c.fire(s)
			if c.then != nil {
				c.then(i, answers[i])
			}
		})
	}
	for _, do := range beside {
		wg.Go(func() {
			<-d.open
			do()
		})
	}
	wg.Wait()
	if met := d.met(); met != len(shots) {
		c.t.Fatalf("%d of %d requests overlapped: the race proves nothing", met, len(shots))
	}
	return answers
}

func (c *crowd) fire(s shot) reply {
	text, err := json.Marshal(s.body)
	if err != nil {
		c.t.Error(err)
		return reply{}
	}
	verb, path, found := strings.Cut(s.path, " ")
	if !found {
		verb, path = http.MethodPost, s.path
	}
	req, err := http.NewRequestWithContext(c.t.Context(), verb, c.server.URL+path, bytes.NewReader(text))
	if err != nil {
		c.t.Error(err)
		return reply{}
	}
	req.Header.Set("Authorization", s.bearer.Header())
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(doorHeader, "1")
	res, err := c.client.Do(req)
	if err != nil {
		if !c.lossy {
			c.t.Error(err)
		}
		return reply{}
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Error(err)
	}
	return reply{res.StatusCode, res.Header, string(answer)}
}

// repeat is the same shot from every lane.
func repeat(n int, s shot) []shot {
	out := make([]shot, n)
	for i := range out {
		out[i] = s
	}
	return out
}

// tally counts answers: successes, and refusals by code.
func tally(tb testing.TB, answers []reply) (ok []descope.AuthResponse, codes map[string]int) {
	tb.Helper()
	codes = map[string]int{}
	for _, a := range answers {
		if a.status == http.StatusOK {
			var auth descope.AuthResponse
			a.into(tb, &auth)
			ok = append(ok, auth)
			continue
		}
		code := a.code(tb)
		if code == "" {
			code = strconv.Itoa(a.status)
		}
		codes[code]++
	}
	return ok, codes
}

// one checks that exactly one succeeded and every other got one of the codes.
func one(tb testing.TB, round int, answers []reply, losers ...string) descope.AuthResponse {
	tb.Helper()
	ok, codes := tally(tb, answers)
	lost := 0
	for _, code := range losers {
		lost += codes[code]
	}
	if len(ok) != 1 || lost != len(answers)-1 {
		tb.Fatalf("round %d: %d successes and %v, want 1 and the rest of %v", round, len(ok), codes, losers)
	}
	return ok[0]
}

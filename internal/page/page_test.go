package page_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/authbench/authbench/internal/page"
	"github.com/authbench/authbench/internal/stats"
	"github.com/authbench/authbench/internal/stats/statstest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func load(seconds int) *stats.Load {
	return statstest.Make(statstest.Shape{Seed: 1, Seconds: seconds, Rate: 10})
}

func serve(t *testing.T, p *page.Page) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(p.Handler())
	t.Cleanup(s.Close)
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	return s
}

func request(t *testing.T, url string, change func(*http.Request)) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(r)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = answer.Body.Close() })
	return answer
}

func text(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPage(t *testing.T) {
	t.Parallel()
	p := page.New(load(20), page.Options{})
	s := serve(t, p)
	answer := request(t, s.URL+"/", nil)
	body := text(t, answer.Body)
	if answer.StatusCode != http.StatusOK || !strings.Contains(body, "data-live") || !strings.Contains(body, "Running") {
		t.Errorf("status %d\n%.300s", answer.StatusCode, body)
	}
	policy := answer.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("policy %q lacks %q", policy, want)
		}
	}
	p.End(load(30))
	if body := text(t, request(t, s.URL+"/", nil).Body); strings.Contains(body, "data-live") {
		t.Error("the page of a run that is over is live")
	}
	if answer := request(t, s.URL+"/nothing", nil); answer.StatusCode != http.StatusNotFound {
		t.Errorf("another path: status %d", answer.StatusCode)
	}
}

func TestAPI(t *testing.T) {
	t.Parallel()
	p := page.New(load(20), page.Options{})
	s := serve(t, p)
	p.Publish(load(25))
	var document struct {
		Version  string  `json:"format_version"`
		Duration float64 `json:"duration_ms"`
	}
	if err := json.NewDecoder(request(t, s.URL+"/api/v1/load", nil).Body).Decode(&document); err != nil {
		t.Fatal(err)
	}
	if document.Version != "1.0" || document.Duration != 25840 {
		t.Errorf("got %+v", document)
	}
}

// next reads one event.
func next(t *testing.T, r *bufio.Reader) (name, data string) {
	t.Helper()
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return "", ""
		}
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "event: "):
			name = line[7:]
		case strings.HasPrefix(line, "data: "):
			data += line[6:] + "\n"
		case line == "" && name != "":
			return name, data
		}
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	p := page.New(load(20), page.Options{})
	s := serve(t, p)
	answer := request(t, s.URL+"/events", nil)
	r := bufio.NewReader(answer.Body)
	if name, data := next(t, r); name != "state" || !strings.Contains(data, "0:21 of 0:20") {
		t.Fatalf("first: %q\n%.300s", name, data)
	}
	p.End(load(30))
	p.End(load(40))
	p.Publish(load(50))
	if name, data := next(t, r); name != "end" || !strings.Contains(data, "Success</strong>") || strings.Contains(data, "Running") {
		t.Fatalf("last: %q\n%.300s", name, data)
	}
	if rest, err := io.ReadAll(r); err != nil || len(rest) > 0 {
		t.Errorf("behind the end: %q, %v", rest, err)
	}
}

// TestRebinding has a site point a name of its own at the page.
func TestRebinding(t *testing.T) {
	t.Parallel()
	s := serve(t, page.New(load(5), page.Options{Hosts: []string{"bench.example"}}))
	for host, want := range map[string]int{
		"evil.example": 421, "evil.example:8080": 421, "localhost.evil.example": 421, "": 200,
		"localhost:1234": 200, "LOCALHOST": 200, "127.0.0.1": 200, "[::1]:80": 200, "bench.example:8080": 200,
	} {
		answer := request(t, s.URL+"/api/v1/load", func(r *http.Request) { r.Host = host })
		if answer.StatusCode != want {
			t.Errorf("host %q: got %d, want %d", host, answer.StatusCode, want)
		}
	}
}

func TestOtherSites(t *testing.T) {
	t.Parallel()
	s := serve(t, page.New(load(5), page.Options{}))
	for _, test := range []struct {
		path, site, mode string
		want             int
	}{
		{"/events", "cross-site", "cors", 403}, {"/api/v1/load", "same-site", "no-cors", 403},
		{"/", "cross-site", "navigate", 200}, {"/api/v1/load", "same-origin", "cors", 200},
	} {
		answer := request(t, s.URL+test.path, func(r *http.Request) {
			r.Header.Set("Sec-Fetch-Site", test.site)
			r.Header.Set("Sec-Fetch-Mode", test.mode)
		})
		if answer.StatusCode != test.want {
			t.Errorf("%s from %s: got %d, want %d", test.path, test.site, answer.StatusCode, test.want)
		}
	}
}

func TestClientsAreBounded(t *testing.T) {
	t.Parallel()
	p := page.New(load(5), page.Options{Clients: 2})
	s := serve(t, p)
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	for range 2 {
		answer := request(t, s.URL+"/events", func(r *http.Request) { *r = *r.WithContext(ctx) })
		next(t, bufio.NewReader(answer.Body))
	}
	if answer := request(t, s.URL+"/events", nil); answer.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("one too many: status %d", answer.StatusCode)
	}
	p.End(load(5)) // ends the streams, so that the server can
}

// TestSlowReader publishes to a browser that reads nothing. Publishing goes on, and a
// reader beside it gets the end.
func TestSlowReader(t *testing.T) {
	t.Parallel()
	p := page.New(load(5), page.Options{})
	s := serve(t, p)
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(request(t, s.URL+"/events", nil).Body)
	next(t, r)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 100 {
				p.Publish(load(5))
			}
		})
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		t.Fatal("publishing waits for a reader")
	}
	p.End(load(6))
	for {
		name, _ := next(t, r)
		if name == "" {
			t.Fatal("the end never came")
		}
		if name == "end" {
			return
		}
	}
}

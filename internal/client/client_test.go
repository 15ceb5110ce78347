package client_test

import (
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/client"
)

func newClient(t *testing.T, o client.Options) client.Client {
	t.Helper()
	c, err := client.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func TestAnswerIsWholeAndTimed(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Seen", r.Method+" "+r.URL.RequestURI()+" "+r.Header.Get("User-Agent")+" "+r.Header.Get("Authorization"))
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write(append([]byte("got "), body...))
	})
	c := newClient(t, client.Options{UserAgent: "authbench/1.2.3"})
	req := &client.Request{Method: "POST", URL: s.URL + "/a?b=c", Header: client.Header{{Name: "Authorization", Value: "Bearer P"}}, Body: []byte("hello")}
	resp, err := c.Do(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := resp.Status, http.StatusTeapot; got != want {
		t.Errorf("status %d, want %d", got, want)
	}
	if got, want := string(resp.Body), "got hello"; got != want {
		t.Errorf("body %q, want %q", got, want)
	}
	if got, want := resp.Header.Get("X-Seen"), "POST /a?b=c authbench/1.2.3 Bearer P"; got != want {
		t.Errorf("server saw %q, want %q", got, want)
	}
	if resp.Start.IsZero() || resp.Duration <= 0 || resp.Phases.Connect <= 0 || resp.Phases.Processing <= 0 {
		t.Errorf("timing is incomplete: %+v", resp.Timing)
	}
	if resp.Phases.TLS != 0 || resp.Phases.Resolve != 0 {
		t.Errorf("phases that did not happen are not 0: %+v", resp.Phases)
	}
	if diff := cmp.Diff(req.Header, client.Header{{Name: "Authorization", Value: "Bearer P"}}); diff != "" {
		t.Errorf("the request was changed (-got +want):\n%s", diff)
	}
}

func TestRedirectIsAnAnswer(t *testing.T) {
	t.Parallel()
	var hits atomic.Int32
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	})
	resp, err := newClient(t, client.Options{}).Do(t.Context(), &client.Request{Method: "GET", URL: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	if resp.Status != http.StatusFound || resp.Header.Get("Location") != "/elsewhere" || hits.Load() != 1 {
		t.Errorf("got status %d, location %q after %d requests", resp.Status, resp.Header.Get("Location"), hits.Load())
	}
}

func TestCookiesAreNotKept(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "DS", Value: "x"})
		_, _ = io.WriteString(w, r.Header.Get("Cookie"))
	})
	c := newClient(t, client.Options{})
	for range 2 {
		resp, err := c.Do(t.Context(), &client.Request{Method: "GET", URL: s.URL})
		if err != nil {
			t.Fatal(err)
		}
		if len(resp.Body) != 0 {
			t.Errorf("sent the cookie %q back", resp.Body)
		}
	}
}

func TestKeepAlive(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.RemoteAddr) })
	for _, tt := range []struct {
		keep  client.KeepAlive
		users [3]int
		want  [3]int // which connection carried the request: the first, the second...
	}{
		{client.KeepAliveShared, [3]int{7, 8, 7}, [3]int{0, 0, 0}},
		{client.KeepAliveNone, [3]int{7, 7, 7}, [3]int{0, 1, 2}},
		{client.KeepAlivePerUser, [3]int{7, 8, 7}, [3]int{0, 1, 0}},
	} {
		c := newClient(t, client.Options{KeepAlive: tt.keep})
		var seen []string
		var got [3]int
		for i, user := range tt.users {
			resp, err := c.Do(t.Context(), &client.Request{Method: "GET", URL: s.URL, User: user})
			if err != nil {
				t.Fatal(err)
			}
			reused := slices.Contains(seen, string(resp.Body))
			if !reused {
				seen = append(seen, string(resp.Body))
			}
			if (resp.Phases.Connect == 0) != reused {
				t.Errorf("%s: reused %v, but connecting took %s", tt.keep, reused, resp.Phases.Connect)
			}
			got[i] = slices.Index(seen, string(resp.Body))
		}
		if got != tt.want {
			t.Errorf("%s: users %v got connections %v, want %v", tt.keep, tt.users, got, tt.want)
		}
	}
}

func TestTLSWithGivenAuthority(t *testing.T) {
	t.Parallel()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) }))
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	c := newClient(t, client.Options{TLS: client.TLS{CA: ca, ServerName: "example.com"}})
	resp, err := c.Do(t.Context(), &client.Request{Method: "GET", URL: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	if string(resp.Body) != "HTTP/2.0" || resp.Phases.TLS <= 0 {
		t.Errorf("protocol %s, TLS phase %s", resp.Body, resp.Phases.TLS)
	}
}

func TestProxyGetsTheRequest(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "via "+r.RequestURI) })
	proxy, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(t, client.Options{Proxy: proxy})
	resp, err := c.Do(t.Context(), &client.Request{Method: "GET", URL: "http://target.invalid/x"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(resp.Body), "via http://target.invalid/x"; got != want {
		t.Errorf("body %q, want %q", got, want)
	}
}

func TestLocalAddressesAreUsedInTurn(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		host, _, _ := net.SplitHostPort(r.RemoteAddr)
		_, _ = io.WriteString(w, host)
	})
	c := newClient(t, client.Options{
		KeepAlive:      client.KeepAliveNone,
		LocalAddresses: []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("127.0.0.2")},
	})
	var got []string
	for range 3 {
		resp, err := c.Do(t.Context(), &client.Request{Method: "GET", URL: s.URL})
		if err != nil {
			t.Skipf("no second loopback address on this system: %v", err)
		}
		got = append(got, string(resp.Body))
	}
	if diff := cmp.Diff(got, []string{"127.0.0.1", "127.0.0.2", "127.0.0.1"}); diff != "" {
		t.Errorf("requests came from (-got +want):\n%s", diff)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]client.Options{
		"ca":         {TLS: client.TLS{CA: []byte("no certificate")}},
		"cert":       {TLS: client.TLS{Cert: []byte("no certificate")}},
		"keep_alive": {KeepAlive: "sometimes"},
		"proxy":      {Proxy: &url.URL{Scheme: "ftp", Host: "127.0.0.1"}},
	} {
		if _, err := client.New(o); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v, want one that names it", name, err)
		}
	}
}

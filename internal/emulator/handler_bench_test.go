package emulator

import (
	"bytes"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// sink is an http.ResponseWriter that keeps what the tests ask for alone.
type sink struct {
	header http.Header
	status int
	body   []byte
}

func (s *sink) Header() http.Header { return s.header }

func (s *sink) WriteHeader(status int) { s.status = status }

func (s *sink) Write(b []byte) (int, error) {
	s.body = append(s.body, b...)
	return len(b), nil
}

// rawBody is a request body that can be read again and again.
type rawBody struct{ bytes.Reader }

func (*rawBody) Close() error { return nil }

// caller calls one handler without a socket.
type caller struct {
	b       *testing.B
	handler http.Handler
	request http.Request
	body    rawBody
	sink    sink
}

func newCaller(b *testing.B, h http.Handler, verb, target, authorization string) *caller {
	b.Helper()
	at, err := url.ParseRequestURI(target)
	if err != nil {
		b.Fatal(err)
	}
	c := &caller{b: b, handler: h, sink: sink{header: http.Header{}}}
	c.request = http.Request{
		Method: verb, URL: at, RequestURI: target, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Authorization": {authorization}, "Content-Type": {"application/json"}},
	}
	return c
}

func (c *caller) call(body []byte) []byte {
	c.body.Reset(body)
	c.request.Body, c.request.ContentLength = &c.body, int64(len(body))
	if len(body) == 0 {
		c.request.Body = http.NoBody
	}
	clear(c.sink.header)
	c.sink.status, c.sink.body = http.StatusOK, c.sink.body[:0]
	c.handler.ServeHTTP(&c.sink, &c.request)
	if c.sink.status >= http.StatusMultipleChoices {
		c.b.Fatalf("%s: %d %s", c.request.URL.Path, c.sink.status, c.sink.body)
	}
	return c.sink.body
}

func benchProject(b *testing.B, alg string) (*Emulator, *project) {
	b.Helper()
	// Each step takes a second of this clock, so that what is not redeemed goes away.
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	e := New(Options{Seed: 1, UnreadLimit: 256, Clock: func() time.Time {
		now = now.Add(time.Second)
		return now
	}})
	settings := policy.Default()
	settings.RefreshTokenExpiration = policy.Duration(2 * 365 * 24 * time.Hour)
	settings.SigningAlg = alg
	made, err := e.CreateProject("", secret.String{}, settings)
	if err != nil {
		b.Fatal(err)
	}
	p, _ := e.project(made.ID)
	return e, p
}

// BenchmarkHandler is one call of each kind that a flow makes, in the process and
// without a socket. Calls that sign are in BenchmarkVerify.
func BenchmarkHandler(b *testing.B) {
	e, p := benchProject(b, policy.ES256)
	api, admin := e.Handler(), e.Admin(secret.New("T"))
	send := newCaller(b, api, http.MethodPost, descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodEmail), "Bearer "+p.id)
	body := []byte(`{"loginId":"ab-run-17@example.test","redirectUrl":"https://app.example.test/verify"}`)
	send.call(body)
	found, _, err := p.inbox.list("", 0, false)
	if err != nil {
		b.Fatal(err)
	}
	g, err := p.redeemLink(p.clock.Now(), tokenIn(*found[0]))
	if err != nil {
		b.Fatal(err)
	}
	auth, err := p.issue(&g)
	if err != nil {
		b.Fatal(err)
	}
	drain := func() {
		all, _, err := p.inbox.list("", p.inbox.dropped, false)
		if err != nil {
			b.Fatal(err)
		}
		for _, m := range all {
			p.inbox.markRead(m.ID)
		}
	}

	b.Run("send", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			send.call(body)
		}
	})
	drain()
	b.Run("update", func(b *testing.B) {
		update := newCaller(b, api, http.MethodPost, descope.Path(descope.PathMagicLinkUpdatePhone, descope.MethodSMS), "Bearer "+p.id+":"+auth.RefreshJWT)
		body := []byte(`{"loginId":"ab-run-17@example.test","redirectUrl":"https://app.example.test/verify","phone":"+15555550199"}`)
		b.ReportAllocs()
		for b.Loop() {
			update.call(body)
		}
	})
	drain()
	b.Run("me", func(b *testing.B) {
		me := newCaller(b, api, http.MethodGet, descope.PathMe, "Bearer "+p.id+":"+auth.RefreshJWT)
		b.ReportAllocs()
		for b.Loop() {
			me.call(nil)
		}
	})
	b.Run("list", func(b *testing.B) {
		send.call(body)
		list := newCaller(b, admin, http.MethodGet, "/_ab/projects/"+p.id+"/messages?recipient=ab-run-17@example.test&wait=30s", "Bearer T")
		b.ReportAllocs()
		for b.Loop() {
			list.call(nil)
		}
	})
	b.Run("list of 64", func(b *testing.B) {
		drain()
		for range 64 {
			send.call(body)
		}
		list := newCaller(b, admin, http.MethodGet, "/_ab/projects/"+p.id+"/messages?wait=30s", "Bearer T")
		b.ReportAllocs()
		for b.Loop() {
			list.call(nil)
		}
	})
	b.Run("read", func(b *testing.B) {
		read := newCaller(b, admin, http.MethodPost, "/_ab/projects/"+p.id+"/messages/read", "Bearer T")
		body := []byte(`{"ids":["M123456789012345678901"]}`)
		b.ReportAllocs()
		for b.Loop() {
			read.call(body)
		}
	})
}

// BenchmarkVerify is the call that signs two tokens.
func BenchmarkVerify(b *testing.B) {
	for _, alg := range policy.SigningAlgs() {
		b.Run(alg, func(b *testing.B) {
			e, p := benchProject(b, alg)
			verify := newCaller(b, e.Handler(), http.MethodPost, descope.PathMagicLinkVerify, "Bearer "+p.id)
			u := p.users.fresh(p.random.userID())
			u.info.LoginIDs, u.info.Status = []string{"ab-run-17@example.test"}, descope.StatusEnabled
			p.users.add(u)
			in := intent{purpose: signIn, channel: descope.MethodEmail, user: u, contact: u.info.LoginIDs[0]}
			in.login = &loginTerms{revokeOthers: true} // keeps the sessions from piling up
			b.ReportAllocs()
			for b.Loop() {
				token := p.addLink(p.clock.Now(), in, time.Minute)
				verify.call([]byte(`{"token":"` + token + `"}`))
			}
		})
	}
}

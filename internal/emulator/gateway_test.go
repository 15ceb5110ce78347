package emulator_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// receiver is a service that messages are posted to.
type receiver struct {
	*httptest.Server
	answer func(http.ResponseWriter) // nil answers 200

	mu       sync.Mutex
	requests []posted
}

type posted struct {
	header http.Header
	body   []byte
}

func newReceiver(t *testing.T, answer func(http.ResponseWriter)) *receiver {
	t.Helper()
	r := &receiver{answer: answer}
	r.Server = newServer(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil || req.Method != http.MethodPost {
			t.Errorf("%s: %v", req.Method, err)
		}
		r.mu.Lock()
		r.requests = append(r.requests, posted{req.Header.Clone(), body})
		r.mu.Unlock()
		if r.answer != nil {
			r.answer(w)
		}
	}))
	return r
}

func (r *receiver) all() []posted {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]posted(nil), r.requests...)
}

func gatewayTo(url string, change ...func(*policy.SMSGateway)) func(*policy.Project) {
	g := policy.DefaultSMSGateway()
	g.PostURL = url
	for _, f := range change {
		f(&g)
	}
	return func(p *policy.Project) { p.Connectors.GenericSMSGateway = &g }
}

// posted waits until the gateway is done with every message to the recipient.
func (b *bench) posted(recipient string) []outboxMessage {
	b.t.Helper()
	for {
		all := b.outbox("all", recipient)
		done := len(all) > 0
		for _, m := range all {
			done = done && m.Delivery.Gateway.State != "queued"
		}
		if done || b.t.Context().Err() != nil {
			return all
		}
	}
}

func TestGatewayPostsWhatTheVendorDoes(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, nil)
	const key = "canary-hmac-secret"
	b := newBench(t, gatewayTo(r.URL+"/sms?account=7", func(g *policy.SMSGateway) {
		g.Sender, g.HMACSecret = "+15555550000", policy.NewSecret(key)
		g.Headers = map[string]policy.Secret{"x-account": policy.NewSecret("a7")}
		g.Authentication.BearerToken = policy.NewSecret("canary-bearer")
	}))
	b.sendCodes(alice, 1)
	b.post(descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(bob)})
	b.post(descope.Path(descope.PathOTPSignUpOrIn, descope.MethodEmail), b.public(), descope.SignInRequest{Identity: identity("a@example.test")})
	b.posted(alice)
	b.posted(bob)
	code, link := b.take(alice), b.take(bob)
	want := map[string]map[string]string{
		alice: {"recipient": alice, "sender": "+15555550000", "body": code.Body, "token": code.Code},
		bob:   {"recipient": bob, "sender": "+15555550000", "body": link.Body, "token": link.token(t)},
	}
	got := map[string]map[string]string{}
	for _, p := range r.all() {
		var body map[string]string
		if err := json.Unmarshal(p.body, &body); err != nil {
			t.Fatal(err)
		}
		got[body["recipient"]] = body
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write(p.body)
		for name, value := range map[string]string{
			"Content-Type": "application/json", "X-Account": "a7", "Authorization": "Bearer canary-bearer",
			"x-descope-webhook-s256": base64.StdEncoding.EncodeToString(mac.Sum(nil)),
		} {
			if h := p.header.Get(name); h != value {
				t.Errorf("header %s is %q, want %q", name, h, value)
			}
		}
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("posted (-got +want):\n%s", diff)
	}
	for _, recipient := range []string{alice, bob, "a@example.test"} {
		for _, m := range b.outbox("all", recipient) {
			g := m.Delivery.Gateway
			if email := strings.Contains(recipient, "@"); !email && (g.State != "accepted" || g.Status != 200 || g.Attempts != 1) || email && g.State != "" {
				t.Errorf("%s: %+v", recipient, g)
			}
		}
	}
}

func TestGatewayAuthentication(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		way           policy.Authentication
		header, value string
	}{
		"none":    {policy.Authentication{}, "Authorization", ""},
		"basic":   {policy.Authentication{Basic: &policy.BasicAuth{Username: "u", Password: policy.NewSecret("p:w")}}, "Authorization", "Basic dTpwOnc="},
		"API key": {policy.Authentication{APIKey: &policy.APIKey{Key: "X-Api-Key", Token: policy.NewSecret("k")}}, "X-Api-Key", "k"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t, nil)
			b := newBench(t, gatewayTo(r.URL, func(g *policy.SMSGateway) { g.Authentication = tt.way }))
			b.sendCodes(alice, 1)
			b.posted(alice)
			if got := r.all(); len(got) != 1 || got[0].header.Get(tt.header) != tt.value || got[0].header.Get("x-descope-webhook-s256") != "" {
				t.Errorf("%+v, want %s %q and no signature", got, tt.header, tt.value)
			}
		})
	}
}

func TestGatewayThatFails(t *testing.T) {
	t.Parallel()
	status := func(code int) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			w.Header().Set("Location", "http://gateway.test/elsewhere")
			w.WriteHeader(code)
		}
	}
	for name, tt := range map[string]struct {
		answer   func(http.ResponseWriter)
		attempts int // that the settings allow
		made     int
		status   int
	}{
		"refused":              {status(403), 1, 1, 403},
		"refused for good":     {status(403), 3, 1, 403},
		"no retry by default":  {status(503), 1, 1, 503},
		"retry":                {status(503), 2, 2, 503},
		"redirects end there":  {status(302), 1, 1, 302},
		"connection is closed": {func(http.ResponseWriter) { panic(http.ErrAbortHandler) }, 1, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t, tt.answer)
			b := newBench(t, gatewayTo(r.URL+"/?key=canary", func(g *policy.SMSGateway) { g.Attempts = tt.attempts }))
			b.sendCodes(alice, 1)
			got := b.posted(alice)
			if len(got) != 1 {
				t.Fatalf("%+v", got)
			}
			g := got[0].Delivery.Gateway
			if g.State != "failed" || g.Attempts != tt.made || g.Status != tt.status || (g.Error == "") != (tt.status != 0) {
				t.Errorf("%+v", g)
			}
			if strings.Contains(g.Error, "canary") {
				t.Errorf("error %q shows the address", g.Error)
			}
			if len(r.all()) != tt.made || got[0].State != "delivered" {
				t.Errorf("%d posts, message %s; the inbox has it all the same", len(r.all()), got[0].State)
			}
		})
	}
}

// An address elsewhere is not called unless the policy says so, whatever name it has.
func TestGatewayStaysOnThisMachine(t *testing.T) {
	t.Parallel()
	b := newBench(t, gatewayTo("http://192.0.2.1:9/"))
	b.sendCodes(alice, 1)
	if got := b.posted(alice); len(got) != 1 || !strings.Contains(got[0].Delivery.Gateway.Error, "allow_remote") {
		t.Errorf("%+v, want that the address is not of this machine", got)
	}
}

// What is late, lost or rejected is not posted before it arrives, if ever.
func TestGatewayFollowsTheDelivery(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, nil)
	b := newBench(t, gatewayTo(r.URL), func(p *policy.Project) {
		p.Delivery.Latency, p.Delivery.Duplicate = fixed(time.Minute), 1
		p.Delivery.Carriers = []policy.Carrier{{Prefix: "+213", Reject: policy.RejectNoGeo}}
	})
	b.sendCodes(alice, 1)
	b.sendCodes("+213612345678", 1)
	if got := r.all(); len(got) != 0 {
		t.Errorf("posted before they arrive: %+v", got)
	}
	b.clock.advance(time.Minute)
	b.posted(alice)
	got := r.all()
	if len(got) != 2 || string(got[0].body) != string(got[1].body) {
		t.Errorf("posted: %+v, want the message and its duplicate", got)
	}
}

// No more are posted at a time than may be, no more wait, and a project that is
// dropped ends what hangs.
func TestGatewayIsBounded(t *testing.T) {
	t.Parallel()
	arrived, ended := make(chan struct{}, 16), make(chan struct{}, 16)
	hang := newServer(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // or the server does not see that the client is gone
		arrived <- struct{}{}
		<-r.Context().Done()
		ended <- struct{}{}
	}))
	b := newBench(t, gatewayTo(hang.URL, func(g *policy.SMSGateway) {
		g.MaxInFlight, g.MaxQueued, g.ReadTimeout = 2, 3, policy.Duration(time.Minute)
	}))
	b.sendCodes(alice, 8)
	<-arrived
	<-arrived
	states := map[string]int{}
	for _, m := range b.outbox("all", alice) {
		states[m.Delivery.Gateway.State+m.Delivery.Gateway.Error]++
	}
	want := map[string]int{"queued": 5, "failedas many messages wait for the gateway as may": 3}
	if diff := cmp.Diff(states, want); diff != "" {
		t.Errorf("states (-got +want):\n%s", diff)
	}
	b.emulator.DropProject(b.project.ID)
	<-ended
	<-ended
	if len(arrived) != 0 {
		t.Errorf("%d more were posted by a project that is gone", len(arrived))
	}
}

// What became of a post is exported; the importing emulator posts nothing again.
func TestGatewayOutcomeIsExported(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, nil)
	b := newBench(t, gatewayTo(r.URL))
	b.sendCodes(alice, 1)
	want := b.posted(alice)
	o := b.again(7)
	if diff := cmp.Diff(o.outbox("all", alice), want); diff != "" {
		t.Errorf("after the import (-got +want):\n%s", diff)
	}
	if n := len(r.all()); n != 1 {
		t.Errorf("%d posts, want 1", n)
	}
}

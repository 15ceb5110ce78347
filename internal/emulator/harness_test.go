package emulator_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

const (
	alice    = "+15555550101"
	bob      = "+15555550102"
	newPhone = "+15555550199"
	adminKey = "admin-token-of-the-test"
)

// clock is a clock that stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 250e6, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// bench is one emulator with one project behind real listeners.
type bench struct {
	t          testing.TB
	emulator   *emulator.Emulator
	clock      *clock
	project    emulator.Project
	api, admin *httptest.Server
}

// newBench starts a project that signs with ES256, because RSA is slow under
// the race detector. change may alter its policy.
func newBench(tb testing.TB, change ...func(*policy.Project)) *bench {
	tb.Helper()
	b := &bench{t: tb, clock: newClock()}
	b.emulator = emulator.New(emulator.Options{Clock: b.clock.Now, Seed: 42})
	p := policy.Default()
	p.SigningAlg = policy.ES256
	for _, f := range change {
		f(&p)
	}
	var err error
	if b.project, err = b.emulator.CreateProject("", secret.String{}, p); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(b.emulator.Close)
	b.api = newServer(tb, b.emulator.Handler())
	b.admin = newServer(tb, b.emulator.Admin(secret.New(adminKey)))
	return b
}

func newServer(tb testing.TB, h http.Handler) *httptest.Server {
	tb.Helper()
	s := httptest.NewServer(h)
	tb.Cleanup(s.Close)
	return s
}

// reply is one answer of the API.
type reply struct {
	status int
	header http.Header
	text   string
}

func (r reply) into(tb testing.TB, v any) {
	tb.Helper()
	if r.status != http.StatusOK {
		tb.Fatalf("status %d, want 200: %s", r.status, r.text)
	}
	if err := json.Unmarshal([]byte(r.text), v); err != nil {
		tb.Fatalf("answer %s: %v", r.text, err)
	}
}

func (r reply) code(tb testing.TB) string {
	tb.Helper()
	if r.status < 400 {
		return ""
	}
	var body map[string]string
	if err := json.Unmarshal([]byte(r.text), &body); err != nil {
		tb.Fatalf("error body %q: %v", r.text, err)
	}
	for _, key := range []string{"errorCode", "errorDescription", "errorMessage", "message"} {
		if body[key] == "" {
			tb.Errorf("error body %s lacks %s", r.text, key)
		}
	}
	return body["errorCode"]
}

// refused checks a refusal.
func (r reply) refused(tb testing.TB, status int, code string, mention ...string) {
	tb.Helper()
	if got := r.code(tb); r.status != status || got != code {
		tb.Errorf("answer %d %s, want %d %s: %s", r.status, got, status, code, r.text)
	}
	for _, m := range mention {
		if !strings.Contains(strings.ToLower(r.text), strings.ToLower(m)) {
			tb.Errorf("answer %s does not mention %q", r.text, m)
		}
	}
}

func (b *bench) do(verb, path, authorization, contentType, body string) reply {
	b.t.Helper()
	return exchange(b.t, b.api, verb, path, authorization, contentType, body)
}

func exchange(tb testing.TB, s *httptest.Server, verb, path, authorization, contentType, body string) reply {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), verb, s.URL+path, strings.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	res, err := s.Client().Do(req)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		tb.Fatal(err)
	}
	if res.Header.Get(descope.EmulatorHeader) != "1" {
		tb.Errorf("%s %s: no %s header", verb, path, descope.EmulatorHeader)
	}
	return reply{res.StatusCode, res.Header, string(text)}
}

func (b *bench) post(path string, bearer descope.Bearer, body any) reply {
	b.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(http.MethodPost, path, bearer.Header(), "application/json", string(text))
}

func (b *bench) get(path string, bearer descope.Bearer) reply {
	b.t.Helper()
	return b.do(http.MethodGet, path, bearer.Header(), "", "")
}

func (b *bench) public() descope.Bearer { return descope.Bearer{Project: b.project.ID} }

func (b *bench) as(refreshJWT string) descope.Bearer {
	return descope.Bearer{Project: b.project.ID, JWT: refreshJWT}
}

func (b *bench) manager() descope.Bearer {
	return descope.Bearer{Project: b.project.ID, Key: b.project.ManagementKey.Reveal()}
}

// sent is a message as the admin API shows it.
type sent struct {
	ID              string            `json:"id"`
	Recipient       string            `json:"recipient"`
	Channel         string            `json:"channel"`
	Purpose         string            `json:"purpose"`
	Subject         string            `json:"subject"`
	Body            string            `json:"body"`
	Link            string            `json:"link"`
	Code            string            `json:"code"`
	CreatedAt       time.Time         `json:"created_at"`
	Read            bool              `json:"read"`
	TemplateOptions map[string]string `json:"template_options"`
	Locale          string            `json:"locale"`
	ProviderID      string            `json:"provider_id"`
}

func (s sent) token(tb testing.TB) string {
	tb.Helper()
	u, err := url.Parse(s.Link)
	if err != nil || len(u.Query()["t"]) != 1 {
		tb.Fatalf("link %q does not hold one token: %v", s.Link, err)
	}
	return u.Query().Get("t")
}

// messages lists what is unread for the recipient.
func (b *bench) messages(recipient string) []sent {
	b.t.Helper()
	r := b.ask(http.MethodGet, "/messages?recipient="+url.QueryEscape(recipient))
	var out struct{ Messages []sent }
	r.into(b.t, &out)
	return out.Messages
}

// ask calls the admin API below the project.
func (b *bench) ask(verb, path string) reply {
	b.t.Helper()
	return exchange(b.t, b.admin, verb, "/_ab/projects/"+b.project.ID+path, "Bearer "+adminKey, "", "")
}

// take returns the one unread message of the recipient and marks it read.
func (b *bench) take(recipient string) sent {
	b.t.Helper()
	all := b.messages(recipient)
	if len(all) != 1 {
		b.t.Fatalf("%d messages for %s, want 1: %+v", len(all), recipient, all)
	}
	if r := b.ask(http.MethodPost, "/messages/"+all[0].ID+"/read"); r.status != http.StatusNoContent {
		b.t.Fatalf("mark read: %d %s", r.status, r.text)
	}
	return all[0]
}

func (b *bench) quiet(recipient string) {
	b.t.Helper()
	if got := b.messages(recipient); len(got) != 0 {
		b.t.Errorf("messages for %s: %+v, want none", recipient, got)
	}
}

func identity(login string) descope.Identity { return descope.Identity{LoginID: login} }

// signUp makes a verified user of a phone and returns its tokens.
func (b *bench) signUp(phone string) descope.AuthResponse {
	b.t.Helper()
	r := b.post(descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(phone)})
	if r.status != http.StatusOK {
		b.t.Fatalf("sign up %s: %d %s", phone, r.status, r.text)
	}
	return b.redeem(b.take(phone).token(b.t))
}

func (b *bench) verify(token string) reply {
	b.t.Helper()
	return b.post(descope.PathMagicLinkVerify, b.public(), descope.VerifyLinkRequest{Token: token})
}

func (b *bench) redeem(token string) descope.AuthResponse {
	b.t.Helper()
	var out descope.AuthResponse
	b.verify(token).into(b.t, &out)
	return out
}

func (b *bench) verifyCode(m descope.Method, login, code string) reply {
	b.t.Helper()
	return b.post(descope.Path(descope.PathOTPVerify, m), b.public(), descope.VerifyCodeRequest{Identity: identity(login), Code: code})
}

func (b *bench) me(refreshJWT string) descope.User {
	b.t.Helper()
	var out descope.User
	b.get(descope.PathMe, b.as(refreshJWT)).into(b.t, &out)
	return out
}

func otherCode(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

var sixDigits = regexp.MustCompile(`^[0-9]{6}$`)

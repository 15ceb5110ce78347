package desktest

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/emulator/desk"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

const (
	adminToken = "the token & more" // what an address has to escape
	alice      = "+15555550101"
	bob        = "bob@example.test"
)

// bench is an emulator with one project behind real listeners.
type bench struct {
	t          *testing.T
	emulator   *emulator.Emulator
	project    emulator.Project
	api, admin *httptest.Server
}

func newBench(t *testing.T) *bench {
	t.Helper()
	e := emulator.New(emulator.Options{Seed: 42})
	p := policy.Default()
	p.SigningAlg = policy.ES256
	project, err := e.CreateProject("", secret.String{}, p)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	b := &bench{t, e, project, httptest.NewServer(e.Handler()), httptest.NewServer(e.Admin(secret.New(adminToken)))}
	t.Cleanup(b.api.Close)
	t.Cleanup(b.admin.Close)
	t.Cleanup(b.admin.CloseClientConnections)
	return b
}

// page is the address of a view. The token is in it.
func (b *bench) page(view string) string {
	return desk.Address(b.admin.URL, secret.New(adminToken), b.project.ID) + "&view=" + view
}

// post calls the API and gives the status and the document of the answer.
func (b *bench) post(path string, bearer descope.Bearer, body any) (status int, document string) {
	b.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.api.URL+path, strings.NewReader(string(text)))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Authorization", bearer.Header())
	r.Header.Set("Content-Type", "application/json")
	answer, err := b.api.Client().Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	read, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer.StatusCode, string(read)
}

func (b *bench) public() descope.Bearer { return descope.Bearer{Project: b.project.ID} }

// send has the API send a link or a code.
func (b *bench) send(pattern string, m descope.Method, login string, options *descope.LoginOptions) {
	b.t.Helper()
	in := descope.SignInRequest{Identity: descope.Identity{LoginID: login}, LoginOptions: options}
	if status, text := b.post(descope.Path(pattern, m), b.public(), in); status != http.StatusOK {
		b.t.Fatalf("send to %s: %d %s", login, status, text)
	}
}

func (b *bench) redeem(link string) (status int, document string) {
	b.t.Helper()
	_, token, ok := strings.Cut(link, "?t=")
	if !ok {
		b.t.Fatalf("%q is no link with a token", link)
	}
	return b.post(descope.PathMagicLinkVerify, b.public(), descope.VerifyLinkRequest{Token: token})
}

// ask calls the admin API below the project.
func (b *bench) ask(verb, path, body string) (document string) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), verb, b.admin.URL+"/_ab/projects/"+b.project.ID+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+adminToken)
	answer, err := b.admin.Client().Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode >= 300 {
		b.t.Fatalf("%s %s: %d %s %v", verb, path, answer.StatusCode, text, err)
	}
	return string(text)
}

// restart takes the admin listener away and gives it back when back is called.
func (b *bench) restart() (back func()) {
	b.t.Helper()
	address := b.admin.Listener.Addr().String()
	b.admin.CloseClientConnections()
	b.admin.Close()
	return func() {
		l, err := new(net.ListenConfig).Listen(b.t.Context(), "tcp", address)
		if err != nil {
			b.t.Fatal(err)
		}
		b.admin = httptest.NewUnstartedServer(b.emulator.Admin(secret.New(adminToken)))
		_ = b.admin.Listener.Close()
		b.admin.Listener = l
		b.admin.Start()
		b.t.Cleanup(b.admin.Close)
		b.t.Cleanup(b.admin.CloseClientConnections)
	}
}

// liveALittle leaves something of everything that the page shows.
func (b *bench) liveALittle() {
	b.t.Helper()
	const whatsapp = "+4915155550102"
	b.send(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS, alice, nil)
	b.send(descope.PathOTPSignUpOrIn, descope.MethodSMS, alice, nil)
	b.send(descope.PathOTPSignUpOrIn, descope.MethodEmail, bob, nil)
	var list struct{ Messages []struct{ Link, Code string } }
	if err := json.Unmarshal([]byte(b.ask(http.MethodGet, "/messages?recipient="+url.QueryEscape(alice), "")), &list); err != nil {
		b.t.Fatal(err)
	}
	if status, text := b.redeem(list.Messages[0].Link); status != http.StatusOK {
		b.t.Fatalf("redeem: %d %s", status, text)
	}
	b.redeem(list.Messages[0].Link) // refused
	b.ask(http.MethodPost, "/faults", `{"name":"unavailable","match":"/v1/auth/otp/verify/*","phase":"before","action":"status","status":503,"count":3}`)
	b.post(descope.Path(descope.PathOTPVerify, descope.MethodSMS), b.public(), descope.VerifyCodeRequest{Identity: descope.Identity{LoginID: alice}, Code: "000000"})
	b.ask(http.MethodPost, "/clock", `{"advance":"90s","skew":"-5s"}`)
	b.ask(http.MethodPut, "/delivery", `{"loss":1}`)
	b.send(descope.PathOTPSignUpOrIn, descope.MethodWhatsApp, whatsapp, nil)
	b.ask(http.MethodPut, "/delivery", `{"latency":{"distribution":"fixed","value":"1h"}}`)
	b.send(descope.PathOTPSignUpOrIn, descope.MethodWhatsApp, whatsapp, nil)
}

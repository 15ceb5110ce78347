package emulator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/capture/capturetest"
	source "github.com/authbench/authbench/internal/capture/emulator"
	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	token    = "canary-admin-token"
	redirect = "https://app.example.test/verify"
)

func serve(t *testing.T, h http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func newClient(t *testing.T) client.Client {
	t.Helper()
	c, err := client.New(client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// rig is a source on a real emulator; messages are sign-ups by magic link, with the
// text among the options of the template.
func rig(t *testing.T) capturetest.Rig {
	t.Helper()
	e := emulator.New(emulator.Options{Seed: 7})
	p := policy.Default()
	p.SigningAlg = policy.ES256
	project, err := e.CreateProject("", secret.String{}, p)
	if err != nil {
		t.Fatal(err)
	}
	admin, c := serve(t, e.Admin(secret.New(token))), newClient(t)
	s, err := source.New(source.Options{URL: admin.URL, Token: secret.New(token), Project: project.ID, Client: c})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	deliver := func(t *testing.T, recipient, text string) {
		t.Helper()
		sendText(t, e.Handler(), project.ID, recipient, text)
	}
	return capturetest.Rig{Source: s, Deliver: deliver, Recipients: [2]string{"+15555550101", "+15555550102"}, Link: redirect + "?t="}
}

func send(t *testing.T, h http.Handler, project, recipient string) {
	t.Helper()
	sendText(t, h, project, recipient, "here")
}

// sendText has the emulator send a link, with a text among the options of the template.
func sendText(t *testing.T, h http.Handler, project, recipient, text string) {
	t.Helper()
	body, err := json.Marshal(descope.SignInRequest{
		Identity: descope.Identity{LoginID: recipient}, Redirect: descope.Redirect{URI: redirect},
		LoginOptions: &descope.LoginOptions{TemplateOptions: map[string]string{"text": text}},
	})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS), bytes.NewReader(body))
	r.Header.Set("Authorization", descope.Bearer{Project: project}.Header())
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Errorf("deliver: HTTP %d %s", w.Code, w.Body)
	}
}

func TestSource(t *testing.T) {
	t.Parallel()
	capturetest.Run(t, rig)
}

func TestRecipientInAnyForm(t *testing.T) {
	t.Parallel()
	r := rig(t)
	mark, err := r.Source.Mark(t.Context(), capture.Send{})
	if err != nil {
		t.Fatal(err)
	}
	r.Deliver(t, "+1 555-555-0101", "here")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, err := capture.Wait(ctx, r.Source, mark, capture.Match{Recipient: "+1 (555) 555 0101"}); err != nil {
		t.Error(err)
	}
}

func TestSourceThatCanNotBeAsked(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{})
	admin := serve(t, e.Admin(secret.New(token)))
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	garbage := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"format_version":2}`) }))
	tests := map[string]struct{ url, token, want string }{
		"another token":  {admin.URL, "canary-other", "401"},
		"no project":     {admin.URL, token, "no project P1"},
		"nobody there":   {closed.URL, token, "connect"},
		"another form":   {garbage.URL, token, "form that is not known"},
		"another server": {serve(t, http.NotFoundHandler()).URL, token, "404"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := source.New(source.Options{URL: tt.url + "/", Token: secret.New(tt.token), Project: "P1", Client: newClient(t)})
			if err != nil {
				t.Fatal(err)
			}
			_, markErr := s.Mark(t.Context(), capture.Send{})
			t.Cleanup(func() { _ = s.Close() })
			_, waitErr := capture.Wait(t.Context(), s, capture.NewMark("1"), capture.Match{Recipient: "+15555550101"})
			for _, err := range []error{markErr, waitErr} {
				if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), strings.TrimPrefix(tt.url, "http://")) {
					t.Errorf("error %v, want one that holds %q and the address", err, tt.want)
				} else if strings.Contains(err.Error(), "canary") {
					t.Errorf("the error shows the token: %v", err)
				}
				if _, ok := errors.AsType[*capture.Missed](err); ok {
					t.Errorf("error %v says that nothing came", err)
				}
			}
		})
	}
}

func TestProjectThatGoesAway(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{})
	p := policy.Default()
	p.SigningAlg = policy.ES256
	if _, err := e.CreateProject("P1", secret.String{}, p); err != nil {
		t.Fatal(err)
	}
	admin := serve(t, e.Admin(secret.New(token)))
	s, err := source.New(source.Options{URL: admin.URL, Token: secret.New(token), Project: "P1", Client: newClient(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	mark, err := s.Mark(t.Context(), capture.Send{})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		_, err := capture.Wait(ctx, s, mark, capture.Match{Recipient: "+15555550101"})
		done <- err
	}()
	e.DropProject("P1")
	if err := <-done; err == nil || !strings.Contains(err.Error(), "no project P1") {
		t.Errorf("error %v, want one that says the project is gone", err)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	for name, o := range map[string]source.Options{
		"address": {URL: "127.0.0.1:8788", Project: "P1", Client: c},
		"project": {URL: "http://127.0.0.1:8788", Client: c},
		"client":  {URL: "http://127.0.0.1:8788", Project: "P1"},
	} {
		if _, err := source.New(o); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("error %v, want one that names the %s", err, name)
		}
	}
}

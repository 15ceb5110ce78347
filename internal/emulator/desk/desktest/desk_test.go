package desktest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
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
	b := &bench{t, project, httptest.NewServer(e.Handler()), httptest.NewServer(e.Admin(secret.New(adminToken)))}
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

// TestPage shares one browser among the tests of the page.
func TestPage(t *testing.T) {
	t.Parallel()
	chromium := startBrowser(t)
	for name, test := range map[string]func(*testing.T, *bench, *tab){
		"a link arrives, is copied and expires": linkExpires,
		"pictures":                              pictures,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newBench(t), newTab(t, chromium))
		})
	}
}

func linkExpires(t *testing.T, b *bench, page *tab) {
	page.mayCopy(b.admin.URL)
	page.open(b.page("messages"))
	page.shows("No message yet")
	if at := page.read("location.href"); strings.Contains(at, "token") {
		t.Errorf("the address still holds the token: %s", at)
	}

	b.send(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS, alice, nil)
	page.shows("Your link: ")
	page.until(fmt.Sprintf("document.getElementById('told').textContent.includes(%q)", alice))
	page.click(".bubble:last-child .copy")
	page.shows("Copied")
	first := page.read("navigator.clipboard.readText()")
	if shown := page.read("document.querySelector('.bubble a').href"); first != shown {
		t.Errorf("copied %q, want %q", first, shown)
	}
	if status, text := b.redeem(first); status != http.StatusOK {
		t.Fatalf("the link is refused before its time: %d %s", status, text)
	}

	b.send(descope.PathMagicLinkSignIn, descope.MethodSMS, alice, nil)
	page.until("document.querySelectorAll('.bubble').length === 2")
	page.click(".bubble:last-child .copy")
	page.until("document.querySelector('.bubble:last-child .copy').textContent === 'Copied'")
	second := page.read("navigator.clipboard.readText()")
	if second == first {
		t.Fatal("the second link was not copied")
	}
	page.click("#to-controls")
	page.click("#advance-3m")
	page.until("document.getElementById('told').textContent.includes('advanced by 3 minutes')")
	if status, text := b.redeem(second); status != http.StatusUnauthorized || !strings.Contains(text, "E062504") {
		t.Errorf("the link after its time: %d %s", status, text)
	}
}

// pictures looks at each view in each dress.
func pictures(t *testing.T, b *bench, page *tab) {
	const injected = `<img src=x onerror="document.title='broken in'"> <b>Alice & Bob</b>`
	b.send(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS, alice, &descope.LoginOptions{TemplateOptions: map[string]string{"greeting": injected}})
	b.send(descope.PathOTPSignUpOrIn, descope.MethodSMS, alice, nil)
	b.send(descope.PathOTPSignUpOrIn, descope.MethodEmail, bob, nil)
	b.send(descope.PathOTPSignUpOrIn, descope.MethodWhatsApp, "+4915155550102", nil)

	page.open(b.page("messages"))
	page.shows(injected)
	link := page.read("document.querySelector('.bubble a').href")
	if status, text := b.redeem(link); status != http.StatusOK {
		t.Fatalf("redeem: %d %s", status, text)
	}
	for _, view := range []string{"messages", "users", "requests", "controls"} {
		page.click("#to-" + view)
		page.until(fmt.Sprintf("document.querySelector('nav a[aria-current]').id === 'to-%s'", view))
		switch view {
		case "users":
			page.click("#view summary")
		case "controls":
			page.until("!document.getElementById('clock-face').textContent.includes('undefined')")
		}
		for _, dress := range []struct {
			width  int64
			scheme string
		}{{1200, "light"}, {1200, "dark"}, {400, "light"}, {400, "dark"}} {
			page.look(dress.width, dress.scheme)
			page.until("document.documentElement.scrollWidth <= innerWidth")
			page.picture(fmt.Sprintf("%s_%d_%s", view, dress.width, dress.scheme))
		}
	}
	if title := page.read("document.title"); strings.Contains(title, "broken") {
		t.Error("the text of a message ran as a script")
	}
	if found := page.read("String(document.querySelectorAll('#view img, #view b').length)"); found != "0" {
		t.Errorf("%s elements came out of the text of a message", found)
	}
}

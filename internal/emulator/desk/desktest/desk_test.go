package desktest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/authbench/authbench/internal/descope"
)

// TestPage shares one browser among the tests of the page.
func TestPage(t *testing.T) {
	t.Parallel()
	chromium := startBrowser(t)
	// The machine has one clipboard: these take turns.
	t.Run("clipboard", func(t *testing.T) {
		t.Parallel()
		t.Run("a link arrives, is copied and expires", func(t *testing.T) { linkExpires(t, newBench(t), newTab(t, chromium)) })
		t.Run("a code is copied by keyboard", func(t *testing.T) { codeByKeyboard(t, newBench(t), newTab(t, chromium)) })
		t.Run("a code is copied without a clipboard", func(t *testing.T) { codeBySelection(t, newBench(t), newTab(t, chromium)) })
	})
	for name, test := range map[string]func(*testing.T, *bench, *tab){
		"the token is typed":           tokenTyped,
		"the connection is lost":       connectionLost,
		"a fault is added and removed": faultAdded,
		"what becomes of messages":     messagesFare,
		"text stays text":              textStaysText,
		"a reset empties the views":    resetEmpties,
		"a project is made again":      madeAgain,
		"each view in each dress":      dresses,
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
	page.told("Message to " + alice)
	page.click(".bubble:last-child .copy")
	page.told("The link is copied")
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
	page.told("The clock is advanced by 3 minutes")
	if status, text := b.redeem(second); status != http.StatusUnauthorized || !strings.Contains(text, "E062504") {
		t.Errorf("the link after its time: %d %s", status, text)
	}
}

func codeByKeyboard(t *testing.T, b *bench, page *tab) {
	page.mayCopy(b.admin.URL)
	b.send(descope.PathOTPSignUpOrIn, descope.MethodEmail, bob, nil)
	page.open(b.page("messages"))
	page.shows("is your code.")
	for range 20 {
		page.do(chromedp.KeyEvent(kb.Tab))
		if page.read("document.activeElement.textContent") == "Copy code" {
			break
		}
	}
	if outline := page.read("getComputedStyle(document.activeElement).outlineStyle"); outline == "none" {
		t.Error("what has the focus does not show it")
	}
	page.do(chromedp.KeyEvent(kb.Enter))
	page.told("The code is copied")
	code := page.read("navigator.clipboard.readText()")
	in := descope.VerifyCodeRequest{Identity: descope.Identity{LoginID: bob}, Code: code}
	if status, text := b.post(descope.Path(descope.PathOTPVerify, descope.MethodEmail), b.public(), in); status != http.StatusOK {
		t.Errorf("the copied code %q: %d %s", code, status, text)
	}
}

// codeBySelection copies where the browser gives a page no clipboard, as it does for one
// of another machine.
func codeBySelection(t *testing.T, b *bench, page *tab) {
	b.send(descope.PathOTPSignUpOrIn, descope.MethodEmail, bob, nil)
	page.open(b.page("messages"))
	page.shows("is your code.")
	page.read(`Object.defineProperty(navigator, "clipboard", { value: undefined });
		document.addEventListener("copy", () => (globalThis.copied = document.activeElement.value)); ""`)
	page.click(".copy")
	page.told("The code is copied")
	if shown, copied := page.read("document.querySelector('.bubble .body').textContent"), page.read("copied"); copied+" is your code." != shown {
		t.Errorf("copied %q of %q", copied, shown)
	}
	if focus := page.read("document.activeElement.className"); focus != "copy" {
		t.Errorf("the focus is at %q, want the button", focus)
	}
}

func tokenTyped(_ *testing.T, b *bench, page *tab) {
	page.open(b.admin.URL + "/")
	page.shows("Admin token")
	page.fill("#token", "wrong"+kb.Enter)
	page.shows("The emulator refuses this token.")
	page.picture("token")
	page.fill("#token", adminToken+kb.Enter)
	page.shows("No message yet")
	page.do(chromedp.Reload())
	page.shows("No message yet")
}

func connectionLost(_ *testing.T, b *bench, page *tab) {
	page.open(b.page("messages"))
	page.shows("No message yet")
	back := b.restart()
	page.shows("connection lost, trying again")
	page.picture("lost")
	b.send(descope.PathOTPSignUpOrIn, descope.MethodSMS, alice, nil)
	back()
	page.shows("connected again")
	page.shows("is your code.")
}

func faultAdded(t *testing.T, b *bench, page *tab) {
	page.open(b.page("controls"))
	page.shows("No fault.")
	page.click(".fields button")
	page.told("Fault unavailable is added")
	in := descope.SignInRequest{Identity: descope.Identity{LoginID: alice}}
	path := descope.Path(descope.PathOTPSignUpOrIn, descope.MethodSMS)
	if status, text := b.post(path, b.public(), in); status != http.StatusServiceUnavailable {
		t.Errorf("with the fault: %d %s", status, text)
	}
	page.shows("1 of 1 request struck")
	page.click("#remove-unavailable")
	page.told("Fault unavailable is removed")
	if status, text := b.post(path, b.public(), in); status != http.StatusOK {
		t.Errorf("without the fault: %d %s", status, text)
	}
	page.click("#to-requests")
	page.shows("fault unavailable")
}

func messagesFare(_ *testing.T, b *bench, page *tab) {
	page.open(b.page("messages"))
	page.shows("No message yet")
	b.ask(http.MethodPut, "/delivery", `{"latency":{"distribution":"fixed","value":"1m"}}`)
	b.send(descope.PathOTPSignUpOrIn, descope.MethodSMS, alice, nil)
	page.until("!!document.querySelector('.bubble.is-pending')")
	b.ask(http.MethodPost, "/clock", `{"advance":"2m"}`)
	page.until("!!document.querySelector('.bubble.is-delivered')")
	page.told("Message to " + alice)
	b.ask(http.MethodPut, "/delivery", `{"loss":1}`)
	b.send(descope.PathOTPSignUpOrIn, descope.MethodSMS, alice, nil)
	page.until("!!document.querySelector('.bubble.is-lost')")
	page.until("document.querySelectorAll('.bubble').length === 2")
	page.until("document.querySelector('.bubble:last-child').classList.contains('is-lost')")
}

// injected is markup, which a message and a request may hold.
const injected = `<img src=x onerror="document.title='broken in'"> <b>Alice & Bob</b>`

func textStaysText(t *testing.T, b *bench, page *tab) {
	page.open(b.page("messages"))
	b.send(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS, alice, &descope.LoginOptions{TemplateOptions: map[string]string{"greeting": injected}})
	page.shows(injected)
	user := descope.CreateUserRequest{Identity: descope.Identity{LoginID: "x"}}
	user.Name = injected
	if status, text := b.post(descope.PathUserCreate, descope.Bearer{Project: b.project.ID, Key: b.project.ManagementKey.Reveal()}, user); status != http.StatusOK {
		t.Fatalf("create: %d %s", status, text)
	}
	page.click("#to-users")
	page.shows(injected)
	if found := page.read("String(document.querySelectorAll('#view img, #view b').length)"); found != "0" {
		t.Errorf("%s elements came out of text", found)
	}
	if title := page.read("document.title"); strings.Contains(title, "broken") {
		t.Error("text ran as a script")
	}
	refusal := page.read(`(() => { try { document.body.innerHTML = "<b>x</b>"; return "" } catch (e) { return e.name } })()`)
	if refusal != "TypeError" {
		t.Errorf("the browser takes markup out of a text: %q", refusal)
	}
}

// dresses looks at each view in light and dark, wide and narrow.
func dresses(t *testing.T, b *bench, page *tab) {
	b.liveALittle()
	page.open(b.page("messages"))
	for view, there := range map[string]string{
		"messages": "document.querySelectorAll('.phone').length === 3 && document.querySelector('.bubble.is-lost')",
		"users":    "document.querySelectorAll('.users > li').length === 3",
		"requests": "document.querySelectorAll('tbody tr').length >= 6",
		"controls": "document.querySelector('.faults li') && document.getElementById('clock-face').textContent",
	} {
		page.click("#to-" + view)
		page.until(there)
		if view == "users" {
			page.click("#view summary")
		}
		for _, dress := range []struct {
			width  int64
			scheme string
			paper  string
		}{
			{1200, "light", "rgb(252, 252, 250)"}, {1200, "dark", "rgb(20, 23, 26)"},
			{400, "light", "rgb(252, 252, 250)"}, {400, "dark", "rgb(20, 23, 26)"},
		} {
			page.look(dress.width, dress.scheme)
			page.until(fmt.Sprintf("innerWidth === %d && document.documentElement.scrollWidth <= innerWidth", dress.width))
			page.until("document.querySelector('nav').scrollHeight <= document.querySelector('nav').clientHeight")
			if got := page.read("getComputedStyle(document.body).backgroundColor"); got != dress.paper {
				t.Errorf("%s in %s: paper %s, want %s", view, dress.scheme, got, dress.paper)
			}
			page.picture(fmt.Sprintf("%s_%d_%s", view, dress.width, dress.scheme))
		}
	}
}

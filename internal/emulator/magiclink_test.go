package emulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

func TestF01MagicLinkSignUp(t *testing.T) {
	t.Parallel()
	for _, m := range []descope.Method{descope.MethodSMS, descope.MethodWhatsApp, descope.MethodEmail} {
		t.Run(string(m), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			login := alice
			if m == descope.MethodEmail {
				login = "Alice@Example.Test"
			}
			path := descope.Path(descope.PathMagicLinkSignUp, m)
			body := descope.SignUpRequest{
				Identity: identity(login), Redirect: descope.Redirect{URI: "https://app.test/in"}, User: &descope.SignUpUser{Name: "Alice", GivenName: "A"},
			}
			r := b.post(path, b.public(), body)
			var masked descope.MaskedResponse
			r.into(t, &masked)
			if strings.Contains(r.text, login) || (masked.MaskedEmail == "") != (m != descope.MethodEmail) || shown(masked.MaskedPhone) > 4 {
				t.Errorf("answer to the send: %s", r.text)
			}
			normal := strings.ToLower(login)
			message := b.take(normal)
			if message.Channel != string(m) || message.Purpose != "sign_up" || strings.Count(message.Body, "://") != 1 ||
				(message.Subject != "") != (m == descope.MethodEmail) || !message.CreatedAt.Equal(b.clock.Now()) ||
				!strings.HasPrefix(message.Link, "https://app.test/in?t=") {
				t.Errorf("message: %+v", message)
			}
			if strings.Contains(r.text, message.token(t)) {
				t.Errorf("the answer to the send holds the token: %s", r.text)
			}
			b.get(descope.PathUserLoad+"?loginId="+url.QueryEscape(login), b.manager()).refused(t, 404, descope.CodeMgmtUserNotFound)

			auth := b.redeem(message.token(t))
			if !auth.FirstSeen || auth.SessionJWT == "" || auth.RefreshJWT == "" {
				t.Errorf("verify: %+v", auth)
			}
			u := auth.User
			if u.Name != "Alice" || u.GivenName != "A" || u.Status != descope.StatusEnabled {
				t.Errorf("user: %+v", u)
			}
			if diff := cmp.Diff(u.LoginIDs, []string{normal}); diff != "" {
				t.Errorf("login IDs (-got +want):\n%s", diff)
			}
			if m == descope.MethodEmail && (u.Email != normal || !u.VerifiedEmail || u.Phone != "") ||
				m != descope.MethodEmail && (u.Phone != login || !u.VerifiedPhone || u.Email != "") {
				t.Errorf("addresses: %+v", u)
			}
			b.verify(message.token(t)).refused(t, 401, descope.CodeTokenExpired, "expire", "token")
			b.post(path, b.public(), body).refused(t, 400, descope.CodeUserExists)
			b.quiet(normal)
		})
	}
}

// shown counts the digits that a masked phone reveals.
func shown(masked string) int {
	return len(strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, masked))
}

func TestSignUpMayBeRepeatedUntilVerified(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path := descope.Path(descope.PathMagicLinkSignUp, descope.MethodSMS)
	body := descope.SignUpRequest{Identity: identity(alice)}
	for range 3 {
		if r := b.post(path, b.public(), body); r.status != 200 {
			t.Fatalf("sign up: %s", r.text)
		}
	}
	all := b.messages(alice)
	if len(all) != 3 {
		t.Fatalf("%d messages, want 3", len(all))
	}
	first, second := b.redeem(all[2].token(t)), b.redeem(all[0].token(t))
	if first.User.UserID != second.User.UserID || !first.FirstSeen || second.FirstSeen {
		t.Errorf("two links of one sign-up gave %+v and %+v", first.User, second.User)
	}
}

// Who proves an address first has the login ID; a link of the other sign-up
// must not let its owner in.
func TestSignUpLinkOfAnotherAddressIsVoid(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path := descope.Path(descope.PathMagicLinkSignUp, descope.MethodSMS)
	for _, phone := range []string{bob, alice} {
		if r := b.post(path, b.public(), descope.SignUpRequest{Identity: identity("alice"), Phone: phone}); r.status != 200 {
			t.Fatalf("sign up: %s", r.text)
		}
	}
	if r := b.post(descope.Path(descope.PathOTPSignUp, descope.MethodSMS), b.public(), descope.SignUpRequest{Identity: identity("alice"), Phone: newPhone}); r.status != 200 {
		t.Fatalf("sign up: %s", r.text)
	}
	b.redeem(b.take(alice).token(t))
	b.verify(b.take(bob).token(t)).refused(t, 401, descope.CodeTokenExpired)
	b.verifyCode(descope.MethodSMS, "alice", b.take(newPhone).Code).refused(t, 401, descope.CodeWrongOTP)
}

func TestF02N09MagicLinkSignIn(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.signUp(alice)
	path := descope.Path(descope.PathMagicLinkSignIn, descope.MethodSMS)

	b.post(path, b.public(), descope.SignInRequest{Identity: identity(bob)}).refused(t, 400, descope.CodeUserNotFound, "user")
	b.quiet(bob)
	b.get(descope.PathUserLoad+"?loginId="+url.QueryEscape(bob), b.manager()).refused(t, 404, descope.CodeMgmtUserNotFound)

	// Any form of the number finds the user.
	if r := b.post(path, b.public(), descope.SignInRequest{Identity: identity("+1 (555) 555-0101")}); r.status != 200 {
		t.Fatalf("sign in: %s", r.text)
	}
	second := b.redeem(b.take(alice).token(t))
	if second.User.UserID != first.User.UserID || second.FirstSeen || second.User.Phone != alice {
		t.Errorf("sign in gave user %s, first seen %v; want %s, false", second.User.UserID, second.FirstSeen, first.User.UserID)
	}
	third := b.signUp(alice) // sign up or in
	if third.User.UserID != first.User.UserID {
		t.Errorf("sign up or in made a second user")
	}
}

func TestF29EarlierLinksStayValid(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	for range 2 {
		b.post(descope.Path(descope.PathMagicLinkSignIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(alice)})
	}
	all := b.messages(alice)
	for _, i := range []int{1, 0} {
		b.redeem(all[i].token(t))
		b.verify(all[i].token(t)).refused(t, 401, descope.CodeTokenExpired)
	}
}

func TestLinkExpires(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	send := func() string {
		b.post(descope.Path(descope.PathMagicLinkSignIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(alice)})
		return b.take(alice).token(t)
	}
	early, late := send(), send()
	b.clock.advance(3*time.Minute - time.Nanosecond)
	b.redeem(early)
	b.clock.advance(time.Nanosecond)
	b.verify(late).refused(t, 401, descope.CodeTokenExpired, "expire")
}

func TestN11VerifyRefusesEveryWrongToken(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	b.post(descope.Path(descope.PathMagicLinkSignIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(alice)})
	token := b.take(alice).token(t)
	other := newBench(t)
	var bodies []string
	for _, wrong := range []string{"x", token[:len(token)-1], token + "A", strings.ToUpper(token), strings.ToLower(token)} {
		r := b.verify(wrong)
		r.refused(t, 401, descope.CodeTokenExpired)
		bodies = append(bodies, r.text)
	}
	used, expired := b.link(alice), b.link(alice)
	b.redeem(used)
	for _, r := range []reply{other.verify(token), b.verify(used)} {
		r.refused(t, 401, descope.CodeTokenExpired)
		bodies = append(bodies, r.text)
	}
	for _, body := range bodies {
		if body != bodies[0] {
			t.Errorf("refusals differ: %s and %s", body, bodies[0])
		}
	}
	b.verify("").refused(t, 400, descope.CodeInvalidRequest, "token")
	b.redeem(token)
	b.clock.advance(3 * time.Minute)
	if r := b.verify(expired); r.status != 401 || r.text != bodies[0] {
		t.Errorf("an expired token: %d %s, want 401 %s", r.status, r.text, bodies[0])
	}
}

func TestF22F23N22Redirect(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) {
		p.ApprovedDomains = []string{"app.example.test", "*.wild.test", "xn--bcher-kva.test"}
		p.MagicLink.RedirectURL = "https://own.example.test/v"
	})
	b.signUp(alice)
	send := func(r descope.Redirect) reply {
		return b.post(descope.Path(descope.PathMagicLinkSignIn, descope.MethodSMS), b.public(),
			descope.SignInRequest{Identity: identity(alice), Redirect: r})
	}
	good := []struct{ target, want string }{
		{"", "https://own.example.test/v?t=T"},
		{"https://app.example.test/v", "https://app.example.test/v?t=T"},
		{"https://app.example.test", "https://app.example.test?t=T"},
		{"HTTPS://APP.example.test/v", "HTTPS://APP.example.test/v?t=T"},
		{"http://app.example.test:8443/v?next=%2Fx&a=b+c#f", "http://app.example.test:8443/v?next=%2Fx&a=b+c&t=T#f"},
		{"https://app.example.test/v?t=fake&a=1&%74=fake&t", "https://app.example.test/v?a=1&t=T"},
		{"https://xn--bcher-kva.test/%C3%BC?q=%26+%2B", "https://xn--bcher-kva.test/%C3%BC?q=%26+%2B&t=T"},
		{"https://x.wild.test/v?", "https://x.wild.test/v?t=T"},
		{"https://app.example.test/v#t=fake?x", "https://app.example.test/v?t=T#t=fake?x"},
	}
	for _, tt := range good {
		if r := send(descope.Redirect{RedirectURL: tt.target}); r.status != 200 {
			t.Errorf("%q: %d %s", tt.target, r.status, r.text)
			continue
		}
		m := b.take(alice)
		if got := strings.Replace(m.Link, m.token(t), "T", 1); got != tt.want {
			t.Errorf("%q: link %q, want %q", tt.target, got, tt.want)
		}
	}
	bad := []string{
		"https://evil.test/v", "https://app.example.test.evil.test/", "https://xapp.example.test/", "https://example.test/",
		"https://x.app.example.test/", "https://wild.test/", "https://evilwild.test/", "https://app.example.test@evil.test/",
		"https://user@app.example.test/", "https://evil.test\\@app.example.test/", "https://evil.test/@app.example.test",
		"https://evil.test#app.example.test", "//app.example.test/v", "/v", "app.example.test/v", "javascript:alert(1)",
		"data:text/html,x", "ftp://app.example.test/", "myapp://app.example.test/", "https:app.example.test", "https:///v",
		"https://app.example.test./", "https://app.example%2etest/", "https://app.example.test\t/", "https://app.example.test/\r\nx",
		" https://app.example.test/", "https://app.example.test/\u200b", "https://app.exampl\u0435.test/", "https://[::1]/",
		"https://\u212a.wild.test/", "https://app.example.test:99999x/", "https://app.example.test:65536/", "https://app.example.test:0/", "https://app.example.test:-1/", "%", "https://app.example.test/" + strings.Repeat("a", 3000),
	}
	for _, target := range bad {
		send(descope.Redirect{URI: target}).refused(t, 400, descope.CodeInvalidRequest, "redirect")
	}
	b.quiet(alice)
	send(descope.Redirect{URI: "https://app.example.test/u", RedirectURL: "https://evil.test"})
	if got := b.take(alice).Link; !strings.HasPrefix(got, "https://app.example.test/u?t=") {
		t.Errorf("URI and redirectUrl: link %q leads elsewhere", got)
	}
}

func TestLinkIgnoresForwardingHeaders(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		b.api.URL+descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS), strings.NewReader(`{"loginId":"`+alice+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "evil.test"
	for name, value := range map[string]string{
		"Authorization": b.public().Header(), "Content-Type": "application/json; charset=utf-8",
		"X-Forwarded-Host": "evil.test", "Forwarded": "host=evil.test",
	} {
		req.Header.Set(name, value)
	}
	res, err := b.api.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if got := b.take(alice).Link; strings.Contains(got, "evil") {
		t.Errorf("link %q", got)
	}
}

// A message is in the language of its send, holds the template options as they are, and
// tells the provider that it was to go by.
func TestF19F20F21MessageWording(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	options := map[string]string{"note": "{{.Token}} n0nce", "evil": "a\r\nhttps://evil.test/?t=1\u202e"}
	send := func(locale string) sent {
		b.post(descope.Path(descope.PathMagicLinkSignIn, descope.MethodSMS), b.public(), descope.SignInRequest{
			Identity: identity(alice), ProviderID: "gw2",
			LoginOptions: &descope.LoginOptions{TemplateOptions: options, Locale: locale, TemplateID: "T1"},
		})
		return b.take(alice)
	}
	m := send("de-AT")
	if !strings.Contains(m.Body, "{{.Token}} n0nce") || strings.Count(m.Body, "://") != 1 || strings.ContainsAny(m.Body, "\r\u202e") {
		t.Errorf("body %q", m.Body)
	}
	if diff := cmp.Diff(m.TemplateOptions, options); diff != "" {
		t.Errorf("template options (-got +want):\n%s", diff)
	}
	if m.ProviderID != "gw2" || m.Locale != "de-AT" || !strings.HasPrefix(m.Body, "Ihr Link: ") {
		t.Errorf("message %+v", m)
	}
	for locale, want := range map[string]string{
		"en": "Your link: ", "de": "Ihr Link: ", "pt-BR": "Seu link: ", "fr_CA": "Votre lien : ", "xx": "Your link: ", "": "Your link: ",
	} {
		if got := send(locale); !strings.HasPrefix(got.Body, want) || got.Locale != locale {
			t.Errorf("locale %q: %q, told as %q, want %q", locale, got.Body, got.Locale, want)
		}
	}
	b.sendCode(alice)
	if got := b.take(alice); got.ProviderID != "" || got.Locale != "" {
		t.Errorf("a send that names none has the provider %q and the locale %q", got.ProviderID, got.Locale)
	}
}

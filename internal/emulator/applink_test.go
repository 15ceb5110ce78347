package emulator_test

import (
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// A link may lead into an app. Where domains are approved the app is by its scheme, whole;
// a scheme that runs what it carries is never good.
func TestLinksIntoApps(t *testing.T) {
	t.Parallel()
	never := []string{
		"javascript://verify/%0aalert(1)", "JavaScript://x", "data://text/html,x", "vbscript://x", "file://localhost/etc/passwd", "blob://x",
		"filesystem://x", "about://blank", "view-source://x", "intent://x#Intent;scheme=a;end", "content://x", "mailto://a@x.test", "tel://123",
		"ftp://x.test", "ws://x.test", "chrome://settings", "myapp:verify", "myapp:/verify", "myapp://", "myapp:///verify", "my_app://verify",
		"1app://verify", "://verify", "myapp://user@verify", "myapp://verify:0", "myapp://ver ify", "myapp://verify\\x", "feed:javascript:alert(1)",
	}
	for _, tt := range []struct {
		domains   []string
		good, bad []string
	}{
		{
			nil,
			[]string{"myapp://verify", "com.acme.app://verify", "MyApp://verify/in?next=1", "exp+app://x", "https://x.test/"},
			nil,
		},
		{
			[]string{"com.acme.app", "web.test", "my+app"},
			[]string{"com.acme.app://verify", "COM.ACME.APP://verify", "my+app://x", "https://web.test/", "https://com.acme.app/"},
			[]string{"myapp://verify", "com.acme.app.evil://verify", "acme.app://x", "evil://com.acme.app", "xcom.acme.app://x", "https://evil.test"},
		},
		{[]string{"*.acme.app"}, nil, []string{"com.acme.app://verify", "acme.app://verify"}},
		{[]string{"javascript", "data", "file"}, nil, []string{"myapp://x"}},
	} {
		b := newBench(t, func(p *policy.Project) { p.ApprovedDomains = tt.domains })
		send := func(target string) reply {
			return b.post(descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS), b.public(),
				descope.SignInRequest{Identity: identity(alice), Redirect: descope.Redirect{URI: target}})
		}
		for _, target := range tt.good {
			send(target).into(t, &struct{}{})
			m := b.take(alice)
			if !strings.HasPrefix(m.Link, strings.SplitN(target, "?", 2)[0]) || !strings.Contains(m.Link, "t="+m.token(t)) {
				t.Errorf("%s: link %q", target, m.Link)
			}
			b.redeem(m.token(t))
		}
		for _, target := range append(never, tt.bad...) {
			send(target).refused(t, 400, descope.CodeInvalidRequest, "redirect")
		}
		b.quiet("")
	}
}

// The project's own address may be one of an app too.
func TestOwnLinkIntoAnApp(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) {
		p.MagicLink.RedirectURL, p.EnchantedLink.RedirectURL = "myapp://verify", "com.acme.app://verify"
	})
	b.post(descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(alice)}).into(t, &struct{}{})
	if link := b.take(alice).Link; !strings.HasPrefix(link, "myapp://verify?t=") {
		t.Errorf("link %q", link)
	}
	b.mailUser(alicesMail)
	for _, address := range []string{"javascript://x", "data:x", "myapp:verify", "file:///x", "intent://x"} {
		p := policy.Default()
		p.MagicLink.RedirectURL = address
		if got := p.Validate(); len(got) != 1 || got[0].Setting != "magic_link.redirect_url" {
			t.Errorf("%s: %v, want one problem of the redirect", address, got)
		}
	}
	p := policy.Default()
	gateway := policy.DefaultSMSGateway()
	gateway.PostURL = "myapp://x"
	p.Connectors.GenericSMSGateway = &gateway
	if got := p.Validate(); len(got) != 1 {
		t.Errorf("a gateway that is an app: %v, want one problem", got)
	}
}

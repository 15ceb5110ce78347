package emulator_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

const alicesMail = "alice@x.test"

// enchant asks for an enchanted link by one of the sends.
func (b *bench) enchant(pattern, body string) reply {
	b.t.Helper()
	return b.do(http.MethodPost, descope.Path(pattern, descope.MethodEmail), b.public().Header(), "application/json", body)
}

func (b *bench) enchanted(r reply) descope.EnchantedLinkResponse {
	b.t.Helper()
	var out descope.EnchantedLinkResponse
	r.into(b.t, &out)
	if out.PendingRef == "" || !twoDigits.MatchString(out.LinkID) || out.MaskedEmail == "" {
		b.t.Fatalf("answer %s", r.text)
	}
	return out
}

var twoDigits = regexp.MustCompile(`^[1-9][0-9]$`)

func (b *bench) click(token, verifier string) reply {
	b.t.Helper()
	return b.post(descope.PathEnchantedLinkVerify, b.public(), descope.VerifyEnchantedLinkRequest{Token: token, PKCEVerifier: verifier})
}

func (b *bench) poll(ref string) reply {
	b.t.Helper()
	return b.post(descope.PathPendingSession, b.public(), descope.PendingSessionRequest{PendingRef: ref})
}

func (b *bench) collected(ref string) descope.AuthResponse {
	b.t.Helper()
	var out descope.AuthResponse
	b.poll(ref).into(b.t, &out)
	return out
}

// mailUser makes a user of an email by an enchanted link.
func (b *bench) mailUser(email string) descope.AuthResponse {
	b.t.Helper()
	asked := b.enchanted(b.enchant(descope.PathEnchantedLinkSignUpOrIn, `{"loginId":"`+email+`"}`))
	if r := b.click(b.take(email).token(b.t), ""); r.status != 200 || r.text != "{}" {
		b.t.Fatalf("click: %d %s", r.status, r.text)
	}
	return b.collected(asked.PendingRef)
}

// N12: pending until the click, then one session for who waits; unknown otherwise.
func TestN12EnchantedLink(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	asked := b.enchanted(b.enchant(descope.PathEnchantedLinkSignUp,
		`{"loginId":"alice","email":"Alice@X.test","user":{"name":"Alice"},"URI":"https://app.test/e?a=b","crossDevice":true,"tenantId":null}`))
	b.poll(asked.PendingRef).refused(t, 401, "E062503")
	b.poll("nonsense").refused(t, 401, "E063010")
	b.poll("").refused(t, 400, "E011003", "pendingRef")
	b.get(descope.PathUserLoad+"?loginId=alice", b.manager()).refused(t, 404, descope.CodeMgmtUserNotFound)

	m := b.take(alicesMail)
	token := m.token(t)
	b.verify(token).refused(t, 401, "E062504") // a magic link it is not
	b.click("", "").refused(t, 400, "E011003", "token")
	if r := b.click(token, ""); r.status != 200 || r.text != "{}" {
		t.Fatalf("click: %d %s", r.status, r.text)
	}
	b.click(token, "").refused(t, 401, "E062504")

	b.clock.advance(time.Second)
	auth := b.collected(asked.PendingRef)
	if u := auth.User; !auth.FirstSeen || u.Name != "Alice" || u.Email != alicesMail || !u.VerifiedEmail || u.Status != descope.StatusEnabled {
		t.Errorf("session %+v of %+v", auth, auth.User)
	}
	c := claims(t, auth.SessionJWT)
	if diff := cmp.Diff(c["amr"], any([]any{"email"})); diff != "" || c["iat"] != float64(b.clock.Now().Unix()) {
		t.Errorf("claims %v, amr (-got +want):\n%s", c, diff)
	}
	b.me(auth.RefreshJWT)
	b.poll(asked.PendingRef).refused(t, 401, "E063010") // once
	b.enchant(descope.PathEnchantedLinkSignUp, `{"loginId":"alice","email":"a2@x.test"}`).refused(t, 400, "E062107")
	b.enchant(descope.PathEnchantedLinkSignIn, `{"loginId":"nobody@x.test"}`).refused(t, 400, "E062108")
	b.enchant(descope.PathEnchantedLinkSignUpOrIn, `{"loginId":"`+alicesMail+`","redirectUrl":"ftp://x"}`).refused(t, 400, "E011003", "redirectUrl")
	b.quiet("")
}

// The message shows three numbered links, of which the told one is right.
func TestEnchantedLinkChoices(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	asked := b.enchanted(b.enchant(descope.PathEnchantedLinkSignUpOrIn, `{"loginId":"`+alicesMail+`"}`))
	m := b.take(alicesMail)
	seen := map[string]string{}
	for line := range strings.SplitSeq(m.Body, "\n") {
		if id, link, ok := strings.Cut(line, " https://"); ok {
			seen[id] = "https://" + link
		}
	}
	if len(seen) != 3 || seen[asked.LinkID] != m.Link || m.Subject == "" {
		t.Fatalf("message %+v, link ID %s", m, asked.LinkID)
	}
	for id, link := range seen {
		if id == asked.LinkID {
			continue
		}
		u, err := url.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		b.click(u.Query().Get("t"), "").refused(t, 401, "E062504")
	}
	b.poll(asked.PendingRef).refused(t, 401, "E062503")
	b.click(m.token(t), "")
	b.collected(asked.PendingRef)
}

func TestEnchantedLinkExpires(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.EnchantedLink.ExpirationTime = policy.Duration(time.Minute) })
	b.mailUser(alicesMail)
	ask := func() (descope.EnchantedLinkResponse, string) {
		asked := b.enchanted(b.enchant(descope.PathEnchantedLinkSignIn, `{"loginId":"`+alicesMail+`"}`))
		return asked, b.take(alicesMail).token(t)
	}
	asked, token := ask()
	b.clock.advance(time.Minute)
	b.click(token, "").refused(t, 401, "E062504")
	b.poll(asked.PendingRef).refused(t, 401, "E063010")

	asked, token = ask()
	b.clock.advance(59 * time.Second)
	b.click(token, "")
	b.clock.advance(59 * time.Second)
	b.collected(asked.PendingRef)

	// Nobody collects the session of a user who was logged out or deleted meanwhile.
	asked, token = ask()
	b.click(token, "")
	b.post(descope.PathUserLogout, b.manager(), descope.UserRequest{Identity: identity(alicesMail)})
	b.poll(asked.PendingRef).refused(t, 401, "E063010")
	asked, token = ask()
	b.click(token, "")
	b.post(descope.PathUserDelete, b.manager(), descope.UserRequest{Identity: identity(alicesMail)})
	b.poll(asked.PendingRef).refused(t, 401, "E063010")
}

func TestEnchantedLinkPKCE(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.mailUser(alicesMail)
	const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	raw, err := base64.RawURLEncoding.DecodeString(verifier)
	if err != nil {
		t.Fatal(err)
	}
	text, bytes := sha256.Sum256([]byte(verifier)), sha256.Sum256(raw)
	for _, challenge := range []string{
		base64.RawURLEncoding.EncodeToString(text[:]), base64.StdEncoding.EncodeToString(text[:]), base64.StdEncoding.EncodeToString(bytes[:]),
	} {
		asked := b.enchanted(b.enchant(descope.PathEnchantedLinkSignIn, `{"loginId":"`+alicesMail+`","loginOptions":{"pkceChallenge":"`+challenge+`"}}`))
		token := b.take(alicesMail).token(t)
		for _, wrong := range []string{"", "x", challenge} {
			b.click(token, wrong).refused(t, 401, "E011004", "pkceVerifier")
		}
		b.poll(asked.PendingRef).refused(t, 401, "E062503")
		if r := b.click(token, verifier); r.status != 200 {
			t.Errorf("click: %s", r.text)
		}
		b.collected(asked.PendingRef)
	}
	b.enchant(descope.PathEnchantedLinkSignIn, `{"loginId":"`+alicesMail+`","loginOptions":{"pkceChallenge":"short"}}`).
		refused(t, 400, "E011003", "pkceChallenge")
	b.quiet("")
}

func TestEnchantedUpdateEmail(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	auth := b.mailUser(alicesMail)
	other := b.mailUser("b@x.test")
	update := func(bearer descope.Bearer, body string) reply {
		return b.do(http.MethodPost, descope.PathEnchantedLinkUpdateEmail, bearer.Header(), "application/json", body)
	}
	update(b.public(), `{"loginId":"`+alicesMail+`","email":"new@x.test"}`).refused(t, 401, "E011002")
	update(b.as(auth.RefreshJWT), `{"loginId":"b@x.test","email":"new@x.test"}`).refused(t, 400, "E011004")
	update(b.as(auth.RefreshJWT), `{"loginId":"`+alicesMail+`","email":"nonsense"}`).refused(t, 400, "E011003")
	update(b.as(auth.RefreshJWT), `{"loginId":"`+alicesMail+`","email":"b@x.test","addToLoginIDs":true,"failOnConflict":true}`).refused(t, 409, "E062125")
	b.quiet("")

	asked := b.enchanted(update(b.as(auth.RefreshJWT), `{"loginId":"`+alicesMail+`","email":"new@x.test"}`))
	if got := b.me(auth.RefreshJWT).Email; got != alicesMail {
		t.Errorf("email before the click: %s", got)
	}
	b.click(b.take("new@x.test").token(t), "")
	if u := b.collected(asked.PendingRef).User; u.Email != "new@x.test" || !u.VerifiedEmail || u.UserID != auth.User.UserID {
		t.Errorf("updated %+v", u)
	}

	// The updating user is merged away: who waits gets the session of who stays.
	asked = b.enchanted(update(b.as(auth.RefreshJWT), `{"loginId":"`+alicesMail+`","email":"b@x.test","addToLoginIDs":true,"onMergeUseExisting":true}`))
	b.click(b.take("b@x.test").token(t), "")
	if u := b.collected(asked.PendingRef).User; u.UserID != other.User.UserID {
		t.Errorf("who stays is %s, want %s", u.UserID, other.User.UserID)
	}
}

func TestGeneratedEnchantedLink(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.manage(http.MethodPost, descope.PathTestUserCreate, `{"loginId":"`+alicesMail+`","email":"`+alicesMail+`"}`)
	generate := func(login string) reply {
		return b.manage(http.MethodPost, descope.PathGenerateEnchant, `{"loginId":"`+login+`","URI":"https://app.test/e"}`)
	}
	generated := func() (string, descope.GeneratedEnchantedLink) {
		var out descope.GeneratedEnchantedLink
		generate(alicesMail).into(t, &out)
		token, ok := strings.CutPrefix(out.Link, "https://app.test/e?t=")
		if !ok || out.LoginID != alicesMail || out.PendingRef == "" {
			t.Fatalf("generated %+v", out)
		}
		return token, out
	}
	token, out := generated() // without a send
	b.click(token, "")
	auth := b.collected(out.PendingRef)

	// The value survives the next send, which gives out the same reference.
	token, out = generated()
	asked := b.enchanted(b.enchant(descope.PathEnchantedLinkSignIn, `{"loginId":"`+alicesMail+`"}`))
	if asked.PendingRef != out.PendingRef {
		t.Error("the send has another reference than the generated link")
	}
	b.click(token, "")
	b.collected(out.PendingRef)

	token, out = generated()
	b.do(http.MethodPost, descope.PathEnchantedLinkUpdateEmail, b.as(auth.RefreshJWT).Header(), "application/json", `{"loginId":"`+alicesMail+`","email":"new@x.test"}`)
	b.click(token, "")
	if got := b.collected(out.PendingRef).User.Email; got != "new@x.test" {
		t.Errorf("email %s", got)
	}

	b.create(descope.CreateUserRequest{Identity: identity("bob")})
	generate("bob").refused(t, 400, descope.CodeInvalidArguments, "test user")
	generate("nobody").refused(t, 404, descope.CodeMgmtUserNotFound)
	generate("").refused(t, 400, descope.CodeInvalidRequest, "loginId")
	b.quiet("")
}

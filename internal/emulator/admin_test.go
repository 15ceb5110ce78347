package emulator_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestAdminNeedsItsToken(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path := "/_ab/projects/" + b.project.ID
	for _, header := range []string{"", "Bearer ", "Bearer wrong", adminKey, "Bearer " + adminKey + "x"} {
		for _, call := range []string{"GET " + path + "/messages", "DELETE " + path, "PUT /_ab/projects/Pother", "GET /_ab/"} {
			verb, path, _ := strings.Cut(call, " ")
			if r := exchange(t, b.admin, verb, path, header, "", ""); r.status != 401 {
				t.Errorf("%s with %q: %d %s", call, header, r.status, r.text)
			}
		}
	}
	if r := exchange(t, b.admin, http.MethodGet, "/_ab/healthz", "", "", ""); r.status != 200 {
		t.Errorf("health: %d %s", r.status, r.text)
	}
	if r := exchange(t, b.admin, http.MethodGet, "/_ab/nothing", "Bearer "+adminKey, "", ""); r.status != 404 {
		t.Errorf("unknown route: %d", r.status)
	}
	if r := b.do(http.MethodGet, path+"/messages", "Bearer "+adminKey, "", ""); r.status != 501 {
		t.Errorf("the API serves the admin routes: %d", r.status)
	}
}

// TestAdminHasAPage asks for the page as a browser does, without a token.
func TestAdminHasAPage(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for path, want := range map[string]string{"/": "<title>authbench emulator</title>", "/assets/app.js": "import"} {
		r := exchange(t, b.admin, http.MethodGet, path, "", "", "")
		if r.status != 200 || !strings.Contains(r.text, want) || r.header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %d %v\n%.200s", path, r.status, r.header, r.text)
		}
	}
	if r := exchange(t, b.admin, http.MethodPost, "/", "", "", ""); r.status != 401 {
		t.Errorf("POST /: %d", r.status)
	}
}

// Without a token there is no way in, not even with an empty one.
func TestAdminWithoutToken(t *testing.T) {
	t.Parallel()
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/_ab/projects/P1", nil)
	req.Header.Set("Authorization", "Bearer ")
	w := httptest.NewRecorder()
	emulator.New(emulator.Options{}).Admin(secret.String{}).ServeHTTP(w, req)
	if w.Code != http.StatusUnauthorized {
		t.Errorf("status %d, want 401", w.Code)
	}
}

func TestAdminProjects(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	call := func(verb, id, body string) reply {
		return exchange(t, b.admin, verb, "/_ab/projects/"+id, "Bearer "+adminKey, "", body)
	}
	r := call(http.MethodPut, "Pmine", `{"management_key":"Kmine","policy":{"signing_alg":"ES256","otp":{"attempts":1},"magic_link":{"expiration_time":"1s"}}}`)
	if r.status != 201 || !strings.Contains(r.text, `"management_key":"Kmine"`) {
		t.Fatalf("create: %d %s", r.status, r.text)
	}
	bearer := descope.Bearer{Project: "Pmine", Key: "Kmine"}
	if r := b.post(descope.PathUserCreate, bearer, descope.CreateUserRequest{Identity: identity(alice)}); r.status != 200 {
		t.Errorf("the given key: %s", r.text)
	}
	if r := call(http.MethodPut, "Pmine", ""); r.status != 409 {
		t.Errorf("create again: %d %s", r.status, r.text)
	}
	for id, body := range map[string]string{
		"Pa": `{"policy":{"unheard_of":1}}`, "Pb": `{"policy":{"otp":{"attempts":0}}}`, "Pc": `{`, "P:d": ``,
		"Pe": `{"management_key":"a:b"}`, "Pf": `{"policy":{"magic_link":{"expiration_time":"soon"}}}`,
	} {
		if r := call(http.MethodPut, id, body); r.status != 400 {
			t.Errorf("create %s: %d %s", id, r.status, r.text)
		}
	}
	if r := call(http.MethodDelete, "Pmine", ""); r.status != 204 {
		t.Errorf("drop: %d %s", r.status, r.text)
	}
	if r := call(http.MethodDelete, "Pmine", ""); r.status != 404 {
		t.Errorf("drop again: %d", r.status)
	}
	b.post(descope.PathUserSearch, bearer, struct{}{}).refused(t, 401, descope.CodeInvalidArguments)
	if r := exchange(t, b.admin, http.MethodGet, "/_ab/projects/Pmine/messages", "Bearer "+adminKey, "", ""); r.status != 404 {
		t.Errorf("messages of no project: %d", r.status)
	}
}

func TestProjectsAreApart(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{Seed: 7})
	seen := map[string]bool{}
	for range 40 { // more than there are embedded keys
		p, err := e.CreateProject("", secret.String{}, policy.Default())
		if err != nil {
			t.Fatal(err)
		}
		if len(p.ID) != 28 || !strings.HasPrefix(p.ID, "P") || p.ManagementKey.Empty() {
			t.Errorf("project %+v", p)
		}
		b := &bench{t: t, emulator: e, project: p}
		b.api = newServer(t, e.Handler())
		kid := b.keys().Keys[0].KeyID
		if seen[kid] || seen[p.ID] {
			t.Errorf("project %s shares an ID or a key", p.ID)
		}
		seen[kid], seen[p.ID] = true, true
	}
}

// A project that is made again under its ID shares nothing with the old one:
// what the old one issued is refused, and none of it is issued again.
func TestProjectMadeAgain(t *testing.T) {
	t.Parallel()
	for _, algorithm := range policy.SigningAlgs() {
		t.Run(algorithm, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, func(p *policy.Project) { p.SigningAlg = algorithm })
			p := policy.Default()
			p.SigningAlg = algorithm
			old := b.project
			oldAuth := b.signUp(alice)
			b.sendCode(alice)
			oldCode := b.take(alice).Code
			oldToken := b.embeddedToken(alice)
			oldKey := b.keys().Keys[0].KeyID

			b.emulator.DropProject(old.ID)
			var err error
			if b.project, err = b.emulator.CreateProject(old.ID, secret.String{}, p); err != nil {
				t.Fatal(err)
			}
			b.verify(oldToken).refused(t, 401, descope.CodeTokenExpired)
			b.get(descope.PathMe, b.as(oldAuth.RefreshJWT)).refused(t, 401, descope.CodeInvalidArguments)
			auth := b.signUp(alice)
			b.sendCode(alice)
			same := map[string]bool{
				"user ID":        auth.User.UserID == oldAuth.User.UserID,
				"token ID":       claims(t, auth.RefreshJWT)["jti"] == claims(t, oldAuth.RefreshJWT)["jti"],
				"code":           b.take(alice).Code == oldCode,
				"token":          b.embeddedToken(alice) == oldToken,
				"key":            b.keys().Keys[0].KeyID == oldKey,
				"management key": b.project.ManagementKey.Reveal() == old.ManagementKey.Reveal(),
			}
			for what, is := range same {
				if is {
					t.Errorf("the %s is that of the old project", what)
				}
			}
			b.verify(oldToken).refused(t, 401, descope.CodeTokenExpired)
			b.get(descope.PathMe, b.as(oldAuth.RefreshJWT)).refused(t, 401, descope.CodeInvalidArguments)
		})
	}
}

// embeddedToken is the token of a fresh embedded link of the user.
func (b *bench) embeddedToken(login string) string {
	b.t.Helper()
	var out descope.EmbeddedLinkResponse
	b.post(descope.PathEmbeddedLinkSignIn, b.manager(), descope.EmbeddedSignInRequest{Identity: identity(login)}).into(b.t, &out)
	return out.Token
}

func TestSeedDecides(t *testing.T) {
	t.Parallel()
	story := func(seed uint64) string {
		b := newBench(t)
		b.emulator = emulator.New(emulator.Options{Clock: b.clock.Now, Seed: seed})
		p := policy.Default()
		p.SigningAlg = policy.ES256
		var err error
		if b.project, err = b.emulator.CreateProject("", secret.String{}, p); err != nil {
			t.Fatal(err)
		}
		b.api, b.admin = newServer(t, b.emulator.Handler()), newServer(t, b.emulator.Admin(secret.New(adminKey)))
		user := b.signUp(alice).User
		b.sendCode(alice)
		told := fmt.Sprint(b.project.ID, b.project.ManagementKey.Reveal(), user.UserID, b.keys().Keys[0].KeyID, b.take(alice))
		b.emulator.DropProject(b.project.ID)
		if b.project, err = b.emulator.CreateProject(b.project.ID, secret.String{}, p); err != nil {
			t.Fatal(err)
		}
		return told + fmt.Sprint(b.signUp(alice).User.UserID, b.keys().Keys[0].KeyID)
	}
	if one, two := story(1), story(1); one != two {
		t.Errorf("one seed, two stories:\n%s\n%s", one, two)
	}
	if story(1) == story(2) {
		t.Error("two seeds, one story")
	}
}

type listing struct {
	FormatVersion int    `json:"format_version"`
	Cursor        string `json:"cursor"`
	Messages      []sent `json:"messages"`
}

func (b *bench) listing(query string) listing {
	b.t.Helper()
	var out listing
	b.ask(http.MethodGet, "/messages?"+query).into(b.t, &out)
	return out
}

func TestInboxCursor(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	b.signUp(bob)
	mark := b.listing("recipient=%2B15555550101")
	if mark.FormatVersion != 1 || mark.Cursor == "" || len(mark.Messages) != 0 {
		t.Fatalf("mark %+v", mark)
	}
	b.sendCode(bob)
	b.sendCode(alice)
	b.sendCode(alice)
	next := b.listing("recipient=%2B1+(555)+555-0101&after=" + mark.Cursor)
	if len(next.Messages) != 2 || next.Messages[0].Recipient != alice {
		t.Fatalf("after the mark: %+v", next)
	}
	if all := b.listing("after=" + mark.Cursor); len(all.Messages) != 3 {
		t.Errorf("every recipient: %d messages, want 3", len(all.Messages))
	}
	// A cursor beyond every message asks for the present cursor alone.
	if got := b.listing("after=18446744073709551615"); len(got.Messages) != 0 || got.Cursor != next.Cursor {
		t.Errorf("beyond every message: %+v", got)
	}
	if rest := b.listing("recipient=%2B15555550101&after=" + next.Cursor); len(rest.Messages) != 0 {
		t.Errorf("after the last cursor: %+v", rest)
	}
	id := next.Messages[0].ID
	if r := b.ask(http.MethodPost, "/messages/"+id+"/read"); r.status != 204 {
		t.Errorf("read: %d", r.status)
	}
	if r := b.ask(http.MethodPost, "/messages/"+id+"/read"); r.status != 404 {
		t.Errorf("read twice: %d", r.status)
	}
	if got := b.listing("recipient=%2B15555550101&after=" + mark.Cursor); len(got.Messages) != 1 || got.Messages[0].ID == id {
		t.Errorf("after reading one: %+v", got)
	}
	if got := b.listing("read=true&recipient=%2B15555550101&after=" + mark.Cursor); len(got.Messages) != 2 || !got.Messages[0].Read || got.Messages[1].Read {
		t.Errorf("with the read ones: %+v", got)
	}
	for _, query := range []string{"after=x", "after=-1", "wait=soon", "wait=-1s"} {
		if r := b.ask(http.MethodGet, "/messages?"+query); r.status != 400 {
			t.Errorf("%s: %d", query, r.status)
		}
	}
}

// A plus that the query does not escape arrives as a space.
func TestRecipientWithAPlainPlus(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	b.sendCode(alice)
	if got := b.listing("recipient=" + alice); len(got.Messages) != 1 {
		t.Errorf("%d messages, want 1", len(got.Messages))
	}
}

func TestInboxWaits(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	b.signUp(bob)
	mark := b.listing("").Cursor
	if got := b.listing("wait=1ms&after=" + mark); len(got.Messages) != 0 || got.Cursor != mark {
		t.Errorf("a wait in vain: %+v", got)
	}
	got := make(chan reply)
	go func() { got <- b.ask(http.MethodGet, "/messages?recipient=%2B15555550101&wait=1m&after="+mark) }()
	b.sendCode(bob) // not for the one who waits
	b.sendCode(alice)
	var out listing
	(<-got).into(t, &out)
	if len(out.Messages) != 1 || out.Messages[0].Recipient != alice {
		t.Errorf("waited for %+v", out)
	}

	go func() { got <- b.ask(http.MethodGet, "/messages?recipient=x&wait=1m") }()
	b.emulator.DropProject(b.project.ID)
	if r := <-got; r.status != 404 {
		t.Errorf("the project went away: %d %s", r.status, r.text)
	}
}

func TestInboxTellsOfLoss(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.emulator = emulator.New(emulator.Options{Clock: b.clock.Now, UnreadLimit: 3})
	var err error
	p := policy.Default()
	p.SigningAlg = policy.ES256
	if b.project, err = b.emulator.CreateProject("", secret.String{}, p); err != nil {
		t.Fatal(err)
	}
	b.api, b.admin = newServer(t, b.emulator.Handler()), newServer(t, b.emulator.Admin(secret.New(adminKey)))
	mark := b.listing("").Cursor
	for i := range 4 {
		login := fmt.Sprintf("+1555555020%d", i)
		b.post(descope.Path(descope.PathOTPSignUp, descope.MethodSMS), b.public(), descope.SignUpRequest{Identity: identity(login)})
	}
	r := b.ask(http.MethodGet, "/messages?after="+mark)
	var body struct{ Error string }
	if err := json.Unmarshal([]byte(r.text), &body); err != nil || r.status != 410 || !strings.Contains(body.Error, "dropped") {
		t.Errorf("a cursor before the loss: %d %s", r.status, r.text)
	}
	if got := b.listing(""); len(got.Messages) != 3 {
		t.Errorf("what is left: %d messages, want 3", len(got.Messages))
	}
}

func TestCreateProjectRefusals(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{Clock: func() time.Time { return time.Unix(0, 0) }})
	if _, err := e.CreateProject("a/b", secret.String{}, policy.Default()); err == nil {
		t.Error("a project ID with a slash was taken")
	}
	if _, err := e.CreateProject("", secret.New("a b"), policy.Default()); err == nil || strings.Contains(err.Error(), "a b") {
		t.Errorf("a key with a space: %v", err)
	}
	if _, err := e.Create(emulator.Project{AuthManagementKey: secret.New("c:d")}, policy.Default()); err == nil || strings.Contains(err.Error(), "c:d") {
		t.Errorf("an auth key with a colon: %v", err)
	}
	made, err := e.Create(emulator.Project{ID: "P1", ManagementKey: secret.New("K1"), AuthManagementKey: secret.New("A1")}, policy.Default())
	if err != nil || made.ID != "P1" || made.ManagementKey.Reveal() != "K1" || made.AuthManagementKey.Reveal() != "A1" {
		t.Errorf("made %s: %v", made.ID, err)
	}
	if _, err := e.CreateProject("", secret.String{}, policy.Project{}); err == nil {
		t.Error("the zero policy was taken")
	}
	if e.DropProject("nobody") {
		t.Error("a project that was not there was dropped")
	}
}

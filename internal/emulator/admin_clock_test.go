package emulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// tell sends a document to the admin API below the project.
func (b *bench) tell(verb, path, body string) reply {
	b.t.Helper()
	return exchange(b.t, b.admin, verb, "/_ab/projects/"+b.project.ID+path, "Bearer "+adminKey, "application/json", body)
}

type clockDocument struct {
	FormatVersion int       `json:"format_version"`
	Now           time.Time `json:"now"`
	Frozen        bool      `json:"frozen"`
	Ahead         string    `json:"ahead"`
	Skew          string    `json:"skew"`
}

func (b *bench) moveClock(body string) clockDocument {
	b.t.Helper()
	var out clockDocument
	b.tell(http.MethodPost, "/clock", body).into(b.t, &out)
	return out
}

func TestClockDocument(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	start := b.clock.Now()
	state := func(now time.Duration, frozen bool, ahead, skew string) clockDocument {
		return clockDocument{1, start.Add(now), frozen, ahead, skew}
	}
	b.clock.advance(time.Minute)
	moves := []struct {
		body string
		want clockDocument
	}{
		{`{"freeze":true}`, state(time.Minute, true, "0s", "0s")},
		{`{"advance":"3m"}`, state(4*time.Minute, true, "3m0s", "0s")},
		{`{"skew":"-30s"}`, state(4*time.Minute-30*time.Second, true, "3m0s", "-30s")},
		{`{"resume":true}`, state(4*time.Minute-30*time.Second, false, "3m0s", "-30s")},
		{`{"set":"2026-03-01T12:00:00.25Z","skew":"0s"}`, state(30*time.Second, false, "-30s", "0s")},
		{`{"freeze":true,"set":"2026-03-01T13:00:00.25+01:00","advance":"1ms"}`, state(time.Millisecond, true, "-59.999s", "0s")},
	}
	for _, m := range moves {
		if diff := cmp.Diff(b.moveClock(m.body), m.want); diff != "" {
			t.Errorf("%s (-got +want):\n%s", m.body, diff)
		}
	}
	var shown clockDocument
	b.ask(http.MethodGet, "/clock").into(t, &shown)
	if diff := cmp.Diff(shown, moves[len(moves)-1].want); diff != "" {
		t.Errorf("GET (-got +want):\n%s", diff)
	}
}

func TestClockRefusals(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for body, says := range map[string]string{
		``:                               "moves the clock",
		`{}`:                             "moves the clock",
		`{"freeze":false}`:               "moves the clock",
		`{"freeze":true,"resume":true}`:  "exclude",
		`{"advance":"-1s"}`:              "negative",
		`{"advance":"soon"}`:             "soon",
		`{"advance":3}`:                  "advance has the wrong type",
		`{"set":"yesterday"}`:            "yesterday",
		`{"set":"2300-01-01T00:00:00Z"}`: "1970 to 2199",
		`{"skew":"-1000000h"}`:           "1970 to 2199",
		`{"thaw":true}`:                  "thaw",
		`[]`:                             "not an object",
		`{"freeze":true} {}`:             "behind",
		`{`:                              "unexpected",
	} {
		r := b.tell(http.MethodPost, "/clock", body)
		if r.status != 400 || !strings.Contains(strings.ToLower(r.text), says) || !strings.Contains(r.text, `"format_version":1`) {
			t.Errorf("%s: %d %s, want 400 and %q", body, r.status, r.text, says)
		}
	}
	if got := b.moveClock(`{"advance":"1s"}`); got.Frozen || got.Ahead != "1s" {
		t.Errorf("refused moves moved the clock: %+v", got)
	}
}

// Everything that ends does so by the project's clock, which no other project shares.
func TestClockEndsThings(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	other := &bench{t: t, emulator: b.emulator, clock: b.clock, api: b.api, admin: b.admin}
	var err error
	p := policy.Default()
	p.SigningAlg = policy.ES256
	if other.project, err = b.emulator.CreateProject("", b.project.ManagementKey, p); err != nil {
		t.Fatal(err)
	}
	frozen := b.moveClock(`{"freeze":true}`)
	auth := b.signUp(alice)
	theirs := other.signUp(alice)
	b.clock.advance(100 * 24 * time.Hour) // b stands still
	b.sendCode(alice)
	code := b.take(alice)
	if !code.CreatedAt.Equal(frozen.Now) {
		t.Errorf("a message of %s, want %s", code.CreatedAt, frozen.Now)
	}
	b.moveClock(`{"advance":"179.999s"}`)
	b.verifyCode(descope.MethodSMS, alice, otherCode(code.Code)).refused(t, 401, descope.CodeWrongOTP)
	b.moveClock(`{"advance":"1ms"}`)
	b.verifyCode(descope.MethodSMS, alice, code.Code).refused(t, 401, descope.CodeOTPExpired)
	b.me(auth.RefreshJWT)
	b.moveClock(`{"advance":"672h"}`)
	if r := b.get(descope.PathMe, b.as(auth.RefreshJWT)); r.status != 401 {
		t.Errorf("a session after its lifetime: %d %s", r.status, r.text)
	}
	if r := other.get(descope.PathMe, other.as(theirs.RefreshJWT)); r.status != 401 {
		t.Errorf("the other project does not follow its own clock: %d %s", r.status, r.text)
	}
	if got := claims(t, b.signUp(bob).SessionJWT)["iat"]; got != float64(frozen.Now.Add(3*time.Minute+672*time.Hour).Unix()) {
		t.Errorf("iat %v", got)
	}
}

package emulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// C13: what was pending when a project was exported is as long good after the import,
// however late that comes, and expires after what was left.
func TestC13ImportGoesOnFromTheExport(t *testing.T) {
	t.Parallel()
	for _, moved := range []string{`{"advance":"1ns"}`, `{"advance":"5h","skew":"-10s"}`, `{"freeze":true}`} {
		b := newBench(t, func(p *policy.Project) { p.OTP.ExpirationTime = policy.Duration(3 * time.Second) })
		b.signUp(alice)
		b.moveClock(moved)
		b.sendCode(alice)
		b.clock.advance(time.Second)
		codes := b.messages(alice)
		exported := b.ask(http.MethodGet, "").text
		b.emulator.DropProject(b.project.ID)
		b.clock.advance(4 * time.Second)
		put := func() {
			t.Helper()
			if r := b.tell(http.MethodPut, "", exported); r.status != http.StatusCreated {
				t.Fatalf("%s: import: %d %s", moved, r.status, r.text)
			}
		}
		put()
		if r := b.verifyCode(descope.MethodSMS, alice, codes[0].Code); r.status != http.StatusOK {
			t.Errorf("%s: a code with two seconds left: %d %s", moved, r.status, r.text)
		}
		b.emulator.DropProject(b.project.ID)
		put()
		b.moveClock(`{"advance":"3s"}`)
		b.verifyCode(descope.MethodSMS, alice, codes[0].Code).refused(t, 401, descope.CodeOTPExpired)
	}
}

// Two exports of a project to which nothing happened are the same bytes, also when the
// time of the machine goes on.
func TestExportOfAFrozenProjectIsStable(t *testing.T) {
	t.Parallel()
	b := &bench{t: t, project: emulator.Project{ID: "Pfrozen"}}
	b.emulator = emulator.New(emulator.Options{})
	t.Cleanup(b.emulator.Close)
	b.api, b.admin = newServer(t, b.emulator.Handler()), newServer(t, b.emulator.Admin(secret.New(adminKey)))
	if r := b.tell(http.MethodPut, "", `{"policy":{"signing_alg":"ES256"}}`); r.status != http.StatusCreated {
		t.Fatal(r.text)
	}
	b.moveClock(`{"freeze":true,"skew":"1h"}`)
	b.signUp(alice)
	b.sendCode(alice)
	first := b.ask(http.MethodGet, "").text
	if diff := cmp.Diff(indented(t, b.ask(http.MethodGet, "").text), indented(t, first)); diff != "" {
		t.Errorf("two exports (-got +want):\n%s", diff)
	}
	b.emulator.DropProject(b.project.ID)
	if r := b.tell(http.MethodPut, "", first); r.status != http.StatusCreated {
		t.Fatal(r.text)
	}
	if diff := cmp.Diff(indented(t, b.ask(http.MethodGet, "").text), indented(t, first)); diff != "" {
		t.Errorf("exported after an import (-got +want):\n%s", diff)
	}
}

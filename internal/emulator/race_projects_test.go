package emulator_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// filled makes the project anew if it is gone, and has it hold something of every sort, of
// people who are known next door as well. It gives a token of the project.
func (b *bench) filled() string {
	b.t.Helper()
	if b.ask(http.MethodGet, "/clock").status == http.StatusNotFound {
		body := `{"management_key":"` + b.project.ManagementKey.Reveal() + `","policy":{"signing_alg":"ES256"}}`
		r := exchange(b.t, b.admin, http.MethodPut, "/_ab/projects/"+b.project.ID, "Bearer "+adminKey, "application/json", body)
		if r.status != http.StatusCreated {
			b.t.Fatalf("make the project again: %d %s", r.status, r.text)
		}
	}
	auth := b.signUp(alice)
	b.sendCode(alice)
	b.moveClock(`{"freeze":true,"advance":"5h"}`)
	b.ask(http.MethodPost, "/delivery/pause")
	b.faulty(policy.Fault{Name: "down", Phase: policy.PhaseBefore, Action: policy.FaultReset})
	return auth.RefreshJWT
}

// R18: a project that is reset, or dropped and made again, takes nothing from another that
// is busy meanwhile.
func TestR18EndBesideAnother(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(project string) string{
		"reset": func(project string) string { return project + "/reset" },
		"drop":  func(project string) string { return http.MethodDelete + " " + project },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			other := *b
			var err error
			if other.project, err = b.emulator.CreateProject("", b.project.ManagementKey, es256()); err != nil {
				t.Fatal(err)
			}
			c := newAdminCrowd(b)
			auth := b.signUp(alice)
			keys, moment := b.keys(), b.ask(http.MethodGet, "/clock").text
			const each = smallLanes / 3
			for round := range smallRounds {
				theirs := other.filled()
				var shots []shot
				for i := range each {
					shots = append(shots, verifyShot(b, b.link(alice)), shot{descope.PathRefresh, b.as(auth.RefreshJWT), struct{}{}},
						shot{linkSignUpOrIn, b.public(), descope.SignInRequest{Identity: identity(phoneOf(round*each + i))}})
				}
				ended := shot{end("/_ab/projects/" + other.project.ID), descope.Bearer{Project: adminKey}, struct{}{}}
				answers := c.round(append(shots, ended))
				for i, a := range answers {
					if a.status >= 300 {
						t.Fatalf("round %d: answer %d: %d %s", round, i, a.status, a.text)
					}
				}
				for i := range each {
					b.redeem(b.take(phoneOf(round*each + i)).token(t))
				}
				b.quiet("")
				b.me(auth.RefreshJWT)
				if n := len(b.everyUser()); n != 1+(round+1)*each {
					t.Fatalf("round %d: %d users, want %d", round, n, 1+(round+1)*each)
				}
				if diff := cmp.Diff(b.keys(), keys); diff != "" {
					t.Fatalf("round %d: keys (-got +want):\n%s", round, diff)
				}
				if got := b.ask(http.MethodGet, "/clock").text; got != moment {
					t.Fatalf("round %d: clock %s, want %s", round, got, moment)
				}
				other.gone(name == "drop", theirs)
			}
		})
	}
}

// gone checks that nothing is left in the project, or of it.
func (b *bench) gone(dropped bool, token string) {
	b.t.Helper()
	b.get(descope.PathMe, b.as(token)).refused(b.t, http.StatusUnauthorized, descope.CodeInvalidArguments)
	if dropped {
		if r := b.ask(http.MethodGet, "/users"); r.status != http.StatusNotFound {
			b.t.Fatalf("the project is there: %d %s", r.status, r.text)
		}
		return
	}
	b.quiet("")
	if users, sent := b.everyUser(), b.outbox("all", ""); len(users)+len(sent) != 0 {
		b.t.Fatalf("users %v and messages %v are left", users, sent)
	}
}

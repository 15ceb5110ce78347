package emulator_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/policy"
)

// madeUp is what a project makes up in the course of a few requests.
func (b *bench) madeUp() []string {
	b.t.Helper()
	auth := b.signUp(alice)
	b.sendCode(alice)
	last := b.take(alice)
	return slices.Concat([]string{auth.User.UserID, auth.SessionJWT, last.ID, last.Code}, b.published(), b.rotate(""))
}

// seedOf is the seed that a project says it has.
func (b *bench) seedOf() uint64 {
	b.t.Helper()
	var out struct {
		Policy struct{ Seed uint64 }
	}
	b.ask(http.MethodGet, "/policy").into(b.t, &out)
	return out.Policy.Seed
}

// The seed of a project decides what is made up, whatever the emulator's is, and each time.
func TestSeedOfAProject(t *testing.T) {
	t.Parallel()
	for _, algorithm := range policy.SigningAlgs() {
		policyOf := func(seed uint64) string {
			return fmt.Sprintf(`{"policy":{"seed":%d,"signing_alg":%q}}`, seed, algorithm)
		}
		b, o := seeded(t, 1), seeded(t, 2)
		p := b.put("Pone", policyOf(5))
		want := p.madeUp()
		b.emulator.DropProject("Pone")
		for name, got := range map[string][]string{
			"made again": b.put("Pone", policyOf(5)).madeUp(), "elsewhere": o.put("Pone", policyOf(5)).madeUp(),
		} {
			if !slices.Equal(got, want) {
				t.Errorf("%s, %s: %v, want %v", algorithm, name, got, want)
			}
		}
		o.emulator.DropProject("Pone")
		for name, got := range map[string][]string{
			"another seed": o.put("Pone", policyOf(6)).madeUp(), "another ID": o.put("Ptwo", policyOf(5)).madeUp(),
		} {
			for i := range got {
				if slices.Contains(want, got[i]) {
					t.Errorf("%s, %s: %s comes again", algorithm, name, got[i])
				}
			}
		}
	}
}

// A project that was given no seed has one of its own, which tells it again.
func TestSeedThatIsDerived(t *testing.T) {
	t.Parallel()
	b, o := seeded(t, 1), seeded(t, 2)
	p, q := b.put("Pone", `{"policy":{"signing_alg":"ES256"}}`), b.put("Ptwo", `{"policy":{"seed":null}}`)
	if p.seedOf() == 0 || p.seedOf() > policy.MaxSeed || p.seedOf() == q.seedOf() {
		t.Errorf("seeds %d and %d", p.seedOf(), q.seedOf())
	}
	body := fmt.Sprintf(`{"policy":{"seed":%d,"signing_alg":"ES256"}}`, p.seedOf())
	if got, want := o.put("Pone", body).madeUp(), p.madeUp(); !slices.Equal(got, want) {
		t.Errorf("with the seed that the project tells: %v, want %v", got, want)
	}
	for _, seed := range []string{"-1", "1.5", `"1"`, "9007199254740993", "18446744073709551616"} {
		b.project = emulator.Project{ID: "Pbad"}
		if r := b.tell(http.MethodPut, "", `{"policy":{"seed":`+seed+`}}`); r.status != http.StatusBadRequest {
			t.Errorf("seed %s: %d %s", seed, r.status, r.text)
		}
	}
}

// A project keeps its seed: what it was made with and what it makes up later go together.
func TestSeedIsNotChanged(t *testing.T) {
	t.Parallel()
	p := seeded(t, 1).put("Pone", `{"policy":{"seed":9007199254740991,"signing_alg":"ES256"}}`)
	for body, want := range map[string]int{
		`{"seed":6}`: http.StatusBadRequest, `{"seed":6,"journal":7}`: http.StatusBadRequest, `{"seed":null,"journal":8}`: http.StatusOK,
		`{"seed":9007199254740991}`: http.StatusOK, `{"journal":9}`: http.StatusOK,
	} {
		r := p.tell(http.MethodPatch, "/policy", body)
		if r.status != want || want != http.StatusOK && !strings.Contains(r.text, "seed") {
			t.Errorf("%s: %d %s, want %d", body, r.status, r.text, want)
		}
		if got := p.seedOf(); got != 9007199254740991 {
			t.Errorf("%s: the seed is %d", body, got)
		}
	}
}

// pattern tells which of a number of requests a fault strikes.
func (b *bench) pattern() string {
	b.t.Helper()
	var out strings.Builder
	for range 40 {
		if b.get(descope.KeysPath(b.project.ID), descope.Bearer{}).status == http.StatusOK {
			out.WriteByte('.')
		} else {
			out.WriteByte('x')
		}
	}
	return out.String()
}

// The seed, the name of a fault and the number of requests decide whom it strikes, and the
// seed and the number of the send what becomes of a message: after a reset, in a project
// that is made again, and in another one.
func TestFaultsAndDeliveriesRepeat(t *testing.T) {
	t.Parallel()
	const body = `{"policy":{"seed":5,"signing_alg":"ES256","delivery":{"loss":0.5,"reorder_within":"5s","reject_at":"delivery"},` +
		`"fault":[{"name":"odd","phase":"jwks","action":"status","probability":0.5}]}}`
	b := seeded(t, 1)
	p := b.put("Pone", body)
	weather := func(p *bench) string {
		p.sendCodes(alice, 40)
		var out strings.Builder
		for _, m := range p.outbox("all", alice) {
			out.WriteString(m.State[:1])
		}
		return p.pattern() + out.String()
	}
	want := weather(p)
	if strings.Count(want, "x") == 0 || strings.Count(want, "l") == 0 {
		t.Fatalf("nothing happens: %s", want)
	}
	p.reset()
	got := map[string]string{"after a reset": weather(p)}
	b.emulator.DropProject("Pone")
	got["made again"] = weather(b.put("Pone", body))
	got["another project"] = weather(b.put("Ptwo", body))
	for name, weather := range got {
		if weather != want {
			t.Errorf("%s: %s, want %s", name, weather, want)
		}
	}
	var without [2]string // a seed of its own, which a reset and a new project keep
	for i := range without {
		p := b.put("Pthree", `{"policy":{"signing_alg":"ES256","fault":[{"name":"odd","phase":"jwks","action":"status","probability":0.5}]}}`)
		without[i] = p.pattern()
		b.emulator.DropProject("Pthree")
	}
	if without[0] != without[1] {
		t.Errorf("without a seed: %s, then %s", without[0], without[1])
	}
}

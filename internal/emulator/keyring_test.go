package emulator_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// rotate gives the project a new key and tells the IDs of the keys.
func (b *bench) rotate(query string) []string {
	b.t.Helper()
	var out struct {
		KeyIDs []string `json:"key_ids"`
	}
	b.ask(http.MethodPost, "/keys/rotate"+query).into(b.t, &out)
	var published []string
	for _, k := range b.keys().Keys {
		published = append(published, k.KeyID)
	}
	if !slices.Equal(published, out.KeyIDs) {
		b.t.Errorf("published %v, want %v", published, out.KeyIDs)
	}
	return out.KeyIDs
}

// verifies tells whether a token verifies against the published keys.
func (b *bench) verifies(token string) bool {
	b.t.Helper()
	object, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.ES256, jose.ES384, jose.EdDSA, jose.RS256})
	if err != nil {
		b.t.Fatal(err)
	}
	_, err = object.Verify(b.keys())
	return err == nil
}

func TestRotation(t *testing.T) {
	t.Parallel()
	for _, algorithm := range policy.SigningAlgs() {
		t.Run(algorithm, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, func(p *policy.Project) { p.SigningAlg = algorithm })
			first := b.signUp(alice)
			if ids := b.rotate(""); len(ids) != 2 {
				t.Errorf("keys %v, want two", ids)
			}
			second := b.signUp(bob)
			for _, auth := range []descope.AuthResponse{first, second} {
				b.me(auth.RefreshJWT)
				if !b.verifies(auth.SessionJWT) {
					t.Error("a token does not verify after a rotation")
				}
			}
			if ids := b.rotate("?revoke=true"); len(ids) != 1 {
				t.Errorf("keys %v, want one", ids)
			}
			for _, auth := range []descope.AuthResponse{first, second} {
				b.get(descope.PathMe, b.as(auth.RefreshJWT)).refused(t, 401, descope.CodeInvalidArguments)
				if b.verifies(auth.SessionJWT) {
					t.Error("a token verifies after its key was revoked")
				}
			}
			if b.me(b.signUp(alice).RefreshJWT).UserID != first.User.UserID {
				t.Error("a new session is another user's")
			}
		})
	}
	b := newBench(t)
	if r := b.ask(http.MethodPost, "/keys/rotate?revoke=maybe"); r.status != 400 {
		t.Errorf("revoke=maybe: %d", r.status)
	}
}

// The keys of twelve generations are good, and those before are not.
func TestOldGenerationsDie(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	oldest := b.signUp(alice)
	b.rotate("")
	old := b.signUp(bob)
	seen := map[string]bool{}
	for range 11 {
		for _, id := range b.rotate("") {
			seen[id] = true
		}
	}
	if len(seen) != 13 || len(b.keys().Keys) != 12 {
		t.Errorf("%d keys, %d of them published, want 13 and 12", len(seen), len(b.keys().Keys))
	}
	b.get(descope.PathMe, b.as(oldest.RefreshJWT)).refused(t, 401, descope.CodeInvalidArguments)
	b.me(old.RefreshJWT)
	if b.verifies(oldest.SessionJWT) || !b.verifies(old.SessionJWT) {
		t.Error("the wrong generation is dead")
	}
}

func TestStaleKeys(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	before := b.signUp(alice)
	b.rotate("?revoke=true")
	after := b.signUp(alice)
	b.faulty(policy.Fault{Name: "cache", Phase: policy.PhaseJWKS, Action: policy.FaultStale})
	if !b.verifies(before.SessionJWT) || b.verifies(after.SessionJWT) {
		t.Error("the keys are not those before the rotation")
	}
}

func TestRotationRepeats(t *testing.T) {
	t.Parallel()
	story := func(algorithm string) []string {
		b := newBench(t, func(p *policy.Project) { p.SigningAlg = algorithm })
		b.rotate("")
		return b.rotate("")
	}
	for _, algorithm := range policy.SigningAlgs() {
		if one, two := story(algorithm), story(algorithm); !slices.Equal(one, two) {
			t.Errorf("%s: one seed, two stories: %v, %v", algorithm, one, two)
		}
	}
}

func BenchmarkCreateProject(b *testing.B) {
	for _, algorithm := range policy.SigningAlgs() {
		b.Run(algorithm, func(b *testing.B) {
			e := emulator.New(emulator.Options{})
			p := policy.Default()
			p.SigningAlg = algorithm
			b.ReportAllocs()
			for b.Loop() {
				made, err := e.CreateProject("", secret.String{}, p)
				if err != nil {
					b.Fatal(err)
				}
				e.DropProject(made.ID)
			}
		})
	}
}

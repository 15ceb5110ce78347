package emulator_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/secret"
)

// keyOf is the ID of the key that a token says it is signed with.
func keyOf(tb testing.TB, jwt string) string {
	tb.Helper()
	object, err := jose.ParseSignedCompact(jwt, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		tb.Fatal(err)
	}
	return object.Signatures[0].Header.KeyID
}

func (b *bench) published() []string {
	b.t.Helper()
	var ids []string
	for _, k := range b.keys().Keys {
		ids = append(ids, k.KeyID)
	}
	return ids
}

// newAdminCrowd is a crowd whose door stands before the admin API as well.
func newAdminCrowd(b *bench) *crowd {
	api, admin := b.emulator.Handler(), b.emulator.Admin(secret.New(adminKey))
	return newCrowd(b.t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/_ab/") {
			admin.ServeHTTP(w, r)
		} else {
			api.ServeHTTP(w, r)
		}
	}))
}

// storm is a round in which links are redeemed, sessions refreshed, tokens shown to the
// service and keys rotated, all at once. It gives the answers that may hold tokens.
func (c *crowd) storm(b *bench, old descope.AuthResponse, rotate string) []reply {
	b.t.Helper()
	var shots []shot
	for range smallLanes / 4 {
		shots = append(shots, verifyShot(b, b.link(alice)), shot{descope.PathRefresh, b.as(old.RefreshJWT), struct{}{}},
			shot{descope.PathTryRefresh, b.as(old.RefreshJWT), struct{}{}}, shot{descope.PathValidate, b.as(old.SessionJWT), struct{}{}})
	}
	turn := shot{"/_ab/projects/" + b.project.ID + rotate, descope.Bearer{Project: adminKey}, struct{}{}}
	answers := c.round(append(shots, turn, turn))
	for _, a := range answers[len(shots):] {
		a.into(b.t, &struct{}{})
	}
	return answers[:len(shots)]
}

// R17: while keys rotate no good token is refused, and whoever gets a token finds its key
// published.
func TestR17RotateAmongTokens(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c := newAdminCrowd(b)
	old := b.signUp(alice)
	keys := map[string]bool{}
	for round := range smallRounds {
		c.then = func(_ int, a reply) {
			var auth descope.AuthResponse
			a.into(t, &auth)
			for _, jwt := range []string{auth.SessionJWT, auth.RefreshJWT} {
				if jwt != "" && !b.verifies(jwt) {
					t.Errorf("round %d: a token's key %s is not published", round, keyOf(t, jwt))
				}
			}
		}
		answers := c.storm(b, old, "/keys/rotate")
		c.then = nil
		for _, a := range answers {
			var auth descope.AuthResponse
			a.into(t, &auth)
			if auth.RefreshJWT != "" {
				keys[keyOf(t, auth.RefreshJWT)] = true
				b.me(auth.RefreshJWT)
				old = auth
			}
		}
	}
	t.Logf("tokens of %d keys in %d rounds", len(keys), smallRounds)
}

// R17: while keys are revoked a token is of a published key and good, or of one that was
// published until now and refused.
func TestR17RevokeAmongTokens(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c := newAdminCrowd(b)
	good, refused := 0, 0
	for round := range smallRounds {
		old := b.signUp(alice)
		before := b.published()
		answers := c.storm(b, old, "/keys/rotate?revoke=true")
		after := b.published()
		if len(after) != 1 || slices.Contains(before, after[0]) {
			t.Fatalf("round %d: keys %v after %v, want one other", round, after, before)
		}
		for _, a := range answers {
			if a.status != http.StatusOK {
				a.refused(t, 401, descope.CodeInvalidArguments) // its token was revoked before it was looked at
				continue
			}
			var auth descope.AuthResponse
			a.into(t, &auth)
			if auth.RefreshJWT == "" {
				continue
			}
			r := b.get(descope.PathMe, b.as(auth.RefreshJWT))
			if slices.Contains(after, keyOf(t, auth.RefreshJWT)) {
				good++
				r.into(t, &descope.User{})
			} else {
				refused++
				r.refused(t, 401, descope.CodeInvalidArguments)
			}
			if b.verifies(auth.SessionJWT) != (r.status == http.StatusOK) {
				t.Errorf("round %d: the service says %d of a session of which the published keys say otherwise", round, r.status)
			}
		}
	}
	t.Logf("%d sessions are good and %d were revoked", good, refused)
}

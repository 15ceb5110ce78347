package emulator_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// seeded is an emulator of a seed, without a project.
func seeded(tb testing.TB, seed uint64) *bench {
	tb.Helper()
	b := &bench{t: tb, clock: newClock()}
	b.emulator = emulator.New(emulator.Options{Clock: b.clock.Now, Seed: seed})
	tb.Cleanup(b.emulator.Close)
	b.api, b.admin = newServer(tb, b.emulator.Handler()), newServer(tb, b.emulator.Admin(secret.New(adminKey)))
	return b
}

// put makes a project over HTTP and is at it from then on.
func (b *bench) put(id, body string) *bench {
	b.t.Helper()
	at := *b
	at.project = emulator.Project{ID: id}
	r := at.tell(http.MethodPut, "", body)
	if r.status != http.StatusCreated {
		b.t.Fatalf("make project %s: %d %s", id, r.status, r.text)
	}
	return &at
}

// What a project signs with depends on no other project and on no order.
func TestKeysAreOfOneProjectAlone(t *testing.T) {
	t.Parallel()
	for _, algorithm := range policy.SigningAlgs() {
		body := `{"policy":{"signing_alg":"` + algorithm + `"}}`
		alone, among := seeded(t, 5), seeded(t, 5)
		p := alone.put("Pone", body)
		want := [][]string{p.published(), p.rotate(""), p.rotate("?revoke=true")}
		p.reset()
		want = append(want, p.published(), p.rotate(""))

		other := among.put("Pother", body)
		other.rotate("")
		q := among.put("Pone", body)
		got := [][]string{q.published()}
		other.reset()
		got = append(got, q.rotate(""))
		other.emulator.DropProject("Pother")
		got = append(got, q.rotate("?revoke=true"))
		among.put("Pother", body).rotate("")
		q.reset()
		got = append(got, q.published(), q.rotate(""))
		for i := range want {
			if !slices.Equal(got[i], want[i]) {
				t.Errorf("%s, step %d: keys %v beside another project, %v alone", algorithm, i, got[i], want[i])
			}
		}
	}
}

// Seeds that are near each other share no keys.
func TestSeedsShareNoKeys(t *testing.T) {
	t.Parallel()
	seen := map[string]uint64{}
	for _, seed := range []uint64{1, 2, 3, 7, 77, 78, 2023} {
		b := seeded(t, seed)
		for _, id := range []string{"Pa", "Pb", "Pc", "Pd", "Pe", "Pf"} {
			key := b.put(id, "").published()[0]
			if of, shared := seen[key]; shared {
				t.Errorf("seeds %d and %d share key %s", of, seed, key)
			}
			seen[key] = seed
		}
	}
}

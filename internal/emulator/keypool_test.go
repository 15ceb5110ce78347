package emulator

import (
	"testing"

	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// The pool makes keys that the standard library takes: two factors of 1,024 bits, far
// enough apart.
func TestPairsMakeKeys(t *testing.T) {
	t.Parallel()
	for n := range 8 {
		pair := pairFor(1, "test", n)
		if pair.p == pair.q || max(pair.p, pair.q) >= primeCount || min(pair.p, pair.q) < 0 {
			t.Fatalf("pair %+v", pair)
		}
		k, err := pair.rsaKey()
		if err != nil {
			t.Fatal(err)
		}
		if err := k.Validate(); err != nil || k.N.BitLen() != 2048 {
			t.Errorf("pair %+v makes a key of %d bits: %v", pair, k.N.BitLen(), err)
		}
		made, err := pair.signingKey()
		if err != nil {
			t.Fatal(err)
		}
		if mark, ok := markOf(made); !ok || mark != pair.mark() {
			t.Errorf("pair %+v has mark %x, its key %x", pair, pair.mark(), mark)
		}
	}
}

// A key that another project has is passed over, until that project is gone.
func TestNoKeyIsHeldTwice(t *testing.T) {
	t.Parallel()
	e := New(Options{Seed: 1})
	pol := policy.Default()
	create := func(id string) *project {
		t.Helper()
		if _, err := e.CreateProject(id, secret.String{}, pol); err != nil {
			t.Fatal(err)
		}
		p, _ := e.project(id)
		return p
	}
	first, second := create("P1"), create("P2")
	wanted := pairFor(first.seed, first.lineage+"/1", 0).mark()
	e.pool.hold(second, wanted)
	e.RotateKeys("P1", false)
	if got := first.marks[1]; got == wanted || got != pairFor(first.seed, first.lineage+"/1", 1).mark() {
		t.Error("a project did not get the first key that nobody has")
	}
	if !e.DropProject("P2") || e.pool.held[wanted] != nil {
		t.Error("a key is held for a project that is gone")
	}
	for range 2 * maxGenerations {
		e.RotateKeys("P1", false)
	}
	if len(e.pool.held) != maxGenerations+1 || len(first.marks) != maxGenerations+1 {
		t.Errorf("%d keys are held, want those that are published or were before the last rotation", len(e.pool.held))
	}
	ring := first.keys.Load()
	for _, key := range append(ring.keys, ring.previous...) {
		k, err := key()
		if err != nil {
			t.Fatal(err)
		}
		if mark, ok := markOf(k); !ok || e.pool.held[mark] != first {
			t.Errorf("key %s is not held", k.public.KeyID)
		}
	}
	if known, err := e.ResetProject("P1"); !known || err != nil || len(e.pool.held) != 1 {
		t.Errorf("after a reset %d keys are held: %v", len(e.pool.held), err)
	}
}

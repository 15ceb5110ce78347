package emulator

import (
	"errors"
	"strconv"
	"testing"

	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// What is remembered of projects that are gone is bounded, and the newest of it is kept.
func TestLivesAreBounded(t *testing.T) {
	t.Parallel()
	var l lives
	for n := range 3 * rememberedLives {
		l.end("P"+strconv.Itoa(n), 1)
		l.end("often", uint64(n+1))
	}
	if len(l.byID) > rememberedLives || len(l.gone) != rememberedLives {
		t.Errorf("%d and %d entries, want %d at most", len(l.byID), len(l.gone), rememberedLives)
	}
	for id, want := range map[string]uint64{"often": 3 * rememberedLives, "P" + strconv.Itoa(3*rememberedLives-1): 1, "P0": 0} {
		if got := l.of(id); got != want {
			t.Errorf("%s has had %d projects, want %d", id, got, want)
		}
	}
	l.end("often", 2) // imported
	if got := l.of("often"); got != 3*rememberedLives {
		t.Errorf("an import took lives back: %d", got)
	}
}

// A project that is gone takes no key any more.
func TestPolicyOfAProjectThatIsGone(t *testing.T) {
	t.Parallel()
	e := New(Options{Seed: 1})
	defer e.Close()
	made, err := e.CreateProject("", secret.String{}, policy.Default())
	if err != nil {
		t.Fatal(err)
	}
	p, _ := e.project(made.ID)
	e.DropProject(made.ID)
	if _, err := e.changePolicy(p, map[string]any{"signing_alg": "ES256"}); !errors.Is(err, errNoProject) {
		t.Errorf("%v", err)
	}
	if len(e.pool.held) != 0 {
		t.Errorf("%d keys are held", len(e.pool.held))
	}
}

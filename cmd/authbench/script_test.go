package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected output in the scripts")

// TestMain makes the test binary the program itself when a script calls it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"authbench": main})
}

// TestScripts runs the program as a user does: one behaviour a file, named verb_topic.
// The commands beyond testscript's own are in commands_test.go, processes_test.go and
// badserver_test.go.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Values[processesKey{}] = map[string]*process{}
			// The state of the user who runs the tests is none of theirs.
			home := filepath.Join(env.WorkDir, ".home")
			env.Setenv("HOME", home)
			env.Setenv("XDG_STATE_HOME", filepath.Join(home, "state"))
			env.Setenv("GITHUB_ACTIONS", "")
			runs, err := filepath.Abs(filepath.Join("testdata", "runs"))
			if err != nil {
				return err
			}
			env.Setenv("RUNS", runs)
			return os.MkdirAll(home, 0o700)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"adds_up":    addsUp,
			"badserver":  badServer,
			"cat":        cat,
			"exits":      exits,
			"fetch":      fetch,
			"finish":     finish,
			"iterations": iterations,
			"ndjson":     ndjson,
			"promlint":   promLint,
			"signal":     sendSignal,
			"start":      start,
			"tree":       tree,
			"until":      until,
			"xml":        wellFormed,
		},
	})
}

// Package conformance runs the vendor's own SDK for Node, unmodified, against the
// emulator. What is checked is in tests/, and README.md says what that covers. This
// package runs it and tells each test of it as a Go test.
package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/authbench/authbench/internal/cli"
)

// patience bounds one file of tests.
const patience = 3 * time.Minute

// TestMain makes the test binary the program itself when the tests of the SDK start it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"authbench": authbench})
}

func authbench() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	code := cli.Run(ctx, ctx, cli.System(), os.Args[1:])
	stop()
	os.Exit(code) //nolint:forbidigo // it is main here
}

func TestSDK(t *testing.T) {
	t.Parallel()
	node := installed(t)
	program, err := exec.LookPath("authbench")
	if err != nil {
		t.Fatal(err)
	}
	files := read(t, ".")
	if len(files) == 0 {
		t.Fatal("there are no tests")
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".test.js")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(node, "--test-reporter=./reporter.js", "--test-reporter-destination=stdout", file)
			cmd.Env = append(os.Environ(), "AUTHBENCH="+program, "XDG_STATE_HOME="+t.TempDir())
			results, err := run(t.Context(), cmd)
			failed := false
			for _, r := range results {
				failed = failed || !r.Passed
				t.Run(r.Name, r.tell)
			}
			if !failed && err != nil {
				t.Error(err)
			}
		})
	}
}

// result is a test of node, as reporter.js tells it.
type result struct {
	Name    string `json:"name"`
	Passed  bool   `json:"passed"`
	Skipped bool   `json:"skipped"`
	Error   string `json:"error"`
}

func (r result) tell(t *testing.T) {
	switch {
	case r.Skipped:
		t.Skip("skipped by the file itself")
	case !r.Passed:
		t.Error(r.Error)
	}
}

// run carries out one file. An error comes with the results that there are; a file
// without any is an error.
func run(ctx context.Context, cmd *exec.Cmd) ([]result, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	ended := context.AfterFunc(ctx, func() { _ = cmd.Process.Signal(syscall.SIGTERM) })
	err := cmd.Wait()
	if !ended() && ctx.Err() != nil {
		err = errors.Join(ctx.Err(), err)
	}
	var results []result
	for d := json.NewDecoder(&stdout); ; {
		var r result
		if wrong := d.Decode(&r); wrong == io.EOF {
			break
		} else if wrong != nil {
			return results, fmt.Errorf("what the reporter wrote: %w", errors.Join(wrong, err))
		}
		results = append(results, r)
	}
	if err == nil && len(results) == 0 {
		err = errors.New("the file has no tests")
	}
	if err != nil {
		err = fmt.Errorf("%s: %w\n%s", cmd, err, &stderr)
	}
	return results, err
}

// installed gives the path of node when the SDK of the lockfile is there.
func installed(t *testing.T) string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		missing(t, "node is not installed")
	}
	have, err := os.ReadFile("node_modules/.package-lock.json")
	if errors.Is(err, fs.ErrNotExist) {
		missing(t, "the SDK is not installed: run `npm ci` in conformance/")
	}
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(locked(t, have), locked(t, want)); d != "" {
		t.Fatalf("node_modules is not what package-lock.json says, run `npm ci` in conformance/ (-installed +locked):\n%s", d)
	}
	return node
}

// missing skips, but not where continuous integration runs: there nothing is missing.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// locked maps the packages of a lockfile to their versions and checksums.
func locked(t *testing.T, text []byte) map[string]string {
	t.Helper()
	var lock struct {
		Packages map[string]struct {
			Version   string `json:"version"`
			Integrity string `json:"integrity"`
		} `json:"packages"`
	}
	if err := json.Unmarshal(text, &lock); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for name, p := range lock.Packages {
		if name != "" { // this folder itself
			out[name] = p.Version + " " + p.Integrity
		}
	}
	return out
}

// read gives the files of tests. It opens whatever node will, but for the SDK, which the
// lockfile stands for: the test cache knows only what this process has read.
func read(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"*.js", "package.json", "README.md", "tests/*.test.js"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range found {
			if _, err := os.ReadFile(name); err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(name, ".test.js") {
				files = append(files, name)
			}
		}
	}
	return files
}

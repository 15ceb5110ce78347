package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/cli"
)

// long is a profile that would go on for ten minutes.
const long = `
scenario "slow" {
  step "pause" "wait" {
    duration = "$PAUSE"
    timeout  = "2h"
  }
}

load "long" {
  scenario = scenario.slow

  stage {
    rate = 50
    over = "0s"
  }

  stage {
    rate = 50
    over = "10m"
  }
}
`

// loadSummary is what the last line of a run's NDJSON tells.
type loadSummary struct {
	Verdict    string
	Iterations struct {
		Scheduled, Success, Failure, Error, Skipped, Aborted, Dropped uint64
	}
}

func summaryOf(t *testing.T, stream string) (s loadSummary) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(stream), "\n")
	var last struct {
		Type    string
		Summary loadSummary
	}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil || last.Type != "summary" {
		t.Fatalf("no summary: %v\n%s", err, stream)
	}
	s = last.Summary
	if n := s.Iterations; n.Scheduled == 0 || n.Scheduled != n.Success+n.Failure+n.Error+n.Skipped+n.Aborted+n.Dropped {
		t.Errorf("the account does not add up: %+v", n)
	}
	return s
}

// TestLoadIsStopped: a key lets what runs end, an interrupt cancels it, and either way
// every arrival has an outcome.
func TestLoadIsStopped(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		stop    func(keys chan<- byte, interrupt func())
		pause   string // what an iteration takes: a graceful stop waits for it
		code    int
		verdict string
	}{
		"key":       {func(keys chan<- byte, _ func()) { keys <- 'q' }, "100ms", 0, "success"},
		"other key": {func(keys chan<- byte, _ func()) { keys <- 'x'; keys <- 'Q' }, "100ms", 0, "success"},
		"interrupt": {func(_ chan<- byte, interrupt func()) { interrupt() }, "1h", 130, "interrupted"},
		"both":      {func(keys chan<- byte, interrupt func()) { keys <- 'q'; interrupt() }, "1h", 130, "interrupted"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "long.hcl")
			if err := os.WriteFile(file, []byte(strings.ReplaceAll(long, "$PAUSE", tt.pause)), 0o600); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			keys, restored := make(chan byte), false
			drawn := newAddress()
			drawn.pattern = regexp.MustCompile(`(q stop gracefully)`)
			done := make(chan struct{})
			go func() {
				defer close(done)
				if drawn.wait(ctx) != "" {
					tt.stop(keys, cancel)
				}
			}()
			var out, stderr bytes.Buffer
			code := cli.Run(ctx, t.Context(), cli.Process{
				In: strings.NewReader(""), Out: &out, Err: drawn.tee(&stderr), ErrWidth: 100, Version: "test",
				Keys:      func() (<-chan byte, func(), bool) { return keys, func() { restored = true }, true },
				LookupEnv: func(string) (string, bool) { return "", false },
			}, []string{"load", file, "--json"})
			cancel()
			<-done
			s := summaryOf(t, out.String())
			want, verdict := tt.code, tt.verdict
			if s.Verdict == "inconclusive" && verdict == "success" {
				// A busy machine makes the generator late, which it tells. How it stops is
				// what is looked at here.
				want, verdict = int(cli.Inconclusive), s.Verdict
			}
			if code != want || !restored {
				t.Errorf("exit code %d, want %d; the terminal was restored: %t\n%s", code, want, restored, stderr.String())
			}
			if s.Verdict != verdict || s.Iterations.Scheduled > 3000 {
				t.Errorf("got %+v, want %s", s, verdict)
			}
			if tt.verdict == "success" && s.Iterations.Aborted != 0 {
				t.Errorf("a graceful stop aborted %d", s.Iterations.Aborted)
			}
			if tt.verdict == "interrupted" && s.Iterations.Success != 0 {
				t.Errorf("%d succeeded, which take an hour", s.Iterations.Success)
			}
		})
	}
}

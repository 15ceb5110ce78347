package pinned

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// Summary is what a measurement reads of a load run.
type Summary struct {
	Verdict  string  `json:"verdict"`
	Duration float64 `json:"duration_ms"`
	// Profile.Duration is how long the schedule lasts.
	Profile struct {
		Planned  int     `json:"planned"`
		Duration float64 `json:"duration_ms"`
	} `json:"profile"`
	Iterations struct {
		Scheduled, Success, Failure, Error, Skipped, Aborted, Dropped int
	} `json:"iterations"`
	Series []Series `json:"series"`
	Health struct {
		CPU float64 `json:"cpu_all"`
	} `json:"health"`
	// Failures are the groups of those that did not go well, as the summary has them.
	Failures []json.RawMessage `json:"failures"`
}

// Series are the times of one measure, in milliseconds.
type Series struct {
	Measure string `json:"measure"`
	// Rate is what came in a second.
	Rate  float64 `json:"rate"`
	Times struct {
		Count              int
		P50, P90, P99, Max float64
	} `json:"duration_ms"`
}

// Of gives the first series of a measure; an empty one if there is none.
func (s *Summary) Of(measure string) Series {
	for _, all := range s.Series {
		if all.Measure == measure {
			return all
		}
	}
	return Series{}
}

// Load runs `authbench load` on a file with variables given as NAME=VALUE. A run whose
// verdict is not good is no error.
func Load(ctx context.Context, authbench, file string, vars ...string) (*Summary, Cost, error) {
	args := []string{"load", file, "--json"}
	for _, v := range vars {
		args = append(args, "--var", v)
	}
	out, diag, c, err := Run(exec.CommandContext(ctx, authbench, args...))
	if exit, ok := errors.AsType[*exec.ExitError](err); err != nil && (!ok || out == "") {
		return nil, c, fmt.Errorf("authbench load %s: %w\n%s", file, err, diag)
	} else if ok && exit.ExitCode() < 0 {
		return nil, c, ctx.Err()
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	var last struct{ Summary *Summary }
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil || last.Summary == nil {
		return nil, c, fmt.Errorf("authbench load %s ended without a summary: %w\n%s%s", file, err, out, diag)
	}
	return last.Summary, c, nil
}

// Percentile is the duration of a percentile in milliseconds.
func Percentile(ms float64) time.Duration {
	return time.Duration(ms * float64(time.Millisecond)).Round(time.Microsecond)
}

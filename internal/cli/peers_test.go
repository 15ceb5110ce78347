package cli_test

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/authbench/authbench/internal/cli"
)

// The tests of this file are named after faults of other load generators. Each shows, from
// the outside, that this one does not have it.

// peers runs a command line over a configuration whose $URL is the server's.
func peers(t *testing.T, url, config string, args ...string) (code int, out, stderr string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "peers.hcl")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(config, "$URL", url)), 0o600); err != nil {
		t.Fatal(err)
	}
	var o, e bytes.Buffer
	code = cli.Run(t.Context(), t.Context(), cli.Process{
		In: strings.NewReader(""), Out: &o, Err: &e, Version: "test", LookupEnv: func(string) (string, bool) { return "", false },
	}, append([]string{args[0], file}, args[1:]...))
	return code, o.String(), e.String()
}

// answering serves answers, by path, and counts requests.
func answering(t *testing.T, answers map[string]http.HandlerFunc) (url string, count func() int64) {
	t.Helper()
	var n atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		if answer := answers[r.URL.Path]; answer != nil {
			answer(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL, n.Load
}

func hangs(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// five runs a scenario x five times.
const five = `
load "five" {
  scenario      = scenario.x
  iterations    = 5
  max_in_flight = 1
}
`

// TestK6ThrowingIterationIsComplete is k6#6480: an iteration that throws counts as
// complete, and the process exits with 0.
func TestK6ThrowingIterationIsComplete(t *testing.T) {
	t.Parallel()
	url, _ := answering(t, map[string]http.HandlerFunc{"/a": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"n":"none"}`) }})
	code, out, _ := peers(t, url, `
scenario "x" {
  step "http_request" "a" {
    url = "$URL/a"
  }

  step "pause" "b" {
    duration = "${tonumber(step.a.json.n)}ms"
  }
}
`+five, "load", "--json")
	if s := summaryOf(t, out); code != 1 || s.Iterations.Error != 5 || s.Verdict != "failure" {
		t.Errorf("exit code %d, %+v", code, s)
	}
}

// TestPandoraMissingCaptureIsSent: there it goes on the wire as the text <no value>.
func TestPandoraMissingCaptureIsSent(t *testing.T) {
	t.Parallel()
	url, count := answering(t, map[string]http.HandlerFunc{"/a": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"other":1}`) }})
	code, out, _ := peers(t, url, `
scenario "x" {
  step "http_request" "a" {
    url = "$URL/a"
  }

  step "http_request" "b" {
    url = "$URL/b/${step.a.json.token}"
  }
}
`+five, "load", "--json")
	if s := summaryOf(t, out); code != 1 || s.Iterations.Error != 5 || count() != 5 {
		t.Errorf("exit code %d, %d requests, %+v", code, count(), s)
	}
}

// TestPandoraTLSIsNeverVerified: here it is, unless somebody asks.
func TestPandoraTLSIsNeverVerified(t *testing.T) {
	t.Parallel()
	var reached atomic.Int64
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	code, out, _ := peers(t, s.URL, "scenario \"x\" {\n  step \"http_request\" \"a\" {\n    url = \"$URL/a\"\n  }\n}\n"+five, "load", "--json")
	if sum := summaryOf(t, out); code == 0 || sum.Iterations.Error != 5 || reached.Load() != 0 || !strings.Contains(out, `"reason":"tls"`) {
		t.Errorf("exit code %d, %d reached it, %+v", code, reached.Load(), sum)
	}
}

// TestPandoraRequestHasNoTimeout: every request has one here, a short one if it is asked
// for.
func TestPandoraRequestHasNoTimeout(t *testing.T) {
	t.Parallel()
	url, _ := answering(t, map[string]http.HandlerFunc{"/a": hangs})
	_, out, _ := peers(t, url, "scenario \"x\" {\n  step \"http_request\" \"a\" {\n    url     = \"$URL/a\"\n    timeout = \"50ms\"\n  }\n}\n"+five, "load", "--json")
	if s := summaryOf(t, out); s.Iterations.Failure != 5 || !strings.Contains(out, `"reason":"timeout"`) {
		t.Errorf("%+v", s)
	}
}

// TestPandoraPauseFirstPanics: a pause may be the first step, and the only one.
func TestPandoraPauseFirstPanics(t *testing.T) {
	t.Parallel()
	code, out, _ := peers(t, "", "scenario \"x\" {\n  step \"pause\" \"a\" {\n    duration = \"1ms\"\n  }\n}\n"+five, "load", "--json")
	if s := summaryOf(t, out); code != 0 || s.Iterations.Success != 5 {
		t.Errorf("exit code %d, %+v", code, s)
	}
}

// TestPandoraRandomIsARace: random values come from the iteration, not from a shared
// generator, so that the race detector is silent and the same seed gives them again.
func TestPandoraRandomIsARace(t *testing.T) {
	t.Parallel()
	var before string
	for range 2 {
		_, out, stderr := peers(t, "", `
scenario "x" {
  step "pause" "a" {
    duration = "0s"
  }

  output "random" {
    value = "${uuid()} ${iteration.uuid}"
  }
}
`, "test", "--json", "--seed", "3", "--repeat", "50", "--parallelism", "8")
		values := map[string]bool{}
		for line := range strings.Lines(out) {
			if _, rest, there := strings.Cut(line, `"outputs":`); there {
				values[rest] = true
			}
		}
		if len(values) != 50 {
			t.Fatalf("%d different values of 50\n%s%.500s", len(values), stderr, out)
		}
		one := ""
		for v := range values {
			one = max(one, v)
		}
		if before != "" && before != one {
			t.Errorf("got %s, then %s", before, one)
		}
		before = one
	}
}

// TestPandoraRowsWrapInSilence: rows that are to be unique are given once, and the report
// says when there is none left.
func TestPandoraRowsWrapInSilence(t *testing.T) {
	t.Parallel()
	for exhausted, want := range map[string]uint64{"stop": 3, "error": 5, "drop": 5} {
		_, out, _ := peers(t, "", `
dataset "rows" {
  rows         = [for n in range(3) : { n = n }]
  mode         = "unique"
  on_exhausted = "`+exhausted+`"
}

scenario "x" {
  step "pause" "a" {
    duration = "${dataset.rows.row.n}ms"
  }
}

load "five" {
  scenario = scenario.x

  stage {
    rate = 50
    over = "0s"
  }

  stage {
    rate = 50
    over = "100ms"
  }
}
`, "load", "--json")
		s := summaryOf(t, out)
		if n := s.Iterations; n.Success != 3 || n.Scheduled != want || n.Error+n.Dropped != want-3 {
			t.Errorf("%s: %+v", exhausted, n)
		}
	}
}

// TestPandoraAssertionOverwritesStatus: what was answered stands beside what was asserted.
func TestPandoraAssertionOverwritesStatus(t *testing.T) {
	t.Parallel()
	url, _ := answering(t, map[string]http.HandlerFunc{"/a": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }})
	_, out, _ := peers(t, url, `
scenario "x" {
  step "http_request" "a" {
    url = "$URL/a"

    assert {
      condition     = self.body == "x"
      error_message = "it is not"
    }
  }
}
`, "test", "--json")
	if !strings.Contains(out, `"status":202`) || !strings.Contains(out, `"reason":"assertion"`) {
		t.Errorf("got %s", out)
	}
}

// TestPandoraMistakesHaveNoLine: a mistake in what a file means is told with its line.
func TestPandoraMistakesHaveNoLine(t *testing.T) {
	t.Parallel()
	code, out, stderr := peers(t, "", "scenario \"x\" {\n  step \"pause\" \"a\" {\n    duration = step.b.wait_ms\n  }\n}\n", "validate")
	if all := out + stderr; code != 2 || !strings.Contains(all, "peers.hcl line 3") {
		t.Errorf("exit code %d: %s", code, all)
	}
}

// TestGatlingRetryIsAFailure is gatling#4324: there every attempt that is repeated is
// reported as one.
func TestGatlingRetryIsAFailure(t *testing.T) {
	t.Parallel()
	var n atomic.Int64
	url, count := answering(t, map[string]http.HandlerFunc{"/a": func(w http.ResponseWriter, _ *http.Request) {
		if n.Add(1)%2 == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}})
	code, out, _ := peers(t, url, `
scenario "x" {
  step "http_request" "a" {
    url = "$URL/a"

    retry {
      attempts  = 2
      on        = [503]
      force     = true
      min_delay = "1ms"
    }
  }
}
`+five, "load", "--json")
	if s := summaryOf(t, out); code != 0 || s.Iterations.Success != 5 || count() != 10 {
		t.Errorf("exit code %d, %d requests, %+v", code, count(), s)
	}
}

// TestLocustHasNoOpenModel is locust#597: here arrivals come on time though nothing is
// ever answered.
func TestLocustHasNoOpenModel(t *testing.T) {
	t.Parallel()
	url, _ := answering(t, map[string]http.HandlerFunc{"/a": hangs})
	_, out, _ := peers(t, url, `
scenario "x" {
  step "http_request" "a" {
    url = "$URL/a"
  }
}

load "open" {
  scenario      = scenario.x
  graceful_stop = "0s"

  stage {
    rate = 50
    over = "0s"
  }

  stage {
    rate = 50
    over = "1s"
  }
}
`, "load", "--json")
	if n := summaryOf(t, out).Iterations; n.Scheduled != 50 || n.Aborted != 50 {
		t.Errorf("got %+v", n)
	}
}

// TestVegetaEndpointDiesWithTheAttack: metrics are there until somebody has read the end,
// they can be pulled, which those of k6 can not, and failures are among them, which those
// of vegeta are not.
func TestVegetaEndpointDiesWithTheAttack(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "peers.hcl")
	config := `
scenario "x" {
  step "http_request" "a" {
    url = "http://127.0.0.1:1/"
  }
}

scenario "good" {
  step "pause" "a" {
    duration = "1ms"
  }
}

load "both" {
  iterations    = 40
  max_in_flight = 2

  mix {
    scenario = scenario.x
    weight   = 1
  }

  mix {
    scenario = scenario.good
    weight   = 1
  }
}
`
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	r := runLooked(t, map[string]string{}, 0, "load", file, "--ui", "127.0.0.1:0", "--listen", "127.0.0.1:0", "--linger", "2m", "--log-level", "info", "--json", "--seed", "1")
	n := summaryOf(t, r.out.String()).Iterations
	if n.Error == 0 || n.Success == 0 {
		t.Fatalf("got %+v\n%s", n, r.err.String())
	}
	page := r.seen["/metrics"]
	for _, want := range []string{
		metric("good", "success", n.Success), metric("x", "error", n.Error),
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the last scrape has no %s", want)
		}
	}
}

func metric(scenario, outcome string, n uint64) string {
	return fmt.Sprintf("authbench_iterations_total{mode=\"load\",result=%q,scenario=%q} %d\n", outcome, scenario, n)
}

package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/cli"
)

// TestCanary puts secrets through everything that can fail, with every output open,
// and looks for them in all that was written.
func TestCanary(t *testing.T) {
	t.Parallel()
	w := newWatched(t)
	vars := []string{
		"--var", "url=" + w.api.URL, "--var", "key=" + w.key, "--var", "echo_key=" + w.echoKey, "--var", "canary=" + w.canary,
	}
	dir := t.TempDir()
	junit, metrics := filepath.Join(dir, "report.xml"), filepath.Join(dir, "metrics.prom")
	test := append([]string{
		"test", "testdata/canary.hcl", "--target-admin", w.admin.URL, "--log-level", "debug", "--verbose",
		"--junit-xml", junit, "--metrics-out", metrics, "--listen", "127.0.0.1:0", "--linger", "2m",
	}, vars...)
	outputs := map[string]string{}

	text := w.run(t, 1, test...)
	outputs["text"], outputs["stderr"], outputs["/metrics"] = text.out.String(), text.err.String(), text.scraped
	outputs["junit"], outputs["metrics-out"] = read(t, junit), read(t, metrics)
	ndjson := w.run(t, 1, append(test, "--json")...)
	outputs["json"], outputs["json stderr"] = ndjson.out.String(), ndjson.err.String()
	everyStepFailed(t, outputs["json"])

	for _, verb := range [][]string{{"plan", "--verbose"}, {"plan", "--json"}, {"validate", "--json"}} {
		r := w.run(t, 0, append([]string{verb[0], "testdata/canary.hcl", verb[1]}, vars...)...)
		outputs[strings.Join(verb, " ")] = r.out.String() + r.err.String()
	}
	secrets := w.secrets()
	if len(secrets) < 25 {
		t.Errorf("only %d secrets were seen: the run did not get far", len(secrets))
	}
	for name, output := range outputs {
		if output == "" && name != "json stderr" && name != "stderr" {
			t.Errorf("%s is empty", name)
		}
		for _, leak := range leaks(output, secrets) {
			t.Errorf("%s holds %s", name, leak)
		}
	}
}

// everyStepFailed makes sure that all steps of the bodies had something to tell.
func everyStepFailed(t *testing.T, stream string) {
	t.Helper()
	steps := 0
	for line := range strings.Lines(stream) {
		var e struct {
			Type  string
			Steps []struct {
				Section, Name, Outcome, Message string
				Diagnostics                     []json.RawMessage
			}
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		for _, s := range e.Steps {
			if s.Section != "run" {
				continue
			}
			steps++
			if s.Outcome == "success" || s.Outcome == "skipped" || len(s.Diagnostics) == 0 {
				t.Errorf("step %s: %s with %d diagnostics: %s", s.Name, s.Outcome, len(s.Diagnostics), s.Message)
			}
		}
	}
	if steps < 20 {
		t.Errorf("only %d steps", steps)
	}
}

// TestLeaksAreSeen shows that the search finds each form.
func TestLeaksAreSeen(t *testing.T) {
	t.Parallel()
	const secret = "S3cret/with+odd \"signs\""
	for name, text := range shapes(secret) {
		for _, around := range []string{"", "x", "xy"} {
			if len(leaks(around+text+around, []string{secret})) == 0 {
				t.Errorf("%s is not seen in %q", name, around+text+around)
			}
		}
	}
	if len(leaks("code 123456.", []string{"123456"})) == 0 || len(leaks("time 0.1234567", []string{"123456"})) != 0 {
		t.Error("a code is a number of its own")
	}
	if len(leaks("eyJhbGciOiJub25lIn0.e30.", nil)) == 0 {
		t.Error("an unknown token is not seen")
	}
}

// ran is what a command line wrote.
type ran struct {
	out, err bytes.Buffer
	scraped  string
}

// run carries out a command line in this process, with the variables of continuous
// integration, and reads /metrics for as long as it is served.
func (w *watched) run(t *testing.T, want int, args ...string) *ran {
	t.Helper()
	r := &ran{}
	env := map[string]string{"GITHUB_ACTIONS": "true", "AUTHBENCH_ADMIN_TOKEN": w.token, "HOME": t.TempDir()}
	served := newAddress()
	ctx, done := context.WithCancel(t.Context())
	scraped := make(chan string)
	go func() { scraped <- scrape(ctx, served) }()
	got := cli.Run(t.Context(), t.Context(), cli.Process{
		In: strings.NewReader(""), Out: &r.out, Err: served.tee(&r.err), Version: "test",
		LookupEnv: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
	}, args)
	done()
	r.scraped = <-scraped
	if got != want {
		t.Fatalf("%v ended with %d, want %d\n%s\n%s", args, got, want, r.out.String(), r.err.String())
	}
	return r
}

// scrape reads the page again and again and gives the last one.
func scrape(ctx context.Context, served *address) string {
	url := served.wait(ctx)
	page := ""
	for ctx.Err() == nil && url != "" {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
		if err != nil {
			return err.Error()
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			continue
		}
		var b bytes.Buffer
		_, err = b.ReadFrom(resp.Body)
		_ = resp.Body.Close()
		if err == nil {
			page = b.String()
		}
	}
	return page
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

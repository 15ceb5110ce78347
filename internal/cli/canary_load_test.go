package cli_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/klauspost/compress/s2"

	"github.com/authbench/authbench/internal/cli"
	"github.com/authbench/authbench/internal/report"
	"github.com/authbench/authbench/internal/runfile"
)

// TestCanaryOfLoad puts secrets through a load run, as cells of datasets, outputs of
// fixtures, keys, codes and tokens, with every output open, and looks for them in all
// that was written, saved, served and sent.
func TestCanaryOfLoad(t *testing.T) {
	t.Parallel()
	w := newWatched(t)
	// The secrets of receivers, which refuse whatever comes in the second run.
	const pushToken, writeToken = "Tcanary-push/1+2", "Tcanary-write/3+4"
	pushes, writes := newMailbox(t), newMailbox(t)
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	args := []string{
		"load", "testdata/canary_load.hcl", "--target-admin", w.admin.URL, "--log-level", "debug",
		"--var", "url=" + w.api.URL, "--var", "key=" + w.key, "--var", "echo_key=" + w.echoKey, "--var", "canary=" + w.canary,
		"--junit-xml", in("load.xml"), "--html", in("load.html"), "--metrics-out", in("load.prom"),
		"--ui", "127.0.0.1:0", "--listen", "127.0.0.1:0", "--linger", "2m",
		"--push", pushes.URL, "--remote-write", writes.URL,
	}
	env := map[string]string{
		"GITHUB_ACTIONS": "true", "AUTHBENCH_ADMIN_TOKEN": w.token, "HOME": t.TempDir(),
		"AUTHBENCH_PUSH_TOKEN": pushToken, "AUTHBENCH_REMOTE_WRITE_TOKEN": writeToken,
	}
	outputs := map[string]string{}
	run := func(name string, columns, want int, args ...string) {
		r := runLooked(t, env, columns, args...)
		if r.code != want {
			t.Fatalf("%s ended with %d, want %d\n%s\n%s", name, r.code, want, r.out.String(), r.err.String())
		}
		outputs[name] = r.out.String()
		outputs[name+": stderr"] = r.err.String()
		for path, text := range r.seen {
			outputs[name+": "+path] = text
		}
	}
	run("text", 120, 1, append(slices.Clone(args), "--out", in("a.abrun"))...)
	outputs["pushed"], outputs["written"] = pushes.take(t, 1), writes.take(t, 1)
	pushes.refuse()
	writes.refuse()
	run("json", 0, 1, append(slices.Clone(args), "--out", in("b.abrun"), "--json")...)
	run("show", 80, 0, "show", in("a.abrun"), "--html", in("show.html"), "--junit-xml", in("show.xml"))
	run("show --json", 0, 0, "show", in("a.abrun"), "--json")
	run("trend", 0, 0, "show", in("a.abrun"), in("b.abrun"), "--html", in("trend.html"))
	run("merge", 0, 0, "show", "--merge", in("a.abrun"), in("b.abrun"), "--out", in("both.abrun"))
	run("diff", 0, 0, "diff", in("a.abrun"), in("b.abrun"))
	run("diff --json", 0, 0, "diff", "--json", in("a.abrun"), in("b.abrun"))
	for _, name := range []string{"load.xml", "load.html", "load.prom", "show.html", "show.xml", "trend.html"} {
		outputs[name] = read(t, in(name))
	}
	for _, name := range []string{"a.abrun", "b.abrun", "both.abrun"} {
		outputs[name] = unpacked(t, in(name))
	}
	outputs["progress"], outputs["screen"] = shown(t, in("a.abrun"))

	for _, step := range []string{"cell", "output", "me", "refresh", "echoed", "echoed_bearer", "nowhere", "text", "refused"} {
		if !strings.Contains(outputs["a.abrun"], `"`+step+`"`) {
			t.Errorf("step %s has no failure to tell", step)
		}
	}
	for _, text := range []string{"authbench_iterations_total", "authbench"} {
		if !strings.Contains(outputs["written"], text) || !strings.Contains(outputs["text: /metrics"], text) {
			t.Errorf("%s is not in the metrics", text)
		}
	}
	if !strings.Contains(outputs["text: /events"], "event: end") || !strings.Contains(outputs["text: stderr"], "\x1b[") {
		t.Error("nobody looked on")
	}
	secrets := append(w.secrets(), pushToken, writeToken)
	for _, cell := range []string{`Cell-canary/1+a?&="q"`, `Cell-canary/2+b?&="q"`} {
		if !strings.Contains(read(t, "testdata/canary_load.csv"), cell[:len(cell)-3]) {
			t.Errorf("%s is no cell", cell)
		}
		secrets = append(secrets, cell)
	}
	if len(secrets) < 25 {
		t.Errorf("only %d secrets were seen: the run did not get far", len(secrets))
	}
	for name, output := range outputs {
		if output == "" && !strings.HasSuffix(name, ": stderr") {
			t.Errorf("%s is empty", name)
		}
		for _, leak := range leaks(output, secrets) {
			t.Errorf("%s holds %s", name, leak)
		}
	}
}

// mailbox is a receiver that keeps what it gets, unpacked.
type mailbox struct {
	*httptest.Server
	mu      sync.Mutex
	got     []string
	refuses bool
}

func newMailbox(t *testing.T) *mailbox {
	t.Helper()
	m := &mailbox{}
	m.Server = httptest.NewServer(m)
	t.Cleanup(m.Close)
	return m
}

// ServeHTTP implements http.Handler. A refusal repeats all that was sent.
func (m *mailbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if plain, bad := s2.Decode(nil, body); err == nil && r.Header.Get("Content-Encoding") == "snappy" && bad == nil {
		body = plain
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.got = append(m.got, r.URL.String()+"\n"+string(body))
	if m.refuses {
		http.Error(w, fmt.Sprint("you sent ", r.Header), http.StatusUnauthorized)
	}
}

func (m *mailbox) refuse() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refuses = true
}

func (m *mailbox) take(t *testing.T, least int) string {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.got) < least {
		t.Errorf("%d requests came, want %d", len(m.got), least)
	}
	return strings.Join(m.got, "\n")
}

// looked is what a command line wrote, and what was served meanwhile by path.
type looked struct {
	code     int
	out, err bytes.Buffer
	seen     map[string]string
}

// runLooked carries out a command line in this process. columns are those of its
// terminal, 0 without one. All that it serves is read again and again until it ends.
func runLooked(t *testing.T, env map[string]string, columns int, args ...string) *looked {
	t.Helper()
	r := &looked{seen: map[string]string{}}
	scraped, shown := newAddress(), newAddress()
	shown.pattern = regexp.MustCompile(`The run is shown at (\S+)`)
	ctx, done := context.WithCancel(t.Context())
	var looking sync.WaitGroup
	looking.Go(func() { r.look(ctx, scraped, shown) })
	r.code = cli.Run(t.Context(), t.Context(), cli.Process{
		In: strings.NewReader(""), Out: &r.out, Err: shown.tee(scraped.tee(&r.err)), Version: "test", OutWidth: columns, ErrWidth: columns,
		LookupEnv: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
	}, args)
	done()
	looking.Wait()
	return r
}

// look reads what is served: the events to their end, the rest in turns, so that all was
// read between two scrapes.
func (r *looked) look(ctx context.Context, scraped, shown *address) {
	page, metrics := shown.wait(ctx), scraped.wait(ctx)
	if page == "" || metrics == "" {
		return
	}
	var follows sync.WaitGroup
	events := ""
	follows.Go(func() { events = fetched(ctx, page+"/events") })
	first := true
	for ctx.Err() == nil {
		for name, url := range map[string]string{"/": page + "/", "/api/v1/load": page + "/api/v1/load", "/metrics": metrics} {
			text := fetched(ctx, url)
			switch {
			case text == "":
			case first:
				r.seen["first "+name] = text
			default:
				r.seen[name] = text
			}
		}
		first = false
	}
	follows.Wait()
	r.seen["/events"] = events
}

// fetched is what a server gives until it closes, nothing where there is none.
func fetched(ctx context.Context, url string) string {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return ""
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return ""
	}
	defer func() { _ = resp.Body.Close() }()
	text, _ := io.ReadAll(resp.Body)
	return string(text)
}

func unpacked(t *testing.T, name string) string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// shown is what stderr shows of a run while it goes on, elsewhere and in a terminal.
func shown(t *testing.T, name string) (progress, screen string) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	l, err := runfile.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	return report.Progress(l), strings.Join(report.Screen(l, report.ScreenOptions{Width: 200, Height: 100}), "\n")
}

package metrics_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/metrics"
)

// prometheusServer is the real one, where the machine has it.
type prometheusServer struct {
	t   *testing.T
	url string
}

func startPrometheus(t *testing.T, scrape string) *prometheusServer {
	t.Helper()
	path, err := exec.LookPath("prometheus")
	if err != nil || testing.Short() {
		t.Skip("there is no prometheus")
	}
	dir := t.TempDir()
	config := fmt.Sprintf("global: {scrape_interval: 200ms}\nscrape_configs: [{job_name: scrape, static_configs: [{targets: [%q]}]}]\n", scrape)
	if err := os.WriteFile(filepath.Join(dir, "prometheus.yml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, "--config.file="+filepath.Join(dir, "prometheus.yml"), "--storage.tsdb.path="+filepath.Join(dir, "data"),
		"--web.listen-address=127.0.0.1:0", "--web.enable-remote-write-receiver", "--log.level=info")
	log, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var rest sync.WaitGroup
	t.Cleanup(func() { rest.Wait(); _ = cmd.Wait() }) // the context of the test has ended it
	p := &prometheusServer{t, "http://" + listening(t, log)}
	rest.Go(func() { _, _ = io.Copy(io.Discard, log) })
	p.until("ready", func() bool {
		resp, err := http.Get(p.url + "/-/ready")
		if err != nil {
			return false
		}
		return resp.Body.Close() == nil && resp.StatusCode == http.StatusOK
	})
	return p
}

// listening reads a log until it tells the address that was chosen. A port that the test
// chose could be taken before Prometheus listens there.
func listening(t *testing.T, log io.Reader) string {
	t.Helper()
	address := regexp.MustCompile(`msg="Listening on".* address=(\S+)`)
	all := ""
	for lines := bufio.NewReader(log); ; {
		line, err := lines.ReadString('\n')
		all += line
		if m := address.FindStringSubmatch(line); m != nil {
			return m[1]
		}
		if err != nil {
			t.Fatalf("Prometheus does not listen: %v\n%s", err, all)
		}
	}
}

// until asks again and again, for minutes at most.
func (p *prometheusServer) until(what string, done func() bool) {
	p.t.Helper()
	limit := time.NewTimer(3 * time.Minute)
	defer limit.Stop()
	again := time.NewTicker(50 * ms)
	defer again.Stop()
	for !done() {
		select {
		case <-limit.C:
			p.t.Fatalf("%s: it does not come", what)
		case <-again.C:
		}
	}
}

// query gives the values of a query, by nothing but their order.
func (p *prometheusServer) query(text string) (out []string) {
	p.t.Helper()
	resp, err := http.Get(p.url + "/api/v1/query?query=" + url.QueryEscape(text))
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		Status, Error string
		Data          struct {
			Result []struct{ Value [2]any }
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || answer.Status != "success" {
		p.t.Fatalf("%s: %v %s", text, err, answer.Error)
	}
	for _, r := range answer.Data.Result {
		out = append(out, fmt.Sprint(r.Value[1]))
	}
	return out
}

// TestRealPrometheus scrapes a run and takes its remote write: queries give the run's own
// numbers, and what was written ends when the run does.
func TestRealPrometheus(t *testing.T) {
	t.Parallel()
	load := populatedLoad()
	page := httptest.NewServer(load.Handler())
	defer page.Close()
	p := startPrometheus(t, strings.TrimPrefix(page.URL, "http://"))
	w, err := metrics.NewRemoteWriter(load.Gatherer(), metrics.RemoteOptions{
		URL: p.url + "/api/v1/write", Labels: map[string]string{"job": "write", "instance": "one"}, Every: 200 * ms,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Start()
	for query, want := range map[string]string{
		`sum(authbench_iterations_total{job="%s"})`:                                                       "4",
		`authbench_iterations_total{job="%s",result="failure",scenario="update_phone",mode="load"}`:       "2",
		`authbench_step_duration_seconds_count{job="%s",step="verify"}`:                                   "2",
		`authbench_step_duration_seconds_bucket{job="%s",step="verify",le="0.01"}`:                        "0",
		`authbench_step_duration_seconds_bucket{job="%s",step="verify",le="0.025"}`:                       "2",
		`sum(authbench_http_requests_total{job="%s"})`:                                                    "18",
		`authbench_load_dropped_iterations_total{job="%s",reason="dataset"}`:                              "1",
		`authbench_schedule_delay_seconds_sum{job="%s"}`:                                                  "0.003",
		`histogram_quantile(1, sum by (le) (authbench_delivery_duration_seconds_bucket{job="%s"})) < 2.5`: "2",
	} {
		for _, job := range []string{"scrape", "write"} {
			var got []string
			p.until(fmt.Sprintf(query, job), func() bool { got = p.query(fmt.Sprintf(query, job)); return len(got) > 0 })
			if len(got) != 1 || got[0] != want {
				t.Errorf("%s: got %v, want %s", fmt.Sprintf(query, job), got, want)
			}
		}
	}
	if err := w.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.until("the end of what was written", func() bool { return len(p.query(`{job="write"}`)) == 0 })
	if got := p.query(`last_over_time(authbench_load_active_iterations{job="write"}[5m])`); len(got) != 1 || got[0] != "7" {
		t.Errorf("the last value: got %v, want 7", got)
	}
}

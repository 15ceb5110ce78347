package metrics_test

import (
	"bytes"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/authbench/authbench/internal/metrics"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const ms = time.Millisecond

func cases() []stats.Case {
	return []stats.Case{
		{Suite: "scenarios", Scenario: "update_phone", Key: "sms", Address: `scenario.update_phone["sms"]`},
		{Suite: "scenarios", Scenario: "never", Address: "scenario.never"},
	}
}

func newMetrics() *metrics.Metrics {
	return metrics.New(metrics.Options{
		Mode: "test", Version: "0.3.0", Revision: "abc", Cases: cases(), ErrorCodes: []string{"E061102"},
		CreatesUser: []string{"/v1/mgmt/user/create"}, DeletesUser: []string{"/v1/mgmt/user/delete"}, Pedantic: true,
	})
}

func exchange(endpoint string, status, attempt int, took time.Duration) result.Exchange {
	return result.Exchange{
		Method: "POST", Endpoint: endpoint, Status: status, Attempt: attempt, Duration: took,
		Phases: result.Phases{Resolve: took / 8, Connect: took / 8, TLS: took / 4, Processing: took / 4, Transfer: took / 4},
	}
}

func step(name string, o result.Outcome, xs ...result.Exchange) result.Step {
	return result.Step{Section: result.Body, Name: name, Kind: "k", Outcome: o, Duration: 12 * ms, Exchanges: xs}
}

// everything is a failed iteration that touches every family.
func everything() *result.Iteration {
	created := step("user", result.Success, exchange("/v1/mgmt/user/create", 200, 1, 8*ms))
	created.Section, created.TokenLifetimes = result.Setup, result.Lifetimes{Session: time.Hour, Refresh: time.Second}
	lost := exchange("/v1/send", 0, 1, 8*ms)
	lost.Reason = result.ReasonConnect
	sent := step("send", result.Success, lost, exchange("/v1/send", 429, 2, 8*ms), exchange("/v1/send", 200, 3, 8*ms))
	sent.Sent = "sms"
	polled := step("poll", result.Success, exchange("/v1/poll", 200, 1, 8*ms), exchange("/v1/poll", 200, 2, 8*ms))
	received := step("sms", result.Success)
	received.Delivery = &result.Delivery{Inbox: "inbox", Channel: "sms", Result: result.Delivered, Duration: 1500 * ms, Requests: 3, Failed: 1}
	missed := step("mail", result.Success)
	missed.Delivery = &result.Delivery{Inbox: "inbox", Channel: "pigeon", Result: "eaten", Requests: 1}
	refused := exchange("/v1/verify", 401, 1, 8*ms)
	refused.ErrorCode = "E061102"
	odd := exchange("/v1/verify", 999, 1, 8*ms)
	odd.ErrorCode = "E\"made\nup"
	verify := step("verify", result.Failure, refused, odd)
	verify.Reason, verify.TokenFault = result.ReasonTokenInvalid, result.TokenExpired
	deleted := step("away", result.Success, exchange("/v1/mgmt/user/delete", 200, 1, 8*ms))
	deleted.Section = result.Teardown
	return &result.Iteration{
		Suite: "scenarios", Scenario: "update_phone", Key: "sms", Address: `scenario.update_phone["sms"]`,
		Outcome: result.Failure, Reason: result.ReasonTokenInvalid, Step: "verify", Duration: 80 * ms,
		Steps: []result.Step{created, sent, polled, received, missed, verify, deleted},
	}
}

func populated() *metrics.Metrics {
	m := newMetrics()
	acc := stats.New(result.Run{Start: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}, cases())
	good := *everything()
	good.Outcome, good.Reason, good.Step, good.Steps = result.Success, "", "", nil
	unknown := good
	unknown.Outcome, unknown.Reason, unknown.Step = result.Error, "made up", "verify"
	for _, it := range []*result.Iteration{everything(), &good, &unknown} {
		m.Observe(it)
		acc.Add(it)
	}
	m.Finish(acc.Summary(stats.End{Wall: 2500 * ms}))
	return m
}

func TestLint(t *testing.T) {
	t.Parallel()
	problems, err := testutil.GatherAndLint(populated().Gatherer())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

func page(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	var b bytes.Buffer
	if err := m.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestText compares the metrics of ours; those of the runtime differ from run to run.
func TestText(t *testing.T) {
	t.Parallel()
	all := page(t, populated())
	for _, name := range []string{"go_goroutines", "process_start_time_seconds"} {
		if !strings.Contains(all, "\n"+name+" ") {
			t.Errorf("%s is missing", name)
		}
	}
	compareText(t, all, "testdata/metrics.txt")
}

// TestCountersExistFromTheStart: a counter that appears with 1 hides the first failure.
func TestCountersExistFromTheStart(t *testing.T) {
	t.Parallel()
	got := page(t, newMetrics())
	for _, name := range []string{"update_phone", "never"} {
		for _, o := range result.Outcomes() {
			line := `authbench_iterations_total{mode="test",result="` + o.String() + `",scenario="` + name + `"} 0`
			if !strings.Contains(got, line) {
				t.Errorf("missing: %s", line)
			}
		}
	}
}

func TestSuccessIsKept(t *testing.T) {
	t.Parallel()
	m := newMetrics()
	it := everything()
	it.Outcome = result.Success
	acc := stats.New(result.Run{Start: time.Unix(100, 0)}, cases()[:1])
	acc.Add(it)
	m.Finish(acc.Summary(stats.End{Wall: time.Second}))
	it.Outcome = result.Failure
	acc = stats.New(result.Run{Start: time.Unix(200, 0)}, cases()[:1])
	acc.Add(it)
	m.Finish(acc.Summary(stats.End{Wall: time.Second}))
	got := page(t, m)
	for _, want := range []string{
		`authbench_test_last_success_timestamp_seconds{mode="test",suite="scenarios"} 101`,
		`authbench_test_last_run_timestamp_seconds{mode="test",suite="scenarios"} 201`,
		`authbench_test_last_run_success{mode="test",suite="scenarios"} 0`,
		`authbench_test_cases{mode="test",result="success",suite="scenarios"} 0`,
		`authbench_test_cases{mode="test",result="failure",suite="scenarios"} 1`,
	} {
		if !strings.Contains(got, want+"\n") {
			t.Errorf("missing: %s", want)
		}
	}
}

func scrape(t *testing.T, url, accept string) (string, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", accept)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%d, %v: %s", resp.StatusCode, err, body)
	}
	return resp.Header.Get("Content-Type"), string(body)
}

func TestHandler(t *testing.T) {
	t.Parallel()
	m := populated()
	server := httptest.NewServer(m.Handler())
	t.Cleanup(server.Close)
	kind, body := scrape(t, server.URL, "application/openmetrics-text; version=1.0.0")
	if !strings.HasPrefix(kind, "application/openmetrics-text") || !strings.HasSuffix(body, "# EOF\n") {
		t.Errorf("OpenMetrics: %s", kind)
	}
	if want := "# UNIT authbench_step_duration_seconds seconds\n"; !strings.Contains(body, want) {
		t.Errorf("missing: %s", want)
	}
	kind, _ = scrape(t, server.URL, "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited")
	if !strings.HasPrefix(kind, "application/vnd.google.protobuf") {
		t.Errorf("protobuf: %s", kind)
	}
	if _, body = scrape(t, server.URL, "text/plain"); !strings.Contains(body, "promhttp_metric_handler_requests_total") {
		t.Error("the handler does not count itself")
	}
	var text strings.Builder
	if err := m.WriteText(&text); err != nil || strings.Contains(text.String(), "promhttp_") {
		t.Errorf("what scrapes came to is written to a file, or %v", err)
	}
}

func TestHistogramsAreNativeToo(t *testing.T) {
	t.Parallel()
	families, err := populated().Gatherer().Gather()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, f := range families {
		if !strings.HasPrefix(f.GetName(), "authbench_") || f.GetType().String() != "HISTOGRAM" {
			continue
		}
		seen++
		for _, m := range f.GetMetric() {
			if h := m.GetHistogram(); h.Schema == nil || h.GetSchema() != 3 || len(h.GetBucket()) == 0 {
				t.Errorf("%s: schema %v, %d classic buckets", f.GetName(), h.Schema, len(h.GetBucket()))
			}
		}
	}
	if seen != 4 {
		t.Errorf("got %d histogram families, want 4", seen)
	}
}

// TestScrapeWhileCounting is for the race detector.
func TestScrapeWhileCounting(t *testing.T) {
	t.Parallel()
	m := newMetrics()
	var wg sync.WaitGroup
	wg.Go(func() {
		for range 200 {
			m.Observe(everything())
		}
	})
	for range 5 {
		page(t, m)
	}
	wg.Wait()
	if want := `authbench_iterations_total{mode="test",result="failure",scenario="update_phone"} 200`; !strings.Contains(page(t, m), want) {
		t.Errorf("missing: %s", want)
	}
}

func BenchmarkObserve(b *testing.B) {
	m := newMetrics()
	it := everything()
	b.ReportAllocs()
	for b.Loop() {
		m.Observe(it)
	}
}

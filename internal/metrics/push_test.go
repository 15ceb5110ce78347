package metrics_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"

	"github.com/authbench/authbench/internal/metrics"
)

// own has metrics of two suites and some that are not ours.
func own() *prometheus.Registry {
	r := prometheus.NewRegistry()
	last := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "authbench_test_last_run_success"}, []string{"suite", "mode", "location"})
	success := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "authbench_test_last_success_timestamp_seconds"}, []string{"suite"})
	all := prometheus.NewCounter(prometheus.CounterOpts{Name: "authbench_iterations_total"})
	theirs := prometheus.NewGauge(prometheus.GaugeOpts{Name: "go_goroutines"})
	r.MustRegister(last, success, all, theirs)
	last.WithLabelValues("s", "test", "here").Set(1)
	last.WithLabelValues("t", "test", "here").Set(0)
	success.WithLabelValues("s").Set(1234)
	return r
}

// gateway keeps what was pushed: method, path and metrics with their labels.
type gateway struct {
	t    *testing.T
	mu   sync.Mutex
	took []string
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	line := req.Method + " " + req.URL.Path + ":"
	decoder := expfmt.NewDecoder(req.Body, expfmt.ResponseFormat(req.Header))
	for {
		var f dto.MetricFamily
		if err := decoder.Decode(&f); err != nil {
			break
		}
		for _, m := range f.GetMetric() {
			line += " " + f.GetName()
			for _, l := range m.GetLabel() {
				line += "," + l.GetName() + "=" + l.GetValue()
			}
		}
	}
	g.took = append(g.took, line)
	w.WriteHeader(http.StatusAccepted)
}

func TestPush(t *testing.T) {
	t.Parallel()
	to := &gateway{t: t}
	server := httptest.NewServer(to)
	defer server.Close()
	push := func(suite string) {
		err := metrics.Push(t.Context(), own(), metrics.PushOptions{
			URL: server.URL, Job: "authbench_test", Suite: suite, Location: "here", Client: server.Client(),
		})
		if err != nil {
			t.Error(err)
		}
	}
	push("s") // succeeded
	push("t") // did not: the time of its last success is left alone
	want := []string{
		"PUT /metrics/job/authbench_test/location/here/suite/s: authbench_iterations_total authbench_test_last_run_success,mode=test",
		"POST /metrics/job/authbench_test_success/location/here/suite/s: authbench_test_last_success_timestamp_seconds",
		"PUT /metrics/job/authbench_test/location/here/suite/t: authbench_iterations_total authbench_test_last_run_success,mode=test",
	}
	// The order of the labels of a group means nothing.
	for i, line := range to.took {
		path, rest, _ := strings.Cut(line, ":")
		parts := strings.Split(path, "/")
		if len(parts) == 8 && parts[4] == "suite" {
			parts = slices.Concat(parts[:4], parts[6:], parts[4:6])
		}
		to.took[i] = strings.Join(parts, "/") + ":" + rest
	}
	if d := cmp.Diff(to.took, want); d != "" {
		t.Errorf("(-got +want):\n%s", d)
	}
}

// TestPushOfTheRealThing pushes what a test and a load run have.
func TestPushOfTheRealThing(t *testing.T) {
	t.Parallel()
	to := &gateway{t: t}
	server := httptest.NewServer(to)
	defer server.Close()
	for _, g := range []prometheus.Gatherer{populated().Gatherer(), populatedLoad().Gatherer()} {
		if err := metrics.Push(t.Context(), g, metrics.PushOptions{URL: server.URL, Job: "j", Suite: "scenarios", Env: "ci", Client: server.Client()}); err != nil {
			t.Error(err)
		}
	}
	if len(to.took) != 2 || !strings.Contains(to.took[1], "authbench_load_target_iterations_per_second") {
		t.Errorf("got %d pushes", len(to.took))
	}
}

package metrics_test

import (
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	dto "github.com/prometheus/client_model/go"

	"github.com/authbench/authbench/internal/metrics"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func newLoad() (*metrics.Load, *stats.Recorder) {
	r := stats.NewRecorder(stats.RecorderOptions{
		Run: result.Run{Start: noon}, Profile: stats.Profile{Open: true},
		Scenarios: []stats.LoadScenario{{Name: "update_phone", Steps: []string{"user", "send", "verify"}}, {Name: "never", Steps: []string{"one"}}},
	})
	m := metrics.NewLoad(metrics.Options{
		Mode: "load", Version: "0.3.0", Revision: "abc", ErrorCodes: []string{"E061102"},
		CreatesUser: []string{"/v1/mgmt/user/create"}, DeletesUser: []string{"/v1/mgmt/user/delete"}, Pedantic: true,
	}, r, stats.Profile{MaxInFlight: 1000})
	return m, r
}

// populatedLoad touches every family of a load run, some of it in the warm-up.
func populatedLoad() *metrics.Load {
	m, r := newLoad()
	bad := everything()
	bad.Intended, bad.Lateness = noon, 3*ms
	good := *everything()
	good.Outcome, good.Reason, good.Step, good.Steps, good.Warmup = result.Success, "", "", nil, true
	for _, it := range []*result.Iteration{bad, &good} {
		r.Add(it)
	}
	another := *everything()
	another.Steps = append([]result.Step(nil), another.Steps...)
	other := step("mail", result.Success)
	other.Delivery = &result.Delivery{Inbox: "inbox", Channel: "drum", Result: result.Delivered, Duration: time.Second}
	other.Limited[result.LimitRequests], other.Backoffs = 20*ms, 1
	another.Steps = append(another.Steps, other)
	r.Add(&another)
	r.Drop(&result.Drop{Scenario: "never", Reason: result.DropDataset})
	r.Tick(noon.Add(time.Second), stats.Pulse{Wanted: 12.5, InFlight: 7})
	return m
}

func TestLoadLint(t *testing.T) {
	t.Parallel()
	problems, err := testutil.GatherAndLint(populatedLoad().Gatherer())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

func TestLoadText(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := populatedLoad().WriteText(&b); err != nil {
		t.Fatal(err)
	}
	compareText(t, b.String(), "testdata/load.txt")
}

// TestSameFamilies has the families that tests and load runs share: equal to the letter.
func TestSameFamilies(t *testing.T) {
	t.Parallel()
	help := func(text string) map[string]string {
		out := map[string]string{}
		for line := range strings.Lines(text) {
			if fields := strings.SplitN(line, " ", 4); strings.HasPrefix(line, "# ") && strings.HasPrefix(fields[2], "authbench_") {
				out[fields[1]+" "+fields[2]] = fields[3]
			}
		}
		return out
	}
	want := help(page(t, populated()))
	var b strings.Builder
	if err := populatedLoad().WriteText(&b); err != nil {
		t.Fatal(err)
	}
	got := help(b.String())
	for name, text := range want {
		if there, ok := got[name]; strings.Contains(name, "authbench_test_") || strings.Contains(name, "token_lifetime") {
			continue
		} else if !ok || there != text {
			t.Errorf("%s: got %q, want %q", name, there, text)
		}
	}
}

// TestHistogramsAreThoseOfTheClient compares with what the client makes of the same
// samples: classic and native buckets, to the last one.
func TestHistogramsAreThoseOfTheClient(t *testing.T) {
	t.Parallel()
	m, r := newLoad()
	bounds := []float64{}
	for _, b := range stats.Bounds(stats.MeasureStep) {
		bounds = append(bounds, b.Seconds())
	}
	reference := prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "x", Buckets: bounds, NativeHistogramBucketFactor: 1.1, NativeHistogramMaxBucketNumber: 1000,
	})
	random := rand.New(rand.NewPCG(1, 2))
	for i := range uint64(5000) {
		took := time.Duration(random.ExpFloat64() * float64(50*ms))
		if i%10 == 0 {
			took = stats.Bounds(stats.MeasureStep)[i/10%15]
		}
		reference.Observe(took.Seconds())
		r.Add(&result.Iteration{
			Scenario: "never", ID: i, Outcome: result.Success, Warmup: i < 100,
			Steps: []result.Step{{Name: "one", Outcome: result.Success, Duration: took}},
		})
		if i%1000 == 0 {
			r.Tick(noon.Add(time.Duration(i/1000)*time.Second), stats.Pulse{})
		}
	}
	var want dto.Metric
	if err := reference.Write(&want); err != nil {
		t.Fatal(err)
	}
	got := histogram(t, m.Gatherer(), "authbench_step_duration_seconds", "one")
	type plain struct {
		Count         uint64
		Classic       map[float64]uint64
		Offsets       []int32
		Lengths       []uint32
		Deltas        []int64
		Schema        int32
		Zero          uint64
		ZeroThreshold float64
		Sum           float64
	}
	reduce := func(h *dto.Histogram) plain {
		p := plain{
			Count: h.GetSampleCount(), Classic: map[float64]uint64{}, Deltas: h.GetPositiveDelta(), Schema: h.GetSchema(),
			Zero: h.GetZeroCount(), ZeroThreshold: h.GetZeroThreshold(), Sum: h.GetSampleSum(),
		}
		for _, b := range h.GetBucket() {
			p.Classic[b.GetUpperBound()] = b.GetCumulativeCount()
		}
		for _, s := range h.GetPositiveSpan() {
			p.Offsets, p.Lengths = append(p.Offsets, s.GetOffset()), append(p.Lengths, s.GetLength())
		}
		return p
	}
	if d := cmp.Diff(reduce(got), reduce(want.GetHistogram()), cmpopts.EquateApprox(1e-9, 0)); d != "" {
		t.Errorf("(-got +want):\n%s", d)
	}
}

func histogram(t *testing.T, g prometheus.Gatherer, family, label string) *dto.Histogram {
	t.Helper()
	all, err := g.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if f.GetName() == family && l.GetValue() == label {
					return m.GetHistogram()
				}
			}
		}
	}
	t.Fatalf("there is no %s of %s", family, label)
	return nil
}

// TestCountersNeverGoBack scrapes while iterations end and seconds close.
func TestCountersNeverGoBack(t *testing.T) {
	t.Parallel()
	m, r := newLoad()
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for w := range uint64(2) {
		wg.Go(func() {
			for i := w; ; i += 2 {
				select {
				case <-stop:
					return
				default:
				}
				it := everything()
				it.ID, it.Warmup = i, i < 50
				r.Add(it)
			}
		})
	}
	before := map[string]float64{}
	for i := range 30 {
		r.Tick(noon.Add(time.Duration(i)*time.Second), stats.Pulse{})
		all, err := m.Gatherer().Gather()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range all {
			for _, metric := range f.GetMetric() {
				value := metric.GetCounter().GetValue() + float64(metric.GetHistogram().GetSampleCount())
				if !strings.HasPrefix(f.GetName(), "authbench_") || f.GetType() == dto.MetricType_GAUGE {
					continue
				}
				name := f.GetName()
				for _, l := range metric.GetLabel() {
					name += "," + l.GetValue()
				}
				if value < before[name] {
					t.Errorf("%s went from %v to %v", name, before[name], value)
				}
				before[name] = value
			}
		}
	}
	close(stop)
	wg.Wait()
}

// compareText compares the metrics of ours with a file.
func compareText(t *testing.T, all, path string) {
	t.Helper()
	var ours strings.Builder
	for line := range strings.Lines(all) {
		if strings.Contains(line, "authbench_") {
			ours.WriteString(line)
		}
	}
	got := strings.ReplaceAll(ours.String(), runtime.Version(), "GO")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(got, string(want)); d != "" {
		t.Errorf("(-got +want):\n%s", d)
	}
}

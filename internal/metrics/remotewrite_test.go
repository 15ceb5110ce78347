package metrics_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/s2"
	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/authbench/authbench/internal/metrics"
)

const stale = 0x7ff0000000000002

// written is a sample that came by remote write.
type written struct {
	bits uint64
	at   int64
}

// receiver takes remote write as Prometheus does, and is strict.
type receiver struct {
	t  *testing.T
	mu sync.Mutex
	// answers are given to the first requests instead, in order.
	answers  []func(http.ResponseWriter)
	requests []time.Time
	headers  http.Header
	series   map[string][]written
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests = append(r.requests, time.Now())
	r.headers = req.Header
	body, err := io.ReadAll(req.Body)
	if err != nil {
		r.t.Error(err)
	}
	if len(r.answers) > 0 {
		answer := r.answers[0]
		r.answers = r.answers[1:]
		answer(w)
		return
	}
	plain, err := s2.Decode(nil, body)
	if err != nil {
		r.t.Error(err)
	}
	if r.series == nil {
		r.series = make(map[string][]written)
	}
	before := ""
	for _, one := range fields(r.t, plain, 1) {
		name, last := "", ""
		for _, label := range fields(r.t, one, 1) {
			key, value := string(fields(r.t, label, 1)[0]), string(fields(r.t, label, 2)[0])
			if key <= last {
				r.t.Errorf("label %s after %s", key, last)
			}
			last = key
			name += key + "=" + value + ","
		}
		if name == before {
			r.t.Errorf("%s comes twice", name)
		}
		before = name
		samples := fields(r.t, one, 2)
		if len(samples) != 1 {
			r.t.Errorf("%s has %d samples", name, len(samples))
		}
		r.series[name] = append(r.series[name], sampleOf(r.t, samples[0]))
	}
	w.WriteHeader(http.StatusNoContent)
}

// fields gives the values of a field of bytes; any other than 1 and 2 is an error.
func fields(t *testing.T, b []byte, want protowire.Number) (out [][]byte) {
	t.Helper()
	for len(b) > 0 {
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 || kind != protowire.BytesType || number > 2 {
			t.Fatalf("field %d of kind %d", number, kind)
		}
		value, m := protowire.ConsumeBytes(b[n:])
		if m < 0 {
			t.Fatal("a field is cut off")
		}
		if number == want {
			out = append(out, value)
		}
		b = b[n+m:]
	}
	return out
}

func sampleOf(t *testing.T, b []byte) (out written) {
	t.Helper()
	_, kind, n := protowire.ConsumeTag(b)
	bits, m := protowire.ConsumeFixed64(b[n:])
	if kind != protowire.Fixed64Type || m < 0 {
		t.Fatal("a sample has no value")
	}
	b = b[n+m:]
	_, kind, n = protowire.ConsumeTag(b)
	at, m := protowire.ConsumeVarint(b[n:])
	if kind != protowire.VarintType || m < 0 || n+m != len(b) {
		t.Fatal("a sample has no time")
	}
	return written{bits, int64(at)}
}

// registry has one metric of each kind.
func registry() (*prometheus.Registry, prometheus.Counter) {
	r := prometheus.NewRegistry()
	c := prometheus.NewCounter(prometheus.CounterOpts{Name: "a_total", ConstLabels: prometheus.Labels{"zone": "z", "Upper": "u", "none": ""}})
	g := prometheus.NewGauge(prometheus.GaugeOpts{Name: "b"})
	h := prometheus.NewHistogram(prometheus.HistogramOpts{Name: "c_seconds", Buckets: []float64{.5, 1}, NativeHistogramBucketFactor: 1.1})
	s := prometheus.NewSummary(prometheus.SummaryOpts{Name: "d", Objectives: map[float64]float64{.5: .1}})
	r.MustRegister(c, g, h, s)
	c.Add(3)
	g.Set(-1.5)
	h.Observe(.7)
	h.Observe(7)
	s.Observe(2)
	return r, c
}

func TestRemoteWrite(t *testing.T) {
	t.Parallel()
	to := &receiver{t: t}
	server := httptest.NewServer(to)
	defer server.Close()
	g, _ := registry()
	w, err := metrics.NewRemoteWriter(g, metrics.RemoteOptions{
		URL: server.URL + "/api/v1/write", Labels: map[string]string{"job": "authbench"},
		Credentials: metrics.Credentials{Username: "u", Password: "p"}, Client: server.Client(),
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Start()
	if err := w.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{
		"Upper=u,__name__=a_total,job=authbench,zone=z,":   3,
		"__name__=b,job=authbench,":                        -1.5,
		"__name__=c_seconds_bucket,job=authbench,le=0.5,":  0,
		"__name__=c_seconds_bucket,job=authbench,le=1,":    1,
		"__name__=c_seconds_bucket,job=authbench,le=+Inf,": 2,
		"__name__=c_seconds_sum,job=authbench,":            7.7,
		"__name__=c_seconds_count,job=authbench,":          2,
		"__name__=d,job=authbench,quantile=0.5,":           2,
		"__name__=d_sum,job=authbench,":                    2,
		"__name__=d_count,job=authbench,":                  1,
	}
	got := map[string]float64{}
	for name, samples := range to.series {
		if len(samples) != 2 || samples[1].bits != stale || samples[1].at <= samples[0].at {
			t.Errorf("%s: got %+v, want a value and then the marker", name, samples)
		}
		got[name] = math.Float64frombits(samples[0].bits)
	}
	if d := cmp.Diff(got, want); d != "" {
		t.Errorf("(-got +want):\n%s", d)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy", "X-Prometheus-Remote-Write-Version": "0.1.0",
		"Authorization": "Basic dTpw",
	} {
		if got := to.headers.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// inside answers requests without a network, so that a bubble can wait for them.
type inside struct{ http.Handler }

func (i inside) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	i.ServeHTTP(w, req)
	return w.Result(), nil
}

func status(code int, header ...string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		if len(header) == 2 {
			w.Header().Set(header[0], header[1])
		}
		w.WriteHeader(code)
		fmt.Fprintln(w, "out of order sample\nand more")
	}
}

func writer(t *testing.T, g prometheus.Gatherer, to http.Handler) *metrics.RemoteWriter {
	t.Helper()
	w, err := metrics.NewRemoteWriter(g, metrics.RemoteOptions{
		URL: "http://prometheus.test/api/v1/write?key=hush", Client: &http.Client{Transport: inside{to}},
		Credentials: metrics.Credentials{Token: "canary-token"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestRemoteWriteEachFiveSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		to := &receiver{t: t}
		g, c := registry()
		extra := prometheus.NewGauge(prometheus.GaugeOpts{Name: "gone"})
		g.MustRegister(extra)
		w := writer(t, g, to)
		w.Start()
		for i := range 3 {
			<-time.After(5 * time.Second)
			synctest.Wait()
			c.Inc()
			if i == 1 {
				g.Unregister(extra)
			}
		}
		if err := w.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		var values []float64
		before := int64(0)
		for _, s := range to.series["Upper=u,__name__=a_total,zone=z,"] {
			if s.at <= before {
				t.Errorf("%d after %d", s.at, before)
			}
			before = s.at
			if s.bits != stale {
				values = append(values, math.Float64frombits(s.bits))
			}
		}
		if d := cmp.Diff(values, []float64{3, 4, 5, 6}); d != "" {
			t.Errorf("(-got +want):\n%s", d)
		}
		gone := to.series["__name__=gone,"]
		if len(gone) != 3 || gone[2].bits != stale {
			t.Errorf("a series that is gone: %+v", gone)
		}
	})
}

func TestRemoteWriteTriesAgain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answers []func(http.ResponseWriter)
		waits   []time.Duration
		fails   string
	}{
		"soon":       {[]func(http.ResponseWriter){status(503), status(500)}, []time.Duration{250 * ms, 500 * ms}, ""},
		"when asked": {[]func(http.ResponseWriter){status(429, "Retry-After", "3")}, []time.Duration{3 * time.Second}, ""},
		"not for long": {
			[]func(http.ResponseWriter){status(429, "Retry-After", "99999"), status(503, "Retry-After", "Mon, 01 Jan 2035 00:00:00 GMT")},
			[]time.Duration{10 * time.Second, 10 * time.Second}, "",
		},
		"never what is wrong": {
			[]func(http.ResponseWriter){status(400)}, nil,
			"remote write: the last numbers were not taken: prometheus.test answered 400: out of order sample",
		},
		"not where it is sent on to": {
			[]func(http.ResponseWriter){status(307, "Location", "http://evil.test/")}, nil,
			"remote write: the last numbers were not taken: prometheus.test answered 307: out of order sample",
		},
		"not for ever": {
			slices.Repeat([]func(http.ResponseWriter){status(502)}, 9),
			[]time.Duration{250 * ms, 500 * ms, time.Second, 2 * time.Second, 4 * time.Second},
			"remote write: the last numbers were not taken: prometheus.test answered 502: out of order sample",
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			to := &receiver{t: t, answers: test.answers}
			g, _ := registry()
			err := writer(t, g, to).Close(t.Context())
			if got := fmt.Sprint(err); test.fails == "" && err != nil || test.fails != "" && got != test.fails {
				t.Errorf("%s: got %v, want %q", name, err, test.fails)
			}
			var waits []time.Duration
			for i := range test.waits {
				waits = append(waits, to.requests[i+1].Sub(to.requests[i]))
			}
			if d := cmp.Diff(waits, test.waits); d != "" {
				t.Errorf("%s: waits (-got +want):\n%s", name, d)
			}
		})
	}
}

// TestRemoteWriteLosesNothing has a receiver that is away for a while.
func TestRemoteWriteLosesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		to := &receiver{t: t, answers: []func(http.ResponseWriter){status(400)}}
		g, c := registry()
		w := writer(t, g, to)
		w.Start()
		<-time.After(11 * time.Second)
		c.Add(10)
		err := w.Close(t.Context())
		if got, want := fmt.Sprint(err), "remote write: 1 of 3 snapshots were not taken, the last numbers were: prometheus.test answered 400: out of order sample"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		all := to.series["Upper=u,__name__=a_total,zone=z,"]
		if got := math.Float64frombits(all[len(all)-2].bits); got != 13 {
			t.Errorf("the last value is %v, want 13", got)
		}
	})
}

func TestRemoteWriteGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		to := &receiver{t: t, answers: slices.Repeat([]func(http.ResponseWriter){status(503)}, 99)}
		g, _ := registry()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		before := time.Now()
		err := writer(t, g, to).Close(ctx)
		if got, want := fmt.Sprint(err), "remote write: the last numbers were not taken: prometheus.test answered 503: out of order sample (context deadline exceeded)"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if took := time.Since(before); took != time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

// stuck answers nothing until the request is given up.
type stuck struct{}

func (stuck) RoundTrip(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, req.Context().Err()
}

// TestRemoteWriteTellsWhoHangs ends while a receiver answers nothing.
func TestRemoteWriteTellsWhoHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, _ := registry()
		w, err := metrics.NewRemoteWriter(g, metrics.RemoteOptions{
			URL: "http://prometheus.test/api/v1/write?key=hush", Client: &http.Client{Transport: stuck{}},
		})
		if err != nil {
			t.Fatal(err)
		}
		w.Start()
		<-time.After(6 * time.Second) // the first snapshot is under way
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, errors.New("given up"))
		defer cancel()
		before := time.Now()
		err = w.Close(ctx)
		if got, want := fmt.Sprint(err), "remote write: the last numbers were not taken: prometheus.test did not answer: given up"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if took := time.Since(before); took != time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

// echo answers with what it was told, as a careless proxy does.
type echo struct{}

func (echo) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	w.WriteHeader(http.StatusForbidden)
	fmt.Fprintf(w, "no\x1b[31m: %s %s", req.Header.Get("Authorization"), req.URL.RawQuery)
}

type broken struct{}

func (broken) RoundTrip(req *http.Request) (*http.Response, error) {
	return nil, fmt.Errorf("cannot send %s to %s", req.Header.Get("Authorization"), req.URL)
}

func TestErrorsHoldNoCredentials(t *testing.T) {
	t.Parallel()
	g, _ := registry()
	const token, password = "canary-token", "canary-password"
	for name, c := range map[string]metrics.Credentials{"token": {Token: token}, "password": {Username: "u", Password: password}} {
		for what, transport := range map[string]http.RoundTripper{"echo": inside{echo{}}, "broken": broken{}} {
			client := &http.Client{Transport: transport}
			ctx, cancel := context.WithTimeout(t.Context(), 10*ms)
			defer cancel()
			w, err := metrics.NewRemoteWriter(g, metrics.RemoteOptions{URL: "http://prometheus.test/?key=hush", Credentials: c, Client: client})
			if err != nil {
				t.Fatal(err)
			}
			errs := []error{
				w.Close(ctx),
				metrics.Push(ctx, own(), metrics.PushOptions{URL: "http://gateway.test", Credentials: c, Job: "j", Suite: "s", Client: client}),
			}
			for _, err := range errs {
				text := fmt.Sprintf("%v %+v %#v", err, c, c)
				for _, secret := range []string{token, password, "dTpjYW5hcnk", "hush", "\x1b"} {
					if err == nil || strings.Contains(text, secret) {
						t.Errorf("%s, %s: %q holds %q", name, what, text, secret)
					}
				}
			}
		}
	}
}

func TestAddressesThatAreRefused(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"http://u:canary@x/":       "remote write: the address of the receiver holds credentials: give them by the environment",
		"ftp://x/":                 "remote write: the address of the receiver begins with neither http:// nor https://",
		"x:9090":                   "remote write: the address of the receiver begins with neither http:// nor https://",
		"http://u:canary@x:port/%": "remote write: the address of the receiver is no URL",
		"http://":                  "remote write: the address of the receiver names no host",
		"https://:9090/api":        "remote write: the address of the receiver names no host",
	} {
		_, err := metrics.NewRemoteWriter(prometheus.NewRegistry(), metrics.RemoteOptions{URL: address})
		if got := fmt.Sprint(err); got != want {
			t.Errorf("%s: got %q, want %q", address, got, want)
		}
	}
	if got, want := metrics.CredentialsFrom("X", func(name string) string { return name }), (metrics.Credentials{Username: "X_USERNAME", Password: "X_PASSWORD", Token: "X_TOKEN"}); got != want {
		t.Error("the environment is read wrongly")
	}
}

func TestRemoteWriteVerifiesTLS(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(&receiver{t: t})
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	g, _ := registry()
	w, err := metrics.NewRemoteWriter(g, metrics.RemoteOptions{URL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(t.Context()); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("got %v, want an error about the certificate", err)
	}
}

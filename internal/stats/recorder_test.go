package stats_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/authbench/authbench/internal/hist"
	"github.com/authbench/authbench/internal/host"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func loadScenarios() []stats.LoadScenario {
	return []stats.LoadScenario{
		{Name: "signin", Steps: []string{"send", "code", "verify"}},
		{Name: "change", Steps: []string{"send", "confirm"}},
	}
}

func newRecorder(change func(*stats.RecorderOptions)) *stats.Recorder {
	o := stats.RecorderOptions{
		Run: result.Run{Start: start, Seed: 7}, Scenarios: loadScenarios(), Shards: 3,
		Profile: stats.Profile{Name: "ramp", Open: true},
	}
	if change != nil {
		change(&o)
	}
	return stats.NewRecorder(o)
}

// arrival makes up the nth one, the same each time.
func arrival(n uint64) *result.Iteration {
	random := rand.New(rand.NewPCG(n, 1))
	d := func(mean time.Duration) time.Duration { return time.Duration(random.ExpFloat64() * float64(mean)) }
	sc := loadScenarios()[n%2]
	it := &result.Iteration{
		Suite: "s", Scenario: sc.Name, Address: "scenario." + sc.Name, ID: n, Seed: 7, Outcome: result.Success,
		Start: start, Intended: start, Lateness: d(time.Millisecond), Wait: d(time.Second), Warmup: n%8 == 0,
	}
	for i, name := range sc.Steps {
		took := d(20 * time.Millisecond)
		it.Duration += took
		s := result.Step{
			Section: result.Body, Name: name, Place: i + 1, Outcome: result.Success, Duration: took,
			Exchanges: []result.Exchange{{
				Endpoint: "/v1/" + name, Status: 200, Attempt: 1, Duration: took,
				Phases: result.Phases{Processing: took / 2, Transfer: took / 2},
			}},
		}
		switch name {
		case "send":
			s.Sent = "sms"
		case "code":
			s.Wait = d(time.Second)
			s.Delivery = &result.Delivery{Inbox: "in", Channel: "sms", Result: result.Delivered, Duration: s.Wait + 1, Requests: 2}
		}
		it.Steps = append(it.Steps, s)
	}
	last := &it.Steps[len(it.Steps)-1]
	switch n % 50 {
	case 11:
		it.Outcome, it.Reason, it.Step = result.Failure, result.ReasonRateLimited, last.Name
		last.Outcome, last.Reason, last.ErrorCode = result.Failure, result.ReasonRateLimited, "E130429"
		last.Exchanges[0].Status, last.Exchanges[0].ErrorCode = 429, "E130429"
	case 22:
		it.Outcome, it.Reason, it.Step = result.Error, result.ReasonTimeout, last.Name
		last.Outcome, last.Reason = result.Error, result.ReasonTimeout
		last.Exchanges[0].Status = 0
	case 33:
		it.Outcome, it.Reason = result.Aborted, result.ReasonCanceled
	}
	return it
}

// plain compares loads by what they say.
func plain() cmp.Options {
	return cmp.Options{
		cmp.Comparer(func(a, b hist.Histogram) bool { return a.Sparse() == b.Sparse() }),
		cmpopts.EquateEmpty(),
	}
}

func TestLoadAccountAddsUp(t *testing.T) {
	t.Parallel()
	r := newRecorder(nil)
	var wg sync.WaitGroup
	const each, dropped = 500, 40
	for w := range uint64(4) {
		wg.Go(func() {
			for i := range uint64(each) {
				r.Add(arrival(w*each + i))
			}
		})
	}
	wg.Go(func() {
		for i := range uint64(dropped) {
			r.Drop(&result.Drop{Scenario: "change", ID: 9000 + i, Reason: result.DropReasons()[i%4], Warmup: i%2 == 0})
		}
	})
	wg.Go(func() {
		for i := range 5 {
			r.Tick(start.Add(time.Duration(i)*time.Second), stats.Pulse{})
		}
	})
	wg.Wait()
	l := r.Load(stats.End{Wall: 5500 * time.Millisecond})
	if err := l.Check(4*each + dropped); err != nil {
		t.Error(err)
	}
	if err := l.Check(1); err == nil {
		t.Error("a wrong account is not found")
	}
	// Samples of all seconds are the series.
	for i := range l.Series {
		s := &l.Series[i]
		if s.Measure == stats.MeasurePhase || s.Measure == stats.MeasureLimiter {
			continue
		}
		var sum hist.Histogram
		for _, second := range l.Seconds {
			for _, samples := range second.Samples {
				if samples.Series == i {
					if err := sum.AddSparse(samples.Samples); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		if sum.Sparse() != s.Histogram.Sparse() {
			t.Errorf("%+v: seconds have %d samples, the series %d", s.SeriesKey, sum.Count(), s.Histogram.Count())
		}
	}
	if got, want := l.Iterations.Dropped+l.Warmup.Dropped, uint64(dropped); got != want {
		t.Errorf("dropped: got %d, want %d", got, want)
	}
}

// TestPartsAreTheWhole deals iterations out to recorders, as processes that share a run
// would, and compares what they come to with one that had them all.
func TestPartsAreTheWhole(t *testing.T) {
	t.Parallel()
	const n = 2000
	whole := newRecorder(nil)
	for i := range uint64(n) {
		whole.Add(arrival(i))
	}
	want := whole.Load(stats.End{Wall: time.Second})
	for _, parts := range []int{1, 4, 7} {
		recorders := make([]*stats.Recorder, parts)
		for i := range recorders {
			recorders[i] = newRecorder(func(o *stats.RecorderOptions) { o.Shards = i + 1 })
		}
		for i := range uint64(n) {
			recorders[i%uint64(parts)].Add(arrival(i))
			if i%300 == 0 {
				recorders[i%uint64(parts)].Tick(start.Add(time.Duration(i)*3*time.Millisecond), stats.Pulse{})
			}
		}
		merged := map[stats.SeriesKey]*hist.Histogram{}
		for _, r := range recorders {
			l := r.Load(stats.End{Wall: time.Minute})
			for i := range l.Series {
				s := &l.Series[i]
				if merged[s.SeriesKey] == nil {
					merged[s.SeriesKey] = new(hist.Histogram)
				}
				merged[s.SeriesKey].Merge(&s.Histogram)
			}
		}
		for i := range want.Series {
			s := &want.Series[i]
			if got := merged[s.SeriesKey]; got == nil || got.Sparse() != s.Histogram.Sparse() {
				t.Errorf("%d parts: %+v differs", parts, s.SeriesKey)
			}
		}
		if len(merged) != len(want.Series) {
			t.Errorf("%d parts: got %d series, want %d", parts, len(merged), len(want.Series))
		}
	}
}

func series(t *testing.T, l *stats.Load, key stats.SeriesKey) *stats.Series {
	t.Helper()
	for i := range l.Series {
		if l.Series[i].SeriesKey == key {
			return &l.Series[i]
		}
	}
	t.Fatalf("there is no series %+v", key)
	return nil
}

// TestThreeClocks has an iteration that started late and waited.
func TestThreeClocks(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	r := newRecorder(nil)
	it := &result.Iteration{
		Scenario: "signin", Outcome: result.Success, Start: start.Add(300 * ms), Intended: start, Lateness: 300 * ms,
		Duration: 500 * ms, Wait: 400 * ms,
		Steps: []result.Step{{
			Name: "send", Outcome: result.Success, Duration: 100 * ms, Wait: 20 * ms,
			Exchanges: []result.Exchange{{Endpoint: "/v1/send", Status: 200, Attempt: 1, Phases: result.Phases{Resolve: 1 * ms, Connect: 2 * ms, TLS: 3 * ms, Processing: 90 * ms, Transfer: 4 * ms}}},
		}},
	}
	r.Add(it)
	l := r.Load(stats.End{Wall: time.Second})
	for key, want := range map[stats.SeriesKey]time.Duration{
		{Measure: stats.MeasureResponse, Scenario: "signin"}:                     800 * ms,
		{Measure: stats.MeasureIteration, Scenario: "signin"}:                    500 * ms,
		{Measure: stats.MeasureWait, Scenario: "signin"}:                         400 * ms,
		{Measure: stats.MeasureLateness}:                                         300 * ms,
		{Measure: stats.MeasureStep, Scenario: "signin", Step: "send"}:           100 * ms,
		{Measure: stats.MeasureStepWait, Scenario: "signin", Step: "send"}:       20 * ms,
		{Measure: stats.MeasurePhase, Endpoint: "/v1/send", Phase: "resolve"}:    1 * ms,
		{Measure: stats.MeasurePhase, Endpoint: "/v1/send", Phase: "connect"}:    2 * ms,
		{Measure: stats.MeasurePhase, Endpoint: "/v1/send", Phase: "tls"}:        3 * ms,
		{Measure: stats.MeasurePhase, Endpoint: "/v1/send", Phase: "processing"}: 90 * ms,
		{Measure: stats.MeasurePhase, Endpoint: "/v1/send", Phase: "transfer"}:   4 * ms,
	} {
		h := &series(t, l, key).Histogram
		if h.Count() != 1 || h.Max() != want {
			t.Errorf("%+v: got %d samples, %v, want %v", key, h.Count(), h.Max(), want)
		}
	}
}

// TestMessagesThatAreThereAtOnce has one that arrived before its request was answered.
func TestMessagesThatAreThereAtOnce(t *testing.T) {
	t.Parallel()
	r := newRecorder(nil)
	for i, d := range []*result.Delivery{{Channel: "sms", Result: result.Delivered}, {Channel: "sms", Result: result.DeliveryLost}} {
		r.Add(&result.Iteration{Scenario: "signin", ID: uint64(i), Outcome: result.Success, Steps: []result.Step{{Name: "code", Outcome: result.Success, Delivery: d}}})
	}
	l := r.Load(stats.End{Wall: time.Second})
	if got := series(t, l, stats.SeriesKey{Measure: stats.MeasureDelivery, Channel: "sms"}).Histogram.Count(); got != 1 {
		t.Errorf("got %d samples, want 1", got)
	}
}

func TestWarmupIsApart(t *testing.T) {
	t.Parallel()
	r := newRecorder(nil)
	for i := range uint64(3) {
		it := arrival(11) // a failure that is rate limited
		it.ID, it.Warmup = i, i > 0
		r.Add(it)
	}
	l := r.Load(stats.End{Wall: time.Second})
	if d := cmp.Diff([]stats.Counts{l.Iterations, l.Warmup}, []stats.Counts{{Failure: 1}, {Failure: 2}}); d != "" {
		t.Errorf("(-got +want):\n%s", d)
	}
	if got := series(t, l, stats.SeriesKey{Measure: stats.MeasureIteration, Scenario: "change"}).Histogram.Count(); got != 1 {
		t.Errorf("samples: got %d, want 1", got)
	}
	if d := cmp.Diff(l.ErrorCodes, []stats.Tally{{Name: "E130429", Count: 1}}); d != "" {
		t.Errorf("codes (-got +want):\n%s", d)
	}
	if f := l.Failures[0]; f.Count != 3 || f.Warmup != 2 || len(f.Samples) != 3 || f.Samples[1].Iteration != 1 || f.Samples[1].Seed != 7 {
		t.Errorf("failures: %+v", f)
	}
	second := l.Seconds[0]
	if len(second.Samples) == 0 || len(second.Warmup) == 0 || second.Ended.Failure != 3 {
		t.Errorf("second: %+v", second)
	}
}

// TestIterationsAreBorrowed changes an iteration after it was added, as its owner may.
func TestIterationsAreBorrowed(t *testing.T) {
	t.Parallel()
	r := newRecorder(nil)
	it := arrival(11)
	r.Add(it)
	it.Steps[1].Exchanges[0].Endpoint, it.Steps[1].Name = "gone", "gone"
	step := r.Load(stats.End{Wall: time.Second}).Failures[0].Samples[0].Step
	if step.Name != "confirm" || step.Exchanges[0].Endpoint != "/v1/confirm" {
		t.Errorf("got %+v", step)
	}
}

func TestSecondsHaveTheirPulse(t *testing.T) {
	t.Parallel()
	r := newRecorder(nil)
	tick := func(at time.Duration, p stats.Pulse) { r.Tick(start.Add(at), p) }
	tick(0, stats.Pulse{})
	r.Add(arrival(1))
	tick(600*time.Millisecond, stats.Pulse{Started: 4, InFlight: 9, Parked: 2})
	tick(1001*time.Millisecond, stats.Pulse{Wanted: 10, Started: 10, InFlight: 3, Parked: 1})
	r.Add(arrival(2))
	tick(3002*time.Millisecond, stats.Pulse{Wanted: 12, Started: 30, InFlight: 4})
	r.Add(arrival(3))
	l := r.Snapshot(start.Add(3500 * time.Millisecond))
	var got []stats.Second
	for _, s := range l.Seconds {
		s.Samples, s.Warmup = nil, nil
		got = append(got, s)
	}
	want := []stats.Second{
		{Offset: 0, Length: 1, Wanted: 10, Started: 10, Ended: stats.Counts{Success: 1}, Requests: 2, InFlight: 9, Parked: 2},
		{Offset: 1, Length: 2, Wanted: 12, Started: 20, Ended: stats.Counts{Success: 1}, Requests: 3, InFlight: 4},
		{Offset: 3, Length: 1, Wanted: 12, Ended: stats.Counts{Success: 1}, Requests: 2},
	}
	if d := cmp.Diff(got, want, plain()...); d != "" {
		t.Errorf("(-got +want):\n%s", d)
	}
}

// TestLongRunsStayBounded runs for longer than seconds are kept apart and finds every sample in fewer entries.
func TestLongRunsStayBounded(t *testing.T) {
	t.Parallel()
	r := newRecorder(func(o *stats.RecorderOptions) { o.Shards = 1 })
	const seconds = 2800
	for i := range seconds {
		r.Add(arrival(uint64(i)))
		r.Tick(start.Add(time.Duration(i+1)*time.Second), stats.Pulse{Started: uint64(i + 1)})
	}
	l := r.Load(stats.End{Wall: seconds * time.Second})
	if got, most := len(l.Seconds), 2048; got > most {
		t.Errorf("got %d entries, want %d at most", got, most)
	}
	if err := l.Check(seconds); err != nil {
		t.Error(err)
	}
	at, started, longest := 0, uint64(0), 0
	for _, s := range l.Seconds {
		if s.Offset != at {
			t.Fatalf("a gap before %d: an entry begins at %d", at, s.Offset)
		}
		at += s.Length
		started += s.Started
		longest = max(longest, s.Length)
	}
	if at != seconds || started != seconds || longest > 4 {
		t.Errorf("entries cover %d s and %d starts, the longest %d s; want %d of both, 4 s at most", at, started, longest, seconds)
	}
	if last := l.Seconds[len(l.Seconds)-1]; last.Length != 1 {
		t.Errorf("the last entry covers %d s", last.Length)
	}
	key := stats.SeriesKey{Measure: stats.MeasureStep, Scenario: "signin", Step: "verify"}
	var sum hist.Histogram
	for _, s := range l.Seconds {
		for _, samples := range s.Samples {
			if l.Series[samples.Series].SeriesKey == key {
				if err := sum.AddSparse(samples.Samples); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if h := series(t, l, key).Histogram; sum.Sparse() != h.Sparse() {
		t.Errorf("entries have %d samples, the series %d", sum.Count(), h.Count())
	}
}

// TestHalfAnHourIsSmall says how many bytes the seconds of 30 minutes take at 500
// iterations a second of three steps.
func TestHalfAnHourIsSmall(t *testing.T) {
	t.Parallel()
	r := newRecorder(func(o *stats.RecorderOptions) { o.Scenarios = loadScenarios()[:1] })
	for i := range uint64(500) {
		r.Add(arrival(i * 2))
	}
	r.Tick(start.Add(time.Second), stats.Pulse{})
	bytes := 0
	for _, s := range r.Load(stats.End{Wall: time.Second}).Seconds {
		for _, samples := range append(s.Samples, s.Warmup...) {
			bytes += len(samples.Samples) + 24
		}
	}
	t.Logf("a second takes %d bytes, half an hour %.1f MB", bytes, float64(bytes)*1800/1e6)
	if bytes > 8000 {
		t.Errorf("a second takes %d bytes, want 8000 at most", bytes)
	}
}

func TestUnknownNamesAreBounded(t *testing.T) {
	t.Parallel()
	r := newRecorder(nil)
	for i := range uint64(500) {
		it := arrival(i)
		it.Scenario = fmt.Sprint("scenario", i)
		it.Warmup = false
		for j := range it.Steps {
			it.Steps[j].Name = fmt.Sprint("step", i)
			it.Steps[j].Exchanges[0].Endpoint = fmt.Sprint("/", i)
			it.Steps[j].Exchanges[0].ErrorCode = fmt.Sprint("E", i)
			if d := it.Steps[j].Delivery; d != nil {
				d.Channel, d.Inbox = fmt.Sprint("c", i), fmt.Sprint("i", i)
			}
		}
		r.Add(it)
	}
	l := r.Load(stats.End{Wall: time.Second})
	if got, most := len(l.Series), 1200; got > most {
		t.Errorf("got %d series, want %d at most", got, most)
	}
	if len(l.Endpoints) > 65 || len(l.ErrorCodes) > 65 || len(l.Deliveries) > 65 {
		t.Errorf("got %d endpoints, %d codes, %d channels", len(l.Endpoints), len(l.ErrorCodes), len(l.Deliveries))
	}
	if err := l.Check(500); err != nil {
		t.Error(err)
	}
}

//nolint:paralleltest // it counts the allocations of the process
func TestAddDoesNotAllocate(t *testing.T) {
	r := newRecorder(nil)
	it := arrival(2)
	r.Add(it)
	if n := testing.AllocsPerRun(100, func() { r.Add(it) }); n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
	r.Tick(start.Add(time.Second), stats.Pulse{})
	if n := testing.AllocsPerRun(100, func() { r.Add(it) }); n != 0 {
		t.Errorf("after a tick: got %v allocations, want 0", n)
	}
}

func BenchmarkRecorderAdd(b *testing.B) {
	r := newRecorder(nil)
	all := make([]*result.Iteration, 1024)
	samples := 0
	for i := range all {
		all[i] = arrival(uint64(i * 2))
		all[i].Outcome = result.Success
		for _, s := range all[i].Steps {
			samples += 3
			if s.Wait > 0 {
				samples += 2
			}
		}
		samples += 4
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		r.Add(all[i&1023])
		i++
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(float64(samples)/1024), "ns/sample")
}

func BenchmarkTick(b *testing.B) {
	r := newRecorder(nil)
	at := start
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		for i := range uint64(1000) {
			r.Add(arrival(i))
		}
		at = at.Add(time.Second)
		b.StartTimer()
		r.Tick(at, stats.Pulse{Host: host.Sample{CPUs: 2}})
	}
}

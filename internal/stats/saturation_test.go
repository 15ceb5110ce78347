package stats_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/host"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

// generator is a recorder whose generator is told to be slow.
type generator struct {
	*stats.Recorder
	seconds uint64
	pulse   stats.Pulse
}

func newGenerator() *generator {
	return &generator{Recorder: newRecorder(nil), pulse: stats.Pulse{Host: host.Sample{CPUs: 2, DescriptorLimit: 1000, PortLimit: 1000}}}
}

// second starts 100 iterations that late.
func (g *generator) second(late time.Duration) {
	for i := range uint64(100) {
		g.Add(&result.Iteration{
			Scenario: "signin", ID: g.seconds*100 + i, Outcome: result.Success, Intended: start, Lateness: late,
			Steps: []result.Step{{Name: "send", Outcome: result.Success, Exchanges: []result.Exchange{{Status: 200}}}},
		})
	}
	g.seconds++
	g.pulse.Started += 100
	g.Tick(start.Add(time.Duration(g.seconds)*time.Second), g.pulse)
}

func (g *generator) end() *stats.Load {
	return g.Load(stats.End{Wall: time.Duration(g.seconds) * time.Second})
}

func TestSaturation(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		run  func(*generator)
		want string // a part of the note, empty when there is none
	}{
		"all well": {func(g *generator) {
			for range 30 {
				g.pulse.Due += 100
				g.pulse.Host.CPU += time.Second
				g.second(2 * ms)
			}
		}, ""},
		"late": {func(g *generator) {
			for range 20 {
				g.second(2 * ms)
			}
			g.second(150 * ms)
			for range 20 {
				g.second(2 * ms)
			}
		}, "p99 of lateness reached 149.9ms within 10s, above 100ms. Other work"},
		"late in a short run": {func(g *generator) {
			g.second(35 * ms)
			g.second(160 * ms)
		}, "p99 of lateness reached 159.9ms within 2s, above 100ms."},
		"a little late in a short run": {func(g *generator) {
			g.second(35 * ms)
			g.second(90 * ms)
		}, ""},
		"behind": {func(g *generator) {
			for i := range uint64(30) {
				g.pulse.Due += 100 + i/15*2
				g.second(2 * ms)
			}
		}, "fell behind its schedule: 3 % of the arrivals"},
		"queued is not behind": {func(g *generator) {
			for range 30 {
				g.pulse.Due += 110
				g.pulse.Queued += 10
				g.second(2 * ms)
			}
		}, ""},
		"dropped is not behind": {func(g *generator) {
			for range 30 {
				g.pulse.Due += 110
				for range 10 {
					g.Drop(&result.Drop{Scenario: "signin", Reason: result.DropConcurrency})
				}
				g.second(2 * ms)
			}
		}, "300 of 3300 arrivals were dropped and no threshold mentions that."},
		"processors": {func(g *generator) {
			g.Tick(start, g.pulse)
			for range 12 {
				g.pulse.Host.CPU += 1980 * ms
				g.second(2 * ms)
			}
		}, "used 99 % of its 2 CPUs"},
		"descriptors": {func(g *generator) {
			g.pulse.Host.Descriptors = 950
			g.second(2 * ms)
		}, "had 950 of 1000 file descriptors open. Raise the limit"},
		"ports": {func(g *generator) {
			g.pulse.Host.Ports = 999
			g.second(2 * ms)
		}, "999 of 1000 local ports"},
	} {
		g := newGenerator()
		test.run(g)
		l := g.end()
		notes := strings.Join(l.Notes, "\n")
		verdict := stats.Inconclusive
		if test.want == "" {
			verdict = stats.Passed
		}
		if l.Verdict != verdict || !strings.Contains(notes, test.want) || len(l.Notes) > 1 || test.want == "" && notes != "" {
			t.Errorf("%s: got %s, %q, want %q", name, l.Verdict, notes, test.want)
		}
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	g := newGenerator()
	g.Tick(start, g.pulse)
	for i := range 20 {
		g.pulse.Host.CPU += time.Duration(i) * 100 * ms
		g.pulse.Host.Goroutines, g.pulse.Host.Memory, g.pulse.Host.Ports, g.pulse.Host.Descriptors = 100-i, uint64(i), 3, 4
		g.second(5 * ms)
	}
	want := stats.Health{
		CPUs: 2, CPUMost: 0.725, CPUAll: 0.475, Goroutines: 100, Memory: 19, Descriptors: 4, DescriptorLimit: 1000, Ports: 3, PortLimit: 1000,
		LatenessP99: 5 * ms,
	}
	if d := cmp.Diff(g.end().Health, want); d != "" {
		t.Errorf("(-got +want):\n%s", d)
	}
}

// TestLoadVerdicts has the words in the order in which they beat each other.
func TestLoadVerdicts(t *testing.T) {
	t.Parallel()
	add := func(o result.Outcome, status int) func(*stats.Recorder) {
		return func(r *stats.Recorder) {
			r.Add(&result.Iteration{Scenario: "signin", Outcome: o, Step: "send", Steps: []result.Step{{
				Name: "send", Outcome: o, Status: status, Reason: result.ReasonHTTP4xx, Exchanges: []result.Exchange{{Status: status, Attempt: 1}},
			}}})
		}
	}
	drop := func(r *stats.Recorder) { r.Drop(&result.Drop{Scenario: "signin", Reason: result.DropDeadline}) }
	good, bad := add(result.Success, 200), add(result.Failure, 400)
	silent, refused := add(result.Error, 0), add(result.Failure, 401)
	mentions := []stats.Threshold{{Text: "metrics.iterations.dropped < 9"}}
	allows := []stats.Threshold{{Text: "metrics.iterations.failure < 9"}}
	holds, breaks := []stats.Threshold{{Text: "1 == 1"}}, []stats.Threshold{{Text: "1 == 2"}}
	for name, test := range map[string]struct {
		do         []func(*stats.Recorder)
		end        stats.End
		thresholds []stats.Threshold
		want       stats.Verdict
	}{
		"good":                        {do: []func(*stats.Recorder){good}, want: stats.Passed},
		"nothing":                     {want: stats.NoData},
		"one failure":                 {do: []func(*stats.Recorder){good, bad}, want: stats.Failed},
		"one failure that is allowed": {do: []func(*stats.Recorder){good, bad}, thresholds: allows, want: stats.Passed},
		"one failure, not mentioned":  {do: []func(*stats.Recorder){good, bad}, thresholds: holds, want: stats.Failed},
		"failures alone":              {do: []func(*stats.Recorder){bad}, thresholds: holds, want: stats.Failed},
		"broken":                      {do: []func(*stats.Recorder){good}, thresholds: breaks, want: stats.Failed},
		"ended itself":                {do: []func(*stats.Recorder){good}, end: stats.End{Aborted: "overflow"}, want: stats.Failed},
		"dropped":                     {do: []func(*stats.Recorder){good, drop}, want: stats.Inconclusive},
		"dropped, not mentioned":      {do: []func(*stats.Recorder){good, drop}, thresholds: holds, want: stats.Inconclusive},
		"dropped, mentioned":          {do: []func(*stats.Recorder){good, drop}, thresholds: mentions, want: stats.Passed},
		"dropped and broken":          {do: []func(*stats.Recorder){good, drop}, thresholds: breaks, want: stats.Failed},
		"unanswered and broken":       {do: []func(*stats.Recorder){silent, drop}, thresholds: breaks, want: stats.Unanswered},
		"refused and broken":          {do: []func(*stats.Recorder){refused, drop}, thresholds: breaks, want: stats.Refused},
		"refused, but not all":        {do: []func(*stats.Recorder){refused, good}, want: stats.Failed},
		"interrupted beats all":       {do: []func(*stats.Recorder){silent}, end: stats.End{Interrupted: true}, thresholds: breaks, want: stats.Interrupted},
	} {
		r := newTrial(t, "", test.thresholds...)
		for _, f := range test.do {
			f(r.Recorder)
		}
		test.end.Wall = time.Second
		if got := r.Load(test.end); got.Verdict != test.want {
			t.Errorf("%s: got %s, want %s (%v)", name, got.Verdict, test.want, got.Notes)
		}
	}
}

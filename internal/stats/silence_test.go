package stats_test

import (
	"testing"
	"time"

	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

// scheduled is a trial with a schedule of eight seconds.
func scheduled(t *testing.T, open bool, all ...stats.Threshold) *trial {
	t.Helper()
	return &trial{Recorder: newRecorder(func(o *stats.RecorderOptions) {
		o.Judge = newJudge(t, "", all...)
		o.Profile.Open, o.Profile.Duration = open, 8*time.Second
	})}
}

// ends adds n iterations, then ticks with so many in flight at a rate.
func (r *trial) ends(n int, o result.Outcome, inFlight int, rate float64) (abort bool) {
	for range n {
		r.id++
		r.Add(&result.Iteration{Scenario: "signin", ID: r.id, Outcome: o, Duration: 20 * ms, Steps: []result.Step{
			{Name: "verify", Outcome: o, Duration: 20 * ms},
		}})
	}
	r.at += time.Second
	return r.Tick(start.Add(r.at), stats.Pulse{InFlight: inFlight, Wanted: rate})
}

const fast, works = "metrics.step.verify.duration_ms.p95 < 9000", "metrics.iterations.success_ratio > 0.5"

// TestTargetThatStopsAnswering does after two seconds of eight. What is in flight is
// aborted two seconds after the schedule.
func TestTargetThatStopsAnswering(t *testing.T) {
	t.Parallel()
	r := scheduled(t, true,
		stats.Threshold{Name: "fast", Text: fast, Window: 2 * time.Second},
		stats.Threshold{Name: "works", Text: "metrics.iterations.failure == 0", Window: 2 * time.Second},
		stats.Threshold{Name: "aborted", Text: "metrics.iterations.aborted < 1000"})
	for range 2 {
		r.ends(50, result.Success, 1, 50)
	}
	for range 7 {
		r.ends(0, 0, 300, 50)
	}
	r.ends(300, result.Aborted, 0, 0)
	l := r.end()
	if got := l.Thresholds[0]; got.Verdict != stats.NoData || got.Message == "" {
		t.Errorf("got %+v", got)
	}
	if l.Verdict != stats.Failed {
		t.Errorf("run: got %s", l.Verdict)
	}
}

// TestStoppedRunsAreNotSilent has one that somebody stopped while all was well.
func TestStoppedRunsAreNotSilent(t *testing.T) {
	t.Parallel()
	r := scheduled(t, true, stats.Threshold{Text: fast, Window: time.Second})
	r.ends(50, result.Success, 5, 50)
	r.ends(0, 0, 5, 50)
	r.ends(5, result.Aborted, 0, 50)
	if got := r.Load(stats.End{Wall: r.at, Interrupted: true}).Thresholds[0]; got.Verdict != stats.Passed {
		t.Errorf("got %+v", got)
	}
}

// TestTargetThatRefuses has errors alone in the last window.
func TestTargetThatRefuses(t *testing.T) {
	t.Parallel()
	r := scheduled(t, true, stats.Threshold{Text: fast, Window: 2 * time.Second})
	r.ends(50, result.Success, 1, 50)
	for range 7 {
		r.ends(50, result.Error, 1, 50)
	}
	if got := r.end().Thresholds[0]; got.Verdict != stats.NoData {
		t.Errorf("got %+v", got)
	}
}

// TestTooFewSamplesAtTheEnd has a target that goes bad while fewer iterations end within a
// window than are asked for, from then on.
func TestTooFewSamplesAtTheEnd(t *testing.T) {
	t.Parallel()
	const quick = "metrics.step.verify.duration_ms.p95 < 500"
	for name, test := range map[string]struct {
		text string
		run  func(*trial)
		want stats.Verdict
	}{
		"all fail": {works, func(r *trial) {
			for range 6 {
				r.second(10, 20*ms, result.Failure)
			}
		}, stats.Failed},
		"all fail, fewer than asked for in all": {works, func(r *trial) {
			for range 6 {
				r.second(5, 20*ms, result.Failure)
			}
		}, stats.NoData},
		"slow, and it ends well": {quick, func(r *trial) {
			for range 6 {
				r.second(5, 900*ms, result.Success)
			}
		}, stats.NoData},
		"less": {quick, func(r *trial) {
			for range 6 {
				r.second(5, 20*ms, result.Success)
			}
		}, stats.Passed},
		"stragglers": {quick, func(r *trial) {
			for range 6 {
				r.second(2000, 20*ms, result.Success)
			}
			for range 5 {
				r.second(1, 5*time.Second, result.Success)
			}
		}, stats.Passed},
		"a late start": {quick, func(r *trial) {
			r.second(2000, 20*ms, result.Success)
		}, stats.Passed},
	} {
		r := scheduled(t, true, stats.Threshold{Text: test.text, Window: 2 * time.Second, MinSamples: 50})
		for range 2 {
			r.second(2000, 20*ms, result.Success)
		}
		test.run(r)
		if got := r.end().Thresholds[0]; got.Verdict != test.want || (got.Message != "") != (test.want == stats.NoData) {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

// TestQuietWindowsAreNoFault has windows at the end that are right to be empty.
func TestQuietWindowsAreNoFault(t *testing.T) {
	t.Parallel()
	for name, run := range map[string]func(*trial){
		"nothing due":     func(*trial) {},
		"answered late":   func(r *trial) { r.ends(0, 0, 5, 1); r.ends(0, 0, 5, 0); r.ends(5, result.Success, 5, 0) },
		"a long teardown": func(r *trial) { r.ends(0, 0, 0, 1); r.ends(5, result.Success, 5, 0); r.at += time.Minute },
		"without the step": func(r *trial) {
			r.Add(&result.Iteration{Scenario: "signin", Outcome: result.Success})
			r.ends(0, 0, 0, 1)
		},
	} {
		r := scheduled(t, true, stats.Threshold{Text: fast, Window: time.Second})
		for i := range 7 {
			r.ends(1-i%5/4, result.Success, 1, 0.8)
		}
		run(r)
		r.at = max(r.at, 8*time.Second)
		if got := r.end().Thresholds[0]; got.Verdict != stats.Passed {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

// TestSilenceEndsTheRun where a threshold with a window is to.
func TestSilenceEndsTheRun(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		window   time.Duration
		inFlight int
		rate     float64
		want     bool
	}{
		"in flight":         {2 * time.Second, 100, 100, true},
		"users":             {2 * time.Second, 100, 0, true},
		"nothing in flight": {2 * time.Second, 0, 100, false},
		"longer window":     {5 * time.Second, 100, 100, false},
		"none due":          {2 * time.Second, 1, 0.2, false},
	} {
		r := scheduled(t, test.rate > 0, stats.Threshold{Text: works, Window: test.window, Abort: true})
		r.ends(100, result.Success, 1, test.rate)
		got := false
		for range 3 {
			got = r.ends(0, 0, test.inFlight, test.rate)
		}
		if got != test.want {
			t.Errorf("%s: ends the run: got %v, want %v", name, got, test.want)
		}
		if th := r.Snapshot(start.Add(r.at)).Thresholds[0]; test.want && (th.Verdict != stats.Failed || !th.Aborted || th.Message == "" || th.BrokenAt != 3*time.Second) {
			t.Errorf("%s: got %+v", name, th)
		}
	}
}

// TestWaitingForAFixtureIsNoSilence has iterations in flight that cannot end yet; those
// that can are told apart from them.
func TestWaitingForAFixtureIsNoSilence(t *testing.T) {
	t.Parallel()
	for awaiting, want := range map[int]bool{100: false, 99: true} {
		r := scheduled(t, true, stats.Threshold{Text: works, Window: 2 * time.Second, Abort: true})
		got := false
		for range 3 {
			r.at += time.Second
			got = r.Tick(start.Add(r.at), stats.Pulse{InFlight: 100, Awaiting: awaiting, Wanted: 100}) || got
		}
		if got != want {
			t.Errorf("%d of 100 wait for a fixture: ends the run: got %v, want %v", awaiting, got, want)
		}
	}
}

// TestIterationsLongerThanTheWindow are known to take longer, so silence says nothing.
func TestIterationsLongerThanTheWindow(t *testing.T) {
	t.Parallel()
	r := scheduled(t, true, stats.Threshold{Text: works, Window: 2 * time.Second, Abort: true})
	r.Add(&result.Iteration{Scenario: "signin", Outcome: result.Success, Duration: 5 * time.Second})
	for i := range 4 {
		if r.ends(0, 0, 100, 100) {
			t.Errorf("second %d: it ends the run", i+1)
		}
	}
}

// TestWindowsReachIntoLongSeconds has a tick that came late: its entry is longer than the
// window, and part of it.
func TestWindowsReachIntoLongSeconds(t *testing.T) {
	t.Parallel()
	r := scheduled(t, true, stats.Threshold{Text: works, Window: 2 * time.Second})
	r.at = 4 * time.Second
	r.ends(10, result.Error, 1, 10)
	if got := r.Snapshot(start.Add(r.at)).Thresholds[0]; got.Verdict != stats.Failed {
		t.Errorf("got %+v", got)
	}
}

// TestLatenessOfLongSeconds has a generator that stood still for twelve seconds.
func TestLatenessOfLongSeconds(t *testing.T) {
	t.Parallel()
	g := newGenerator()
	g.seconds = 11
	g.second(400 * ms)
	if got := g.end().Health.LatenessP99; got < 300*ms {
		t.Errorf("got %v", got)
	}
}

package stats_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
	"github.com/authbench/authbench/internal/steps"
)

func expression(t testing.TB, text string) *eval.Expr {
	t.Helper()
	node, diags := hclsyntax.ParseExpression([]byte(text), "x.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return eval.New(node, eval.Site{})
}

// newJudge takes thresholds as conditions; message gives the message of all.
func newJudge(t testing.TB, message string, all ...stats.Threshold) *stats.Judge {
	t.Helper()
	kind := &steps.Kind{Name: "fake"}
	var profile plan.Load
	for _, sc := range loadScenarios() {
		flow := &plan.Scenario{Name: sc.Name}
		for _, name := range sc.Steps {
			flow.Body = append(flow.Body, &plan.Step{Name: name, Kind: kind})
		}
		profile.Mix = append(profile.Mix, plan.Share{Name: sc.Name, Scenarios: []*plan.Scenario{flow}})
	}
	for i := range all {
		all[i].Condition = expression(t, all[i].Text)
		if message != "" {
			all[i].Message = expression(t, message)
		}
	}
	globals := &eval.Globals{Functions: map[string]function.Function{"lookup": stdlib.LookupFunc}}
	return stats.NewJudge(globals, profile.MetricsType(), all)
}

// trial is a recorder with thresholds and a clock of its own.
type trial struct {
	*stats.Recorder
	at time.Duration
	id uint64
}

func newTrial(t *testing.T, message string, all ...stats.Threshold) *trial {
	t.Helper()
	return &trial{Recorder: newRecorder(func(o *stats.RecorderOptions) { o.Judge = newJudge(t, message, all...) })}
}

// second adds n iterations of one step, which take as long as they are told, and ticks.
func (r *trial) second(n int, took time.Duration, o result.Outcome) (abort bool) {
	for range n {
		r.id++
		r.Add(&result.Iteration{
			Scenario: "signin", ID: r.id, Outcome: o, Duration: took, Step: "verify",
			Steps: []result.Step{{Name: "verify", Outcome: o, Duration: took, Exchanges: []result.Exchange{{Endpoint: "/v", Status: 200, Attempt: 1}}}},
		})
	}
	r.at += time.Second
	return r.Tick(start.Add(r.at), stats.Pulse{})
}

func (r *trial) end() *stats.Load { return r.Load(stats.End{Wall: r.at}) }

// TestWholeRunDecidesAtItsEnd has a slow start that the rest makes up for.
func TestWholeRunDecidesAtItsEnd(t *testing.T) {
	t.Parallel()
	r := newTrial(t, `"p90 is ${metrics.step.verify.duration_ms.p90} ms."`,
		stats.Threshold{Name: "p90", Text: "metrics.step.verify.duration_ms.p90 < 100"})
	r.second(10, 500*ms, result.Success)
	got := r.Snapshot(start.Add(r.at)).Thresholds[0]
	want := stats.ThresholdResult{
		Name: "p90", Condition: "metrics.step.verify.duration_ms.p90 < 100", Verdict: stats.Failed, Message: "p90 is 500 ms.",
		Observed: []stats.Observed{{Name: "metrics.step.verify.duration_ms.p90", Value: "500", Samples: 10}},
		BrokenAt: time.Second, Evaluated: 1,
	}
	if d := cmp.Diff(got, want); d != "" {
		t.Errorf("while it is slow (-got +want):\n%s", d)
	}
	for range 10 {
		r.second(50, 20*ms, result.Success)
	}
	l := r.end()
	if got := l.Thresholds[0]; got.Verdict != stats.Passed || got.BrokenAt != 0 || got.Message != "" || l.Verdict != stats.Passed {
		t.Errorf("at the end: %+v, the run %s", got, l.Verdict)
	}
}

// TestWindowBreaksForGood has a slow moment that all numbers of the run would hide.
func TestWindowBreaksForGood(t *testing.T) {
	t.Parallel()
	r := newTrial(t, `"slow"`,
		stats.Threshold{Name: "window", Text: "metrics.step.verify.duration_ms.p90 < 100", Window: 2 * time.Second},
		stats.Threshold{Name: "whole", Text: "metrics.step.verify.duration_ms.p90 < 100"})
	for range 20 {
		r.second(100, 20*ms, result.Success)
	}
	if abort := r.second(100, 500*ms, result.Success); abort {
		t.Error("it ends the run")
	}
	for range 20 {
		r.second(100, 20*ms, result.Success)
	}
	l := r.end()
	got := l.Thresholds[0]
	if got.Verdict != stats.Failed || got.BrokenAt != 21*time.Second || got.Observed[0].Value != "498.646" || got.Observed[0].Samples != 200 {
		t.Errorf("window: %+v", got)
	}
	if got := l.Thresholds[1]; got.Verdict != stats.Passed {
		t.Errorf("whole: %+v", got)
	}
	if l.Verdict != stats.Failed {
		t.Errorf("run: got %s", l.Verdict)
	}
}

func TestAbort(t *testing.T) {
	t.Parallel()
	r := newTrial(t, "", stats.Threshold{Name: "errors", Text: "metrics.iterations.failure_ratio < 0.5", Abort: true, After: 3 * time.Second})
	for i := range 2 {
		if r.second(10, ms, result.Error) {
			t.Errorf("second %d: it ends the run before its time", i+1)
		}
	}
	for range 2 {
		if !r.second(10, ms, result.Error) {
			t.Error("it does not end the run")
		}
	}
	early := stats.End{Wall: r.at, Early: "it was asked to stop."}
	if got := r.Load(early).Thresholds[0]; !got.Aborted || got.BrokenAt != 3*time.Second || got.Evaluated != 1 {
		t.Errorf("got %+v", got)
	}
}

// TestThresholdThatBreaksAtTheEnd ended nothing: the schedule was complete.
func TestThresholdThatBreaksAtTheEnd(t *testing.T) {
	t.Parallel()
	for _, ticked := range []bool{false, true} {
		r := newTrial(t, "", stats.Threshold{Text: "metrics.iterations.failure_ratio < 0.5", Abort: true})
		r.second(10, ms, result.Success)
		if ticked {
			r.second(20, ms, result.Failure)
		} else {
			for range 20 {
				r.Add(&result.Iteration{Scenario: "signin", Outcome: result.Failure})
			}
		}
		if got := r.end().Thresholds[0]; got.Verdict != stats.Failed || got.Aborted {
			t.Errorf("ticked %v: got %+v", ticked, got)
		}
	}
}

// TestK6ThresholdWithoutSamplesPasses is k6#4283: there it does.
func TestK6ThresholdWithoutSamplesPasses(t *testing.T) {
	t.Parallel()
	r := newTrial(t, "",
		stats.Threshold{Name: "no samples", Text: "metrics.scenario.change.step.confirm.duration_ms.p95 < 100"},
		stats.Threshold{Name: "too few", Text: "metrics.step.verify.duration_ms.p95 < 100", MinSamples: 1000},
		stats.Threshold{Name: "never due", Text: "metrics.step.verify.duration_ms.p95 < 100", After: time.Hour},
		stats.Threshold{Name: "no ratio", Text: "metrics.scenario.change.iterations.failure_ratio < 0.1"},
		stats.Threshold{Name: "no fault", Text: `lookup(metrics.error_codes, "E130429", 0) == 0`},
		stats.Threshold{Name: "no count", Text: "metrics.scenario.change.step.confirm.count == 0"},
	)
	r.second(10, ms, result.Success)
	l := r.end()
	got := map[string]string{}
	for _, th := range l.Thresholds {
		got[th.Name] = string(th.Verdict) + ": " + th.Message
	}
	want := map[string]string{
		"no samples": "no_data: There are no samples of metrics.scenario.change.step.confirm.duration_ms.p95.",
		"too few":    "no_data: There are 10 samples of metrics.step.verify.duration_ms.p95, fewer than the 1000 that are asked for.",
		"never due":  "no_data: The run ended before this threshold was judged.",
		"no ratio":   "no_data: There are no samples of metrics.scenario.change.iterations.failure_ratio.",
		"no fault":   "success: ",
		"no count":   "success: ",
	}
	if d := cmp.Diff(got, want); d != "" {
		t.Errorf("(-got +want):\n%s", d)
	}
	if l.Verdict != stats.Failed {
		t.Errorf("run: got %s", l.Verdict)
	}
}

// TestK6IterationsThatThrowAreComplete is k6#6480: there they are.
func TestK6IterationsThatThrowAreComplete(t *testing.T) {
	t.Parallel()
	r := newTrial(t, "", stats.Threshold{Name: "failures", Text: "metrics.iterations.failure_ratio < 0.1"})
	r.second(2, ms, result.Success)
	r.second(8, ms, result.Error)
	if l := r.end(); l.Verdict != stats.Failed || l.Thresholds[0].Observed[0].Value != "0.8" {
		t.Errorf("got %s, %+v", l.Verdict, l.Thresholds)
	}
}

func TestConditionThatCannotBeEvaluated(t *testing.T) {
	t.Parallel()
	r := newTrial(t, `"wrong: ${lookup(metrics.error_codes, "E1")}"`,
		stats.Threshold{Name: "null", Text: `metrics.iterations.success > 0 && lookup(metrics.error_codes, "E1", null) > 1`},
		stats.Threshold{Name: "message", Text: "metrics.iterations.success > 5"},
	)
	r.second(1, ms, result.Success)
	l := r.end()
	for i, want := range []string{"The condition could not be evaluated: ", "The error_message could not be evaluated: "} {
		if got := l.Thresholds[i]; got.Verdict == stats.Passed || !strings.HasPrefix(got.Message, want) {
			t.Errorf("%s: got %s: %s", got.Name, got.Verdict, got.Message)
		}
	}
}

// TestEveryNumber evaluates each word of the root metrics.
func TestEveryNumber(t *testing.T) {
	t.Parallel()
	for _, window := range []time.Duration{0, time.Minute} {
		all := map[string]string{}
		var thresholds []stats.Threshold
		for text, want := range map[string]string{
			"iterations.scheduled": "10", "iterations.success": "5", "iterations.failure": "2", "iterations.error": "1",
			"iterations.aborted": "1", "iterations.dropped": "1", "iterations.skipped": "0",
			"iterations.success_ratio": "0.555556", "iterations.failure_ratio": "0.444444", "iterations.error_ratio": "0.111111", "iterations.rate": "4",
			"iterations.duration_ms.p50": "100", "iterations.duration_ms.count": "7", "iterations.wait_ms.max": "40",
			"iterations.response_ms.max": "130", "iterations.lateness_ms.mean": "30", "step.verify.count": "9", "step.verify.success": "5",
			"step.verify.failure_ratio": "0.444444", "step.verify.wait_ms.p99": "7", "step.verify.rate": "4",
			"scenario.signin.iterations.success": "5", "scenario.signin.step.verify.duration_ms.max": "60", "scenario.change.iterations.dropped": "1",
			"deliveries.count": "9", "deliveries.delivered": "9", "deliveries.lost": "0", "deliveries.lost_ratio": "0",
			"deliveries.duration_ms.p50": "5", "error_codes": "E9: 9",
		} {
			all["metrics."+text] = want
			if text == "error_codes" {
				thresholds = append(thresholds, stats.Threshold{Text: "metrics.error_codes == null || true", Window: window})
				continue
			}
			thresholds = append(thresholds, stats.Threshold{Text: "metrics." + text + " >= 0", Window: window})
		}
		r := newTrial(t, "", thresholds...)
		for i, o := range []result.Outcome{1: result.Failure, 2: result.Failure, 3: result.Error, 4: result.Aborted, 8: result.Success} {
			if o == 0 {
				o = result.Success
			}
			r.Add(&result.Iteration{
				Scenario: "signin", ID: uint64(i), Outcome: o, Duration: 100 * ms, Wait: 40 * ms, Intended: start, Lateness: 30 * ms,
				Steps: []result.Step{{
					Name: "verify", Outcome: o, Duration: 60 * ms, Wait: 7 * ms,
					Delivery:  &result.Delivery{Channel: "sms", Result: result.Delivered, Duration: 5 * ms},
					Exchanges: []result.Exchange{{Endpoint: "/v", Status: 400, ErrorCode: "E9", Attempt: 1}},
				}},
			})
		}
		r.Drop(&result.Drop{Scenario: "change", Reason: result.DropConcurrency})
		r.at = time.Second
		r.second(0, 0, 0)
		got := map[string]string{}
		for _, th := range r.end().Thresholds {
			if len(th.Observed) != 1 {
				t.Errorf("%s: %+v", th.Condition, th)
				continue
			}
			if th.Verdict != stats.Passed {
				t.Errorf("%s: %s %s", th.Condition, th.Verdict, th.Message)
			}
			got[th.Observed[0].Name] = th.Observed[0].Value
		}
		if d := cmp.Diff(got, all); d != "" {
			t.Errorf("window %v (-got +want):\n%s", window, d)
		}
	}
}

func TestWindowForgets(t *testing.T) {
	t.Parallel()
	r := newTrial(t, "", stats.Threshold{Text: "metrics.iterations.success < 25", Window: 2 * time.Second})
	for i := range 5 {
		r.second(10, ms, result.Success)
		if got, want := r.Snapshot(start.Add(r.at)).Thresholds[0].Observed[0], []string{"10", "20", "20", "20", "20"}[i]; got.Value != want {
			t.Errorf("second %d: got %+v, want %s", i+1, got, want)
		}
	}
}

// BenchmarkJudge is a tick with a threshold over ten minutes.
func BenchmarkJudge(b *testing.B) {
	r := &trial{Recorder: newRecorder(func(o *stats.RecorderOptions) {
		o.Judge = newJudge(b, "", stats.Threshold{Text: "metrics.step.verify.duration_ms.p95 < 60000", Window: 10 * time.Minute})
	})}
	for range 600 {
		for i := range uint64(20) {
			r.Add(arrival(i * 2))
		}
		r.second(10, 20*ms, result.Success)
	}
	b.ReportAllocs()
	for b.Loop() {
		r.Tick(start.Add(r.at), stats.Pulse{})
	}
}

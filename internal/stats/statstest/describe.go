package statstest

import (
	"fmt"
	"time"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

func describe(s Shape) *stats.Load {
	const suite = "staging.hcl"
	wall := time.Duration(s.Seconds) * time.Second
	return &stats.Load{
		Run: result.Run{
			Version: "0.3.0", Seed: s.Seed, Start: Noon().Add(s.Later), Scenarios: 2,
			Targets: []result.Target{{
				Suite: suite, Provider: "descope", BaseURL: "http://127.0.0.1:41233", ProjectID: "P2fXQ9", Kind: result.Emulator,
			}},
		},
		Environment: stats.Environment{Go: "go1.26.0", OS: "linux", Arch: "amd64"},
		Part:        s.Part,
		Profile: stats.Profile{
			Name: "evening", Description: "The busiest hour of an evening, and a little more.",
			PlanHash: "9f2c41d07be3a5586cc1", Open: true, Schedule: fmt.Sprintf("0 to %g/s over %s, then %g/s for %s",
				s.Rate, wall/5, s.Rate, wall-wall/5),
			Planned: uint64(s.Rate * float64(s.Seconds) * 0.9), Duration: wall,
			Warmup: time.Duration(s.warmup()) * time.Second, MaxInFlight: 400, Overflow: "drop",
		},
		End:     stats.End{Wall: wall + 840*time.Millisecond},
		Verdict: stats.Passed,
		Health: stats.Health{
			CPUs: 2, CPUMost: 0.41, CPUAll: 0.28, Goroutines: 96, Memory: 74 << 20, Descriptors: 131, DescriptorLimit: 1 << 20,
			Ports: 120, PortLimit: 28232, LatenessP99: 1900 * time.Microsecond,
		},
	}
}

// finish fills in what follows from the seconds.
func (m *maker) finish() {
	l := m.load
	for i, s := range m.series {
		l.Series = append(l.Series, stats.Series{SeriesKey: s.SeriesKey, Counts: m.counts[i]})
		l.Series[i].Histogram.Merge(&m.sums[i])
		if s.Channel != "" {
			n := m.sums[i].Count()
			l.Deliveries = append(l.Deliveries, stats.DeliverySummary{
				Channel: s.Channel, Results: []stats.Tally{{Name: string(result.Delivered), Count: n}}, Duration: stats.NewTimes(&m.sums[i]),
			})
			l.Messages = []stats.Tally{{Name: s.Channel, Count: n}}
		}
	}
	for i := range l.Seconds {
		l.Requests.Sent += l.Seconds[i].Requests
	}
	l.Requests.Answered = l.Requests.Sent
	if n := l.Iterations.Dropped + l.Warmup.Dropped; n > 0 {
		l.Drops = []stats.Tally{{Name: string(stats.DropConcurrency), Count: n}}
	}
	m.thresholds()
	m.failures()
	l.Endpoints = []stats.Endpoint{{
		Name: "/v1/auth/otp/verify/sms", Codes: []stats.Tally{{Name: "200", Count: l.Requests.Sent}},
	}}
}

func (m *maker) thresholds() {
	l := m.load
	at := time.Duration(m.Seconds) * time.Second
	slow := stats.ThresholdResult{
		Name: "verify_p95", Condition: "metrics.scenario.sign_in.step.verify.duration_ms.p95 < 60", Verdict: stats.Passed,
		Observed: []stats.Observed{{Name: "metrics.scenario.sign_in.step.verify.duration_ms.p95", Value: "40.7", Samples: 5180}},
		Window:   10 * time.Second, Evaluated: uint64(m.Seconds),
	}
	dropped := stats.ThresholdResult{
		Name: "schedule_kept", Condition: "metrics.iterations.dropped == 0", Verdict: stats.Passed, Evaluated: uint64(m.Seconds),
		Observed: []stats.Observed{{Name: "metrics.iterations.dropped", Value: "0", Samples: l.Iterations.Scheduled()}},
	}
	if m.Incident {
		l.Verdict = stats.Failed
		slow.Verdict, slow.BrokenAt = stats.Failed, at*6/10+4*time.Second
		slow.Message = "The 95th percentile of verify is 102.4 ms."
		slow.Observed[0].Value, slow.Observed[0].Samples = "102.4", 412
		dropped.Verdict, dropped.BrokenAt = stats.Failed, at*6/10+time.Second
		dropped.Message = "4 iterations were dropped: raise max_in_flight or lower the rate."
		dropped.Observed[0].Value = "4"
	}
	l.Thresholds = []stats.ThresholdResult{slow, dropped, {
		Name: "voice", Condition: `metrics.deliveries.voice.duration_ms.p95 < 8000`, Verdict: stats.Passed,
		Observed: []stats.Observed{{Name: "metrics.deliveries.voice.duration_ms.p95", Value: "3120", Samples: 211}}, Evaluated: 20,
	}}
	if m.Incident {
		l.Thresholds[2].Verdict, l.Thresholds[2].Observed = stats.NoData, nil
	}
}

func (m *maker) failures() {
	for _, r := range result.Reasons() {
		n := m.reasons[r]
		if n == 0 {
			continue
		}
		f := stats.Failure{
			Suite: "staging.hcl", Scenario: "sign_in", Address: "scenario.sign_in", Section: result.Body, Step: "verify",
			Kind: "descope_otp_verify", Reason: r, Outcome: result.Error, Count: n,
		}
		step := &result.Step{
			Section: result.Body, Name: "verify", Kind: f.Kind, Outcome: result.Error, Reason: r, Start: Noon(),
			Duration: 30 * time.Millisecond, Attempts: 1, Message: "The target answered 503.",
		}
		switch r {
		case result.ReasonAssertion:
			f.Outcome, step.Outcome, step.Message = result.Failure, result.Failure, "The session must be that of the user."
			step.Diagnostics = diag.List{{
				Severity: diag.Error, Summary: "Assertion failed", Detail: step.Message,
				Address: "scenario.sign_in.step.verify (descope_otp_verify), iteration 7211",
			}}
		case result.ReasonTimeout:
			step.Message = "No answer within 10 s."
		}
		if step.Diagnostics == nil {
			step.Exchanges = []result.Exchange{{
				Method: "POST", URL: "http://127.0.0.1:41233/v1/auth/otp/verify/sms", Endpoint: "/v1/auth/otp/verify/sms",
				Reason: r, Attempt: 1, Start: Noon(), Duration: 30 * time.Millisecond, Response: "<html>busy & <b>down</b></html>",
			}}
		}
		for i := range min(n, 3) {
			f.Samples = append(f.Samples, stats.Sample{
				Iteration: 7211 + i*1000, Seed: 99 + i, Start: Noon(), Duration: 48 * time.Millisecond, Message: step.Message, Step: step,
			})
		}
		m.load.Failures = append(m.load.Failures, f)
	}
}

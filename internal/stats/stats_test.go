package stats_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

const ms = time.Millisecond

func planned(names ...string) []stats.Case {
	var out []stats.Case
	for _, n := range names {
		out = append(out, stats.Case{Suite: "s", Scenario: n, Address: "scenario." + n})
	}
	return out
}

func iteration(scenario string, id uint64, o result.Outcome, steps ...result.Step) *result.Iteration {
	return &result.Iteration{
		Suite: "s", Scenario: scenario, Address: "scenario." + scenario, ID: id, Seed: 100 + id,
		Outcome: o, Duration: time.Duration(id+1) * ms, Steps: steps,
	}
}

func step(section result.Section, name string, o result.Outcome) result.Step {
	return result.Step{
		Section: section, Name: name, Kind: "pause", Outcome: o, Duration: 2 * ms, Attempts: 1,
		Exchanges: []result.Exchange{{Status: 200, Attempt: 1}},
	}
}

// TestAccountAddsUp puts any stream of outcomes through and compares the account.
func TestAccountAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		outcomes := rapid.SliceOf(rapid.SampledFrom(result.Outcomes())).Draw(t, "outcomes")
		a := stats.New(result.Run{}, planned("a", "b"))
		dropped := uint64(0)
		for i, o := range outcomes {
			if o == result.Dropped {
				dropped++
			}
			a.Add(iteration([]string{"a", "b"}[i%2], uint64(i), o))
		}
		s := a.Summary(stats.End{})
		if got, want := s.Iterations.Scheduled(), uint64(len(outcomes)); got != want {
			t.Fatalf("scheduled: got %d, want %d", got, want)
		}
		if got, want := s.Iterations.Started(), uint64(len(outcomes))-dropped; got != want {
			t.Fatalf("started: got %d, want %d", got, want)
		}
		var byCase, byOutcome uint64
		for _, c := range s.Cases {
			byCase += c.Iterations.Scheduled()
		}
		for _, o := range result.Outcomes() {
			byOutcome += s.Iterations.Of(o)
		}
		if byCase != uint64(len(outcomes)) || byOutcome != uint64(len(outcomes)) {
			t.Fatalf("by case %d, by outcome %d, want %d", byCase, byOutcome, len(outcomes))
		}
	})
}

func TestSummaryOfCasesAndSteps(t *testing.T) {
	t.Parallel()
	a := stats.New(result.Run{Seed: 42}, planned("never", "runs"))
	failed := step(result.Body, "a", result.Failure)
	failed.Reason, failed.Message = result.ReasonAssertion, "not equal"
	first := iteration("runs", 0, result.Failure, step(result.Setup, "user", result.Success), failed, step(result.Teardown, "away", result.Success))
	first.Reason, first.Message, first.Step = failed.Reason, failed.Message, "a"
	a.Add(first)
	refused := step(result.Body, "b", result.Success)
	refused.Expected, refused.Wait = true, 5*ms
	a.Add(iteration("runs", 1, result.Success, step(result.Setup, "user", result.Success), step(result.Body, "a", result.Success), refused))

	s := a.Summary(stats.End{Wall: time.Second})
	if len(s.Cases) != 2 || s.Cases[0].Scenario != "never" || s.Cases[0].Outcome != 0 {
		t.Fatalf("the case that never ran: %+v", s.Cases)
	}
	c := s.Cases[1]
	if c.Outcome != result.Failure || c.Note != "not equal" || c.Reason != result.ReasonAssertion {
		t.Errorf("got %v %q %q, want the failure", c.Outcome, c.Reason, c.Note)
	}
	if got, want := c.Duration.Max, 2*ms; got != want || c.Duration.Count != 2 {
		t.Errorf("duration: got %v of %d, want %v of 2", got, c.Duration.Count, want)
	}
	var order []string
	for _, st := range c.Steps {
		order = append(order, st.Name)
	}
	if d := cmp.Diff(order, []string{"user", "a", "b", "away"}); d != "" {
		t.Errorf("steps (-got +want):\n%s", d)
	}
	if b := c.Steps[2]; b.Expected != 1 || b.Wait.Max != 5*ms || b.Wait.Count != 1 || b.Executions.Success != 1 {
		t.Errorf("step b: %+v", b)
	}
	if got, want := s.Requests, (stats.Requests{Sent: 6, Answered: 6}); got != want {
		t.Errorf("requests: got %+v, want %+v", got, want)
	}
}

func TestFailuresAreGrouped(t *testing.T) {
	t.Parallel()
	a := stats.New(result.Run{}, planned("x"))
	for id := range uint64(10) {
		s := step(result.Body, "verify", result.Failure)
		s.Reason, s.ErrorCode = result.ReasonCodeRejected, "E061102"
		if id%2 == 1 {
			s.ErrorCode = "E061103"
		}
		a.Add(iteration("x", id, result.Failure, s))
	}
	a.Add(iteration("x", 10, result.Error)) // no step explains it

	got := a.Summary(stats.End{}).Failures
	if len(got) != 3 {
		t.Fatalf("got %d sorts, want 3: %+v", len(got), got)
	}
	for i, want := range []struct {
		code    string
		count   uint64
		samples []uint64
	}{{"E061102", 5, []uint64{0, 2, 4}}, {"E061103", 5, []uint64{1, 3, 5}}, {"", 1, []uint64{10}}} {
		var samples []uint64
		for _, s := range got[i].Samples {
			samples = append(samples, s.Iteration)
			if s.Seed != 100+s.Iteration {
				t.Errorf("sample %d has seed %d", s.Iteration, s.Seed)
			}
		}
		if got[i].ErrorCode != want.code || got[i].Count != want.count || !cmp.Equal(samples, want.samples) {
			t.Errorf("sort %d: got %s ×%d %v, want %s ×%d %v", i, got[i].ErrorCode, got[i].Count, samples, want.code, want.count, want.samples)
		}
	}
}

func TestTeardownFailureOfAFailedIterationIsTold(t *testing.T) {
	t.Parallel()
	a := stats.New(result.Run{}, planned("x"))
	it := iteration("x", 0, result.Failure, step(result.Body, "main", result.Failure), step(result.Teardown, "away", result.Error))
	it.TeardownFailed = true
	a.Add(it)
	passed := iteration("x", 1, result.Success, step(result.Body, "main", result.Failure)) // continue_on_failure
	a.Add(passed)
	got := a.Summary(stats.End{}).Failures
	if len(got) != 2 || got[0].Step != "main" || got[0].Count != 1 || got[1].Step != "away" {
		t.Errorf("got %+v", got)
	}
}

// TestMemoryIsBounded lets a hostile target make up a name for everything.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	a := stats.New(result.Run{}, planned("x"))
	const n = 1000
	for i := range n {
		code := fmt.Sprintf("E%06d", i)
		s := step(result.Body, "s", result.Failure)
		s.ErrorCode = code
		s.Exchanges[0].ErrorCode = code
		s.Delivery = &result.Delivery{Channel: code, Result: result.Delivered, Duration: ms}
		a.Add(iteration("x", uint64(i), result.Failure, s))
	}
	got := a.Summary(stats.End{})
	if len(got.Failures) > 65 || len(got.ErrorCodes) > 65 || len(got.Deliveries) > 65 {
		t.Errorf("%d sorts of failure, %d codes, %d channels", len(got.Failures), len(got.ErrorCodes), len(got.Deliveries))
	}
	total := uint64(0)
	for _, f := range got.Failures {
		total += f.Count
	}
	if total != n {
		t.Errorf("got %d failures, want %d", total, n)
	}
}

func TestTraffic(t *testing.T) {
	t.Parallel()
	a := stats.New(result.Run{}, planned("x"))
	send := step(result.Body, "send", result.Success)
	send.Sent = "sms"
	send.Exchanges = []result.Exchange{{Attempt: 1}, {Status: 429, Attempt: 2, ErrorCode: "E130429"}, {Status: 200, Attempt: 3}}
	wait := step(result.Body, "sms", result.Success)
	wait.Exchanges = nil
	wait.Delivery = &result.Delivery{Channel: "sms", Result: result.Delivered, Duration: 20 * ms}
	a.Add(iteration("x", 0, result.Success, send, wait))
	s := a.Summary(stats.End{})
	if got, want := s.Requests, (stats.Requests{Sent: 3, Answered: 2, Repeated: 2, RateLimited: 1}); got != want {
		t.Errorf("requests: got %+v, want %+v", got, want)
	}
	if d := cmp.Diff(s.Messages, []stats.Tally{{Name: "sms", Count: 1}}); d != "" {
		t.Errorf("messages (-got +want):\n%s", d)
	}
	if d := cmp.Diff(s.ErrorCodes, []stats.Tally{{Name: "E130429", Count: 1}}); d != "" {
		t.Errorf("error codes (-got +want):\n%s", d)
	}
	want := []stats.DeliverySummary{{Channel: "sms", Results: []stats.Tally{{Name: "delivered", Count: 1}}, Duration: stats.Times{Count: 1, Max: 20 * ms}}}
	if d := cmp.Diff(s.Deliveries, want, cmpopts.IgnoreFields(stats.Times{}, "Min", "P50", "P90", "P95", "P99", "P999", "Mean", "Sum")); d != "" {
		t.Errorf("deliveries (-got +want):\n%s", d)
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	answered := step(result.Body, "s", result.Success)
	unanswered := answered
	unanswered.Exchanges = []result.Exchange{{Reason: result.ReasonConnect}}
	for _, test := range []struct {
		name       string
		end        stats.End
		iterations []*result.Iteration
		want       stats.Verdict
	}{
		{"all right", stats.End{}, []*result.Iteration{iteration("x", 0, result.Success, answered)}, stats.Passed},
		{"without requests", stats.End{}, []*result.Iteration{iteration("x", 0, result.Success)}, stats.Passed},
		{"skipped beside success", stats.End{}, []*result.Iteration{iteration("x", 0, result.Success), iteration("y", 1, result.Skipped)}, stats.Passed},
		{"failure", stats.End{}, []*result.Iteration{iteration("x", 0, result.Success, answered), iteration("x", 1, result.Failure)}, stats.Failed},
		{"error", stats.End{}, []*result.Iteration{iteration("x", 0, result.Error, answered)}, stats.Failed},
		{"no answer at all", stats.End{}, []*result.Iteration{iteration("x", 0, result.Error, unanswered)}, stats.Unanswered},
		{"one answer", stats.End{}, []*result.Iteration{iteration("x", 0, result.Error, unanswered), iteration("x", 1, result.Success, answered)}, stats.Failed},
		{"interrupted beats failure", stats.End{Interrupted: true}, []*result.Iteration{iteration("x", 0, result.Failure)}, stats.Interrupted},
		{"locked out", stats.End{}, []*result.Iteration{lockedOut(result.ReasonHTTP4xx)}, stats.Refused},
		{"a refusal with an unexpected code", stats.End{}, []*result.Iteration{lockedOut(result.ReasonAssertion)}, stats.Failed},
		{"one let in", stats.End{}, []*result.Iteration{lockedOut(result.ReasonHTTP4xx), iteration("x", 1, result.Success, answered)}, stats.Failed},
		{"nothing ran", stats.End{}, nil, stats.NoData},
		{"all skipped", stats.End{}, []*result.Iteration{iteration("x", 0, result.Skipped)}, stats.NoData},
		{"one never judged", stats.End{}, []*result.Iteration{iteration("x", 0, result.Success), iteration("y", 1, result.Aborted)}, stats.NoData},
		{"dropped", stats.End{}, []*result.Iteration{iteration("x", 0, result.Success), iteration("x", 1, result.Dropped)}, stats.Inconclusive},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := stats.New(result.Run{}, planned("x"))
			for _, it := range test.iterations {
				a.Add(it)
			}
			if got := a.Summary(test.end).Verdict; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// lockedOut is an iteration that ended with a 401.
func lockedOut(reason result.Reason) *result.Iteration {
	s := step(result.Setup, "user", result.Failure)
	s.Status, s.Reason, s.Exchanges = 401, reason, []result.Exchange{{Status: 401}}
	it := iteration("x", 0, result.Error, s)
	it.Step, it.Reason = "user", result.ReasonSetup
	return it
}

func BenchmarkAdd(b *testing.B) {
	a := stats.New(result.Run{}, planned("x"))
	it := iteration("x", 3, result.Success, step(result.Body, "a", result.Success), step(result.Body, "b", result.Success),
		step(result.Body, "c", result.Success), step(result.Body, "d", result.Success))
	b.ReportAllocs()
	for b.Loop() {
		a.Add(it)
	}
}

package report_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
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
		t.Errorf("%s (-got +want):\n%s", name, d)
	}
}

const ms = time.Millisecond

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func run() result.Run {
	return result.Run{
		Version: "0.3.0", Seed: 42, Start: noon, Scenarios: 6, Iterations: 6,
		Targets: []result.Target{
			{Suite: "scenarios", Provider: "descope", BaseURL: "http://127.0.0.1:41233", ProjectID: "P2fXQ9", Kind: result.Emulator},
			{Suite: "prerelease.hcl", Provider: "descope.canary", BaseURL: "https://api.descope.com", ProjectID: "P2aaaaaa", Kind: result.Live},
		},
	}
}

func step(section result.Section, name, kind string, took time.Duration) result.Step {
	s := result.Step{
		Section: section, Name: name, Kind: kind, Outcome: result.Success, Status: 200, Attempts: 1,
		Start: noon, Duration: took,
	}
	if took > 0 {
		s.Exchanges = []result.Exchange{{
			Method: "POST", URL: "http://127.0.0.1:41233/v1/x", Endpoint: "/v1/x", Status: 200, Attempt: 1, Start: noon, Duration: took,
		}}
	}
	return s
}

func iteration(suite, name, key string, id uint64, o result.Outcome, took time.Duration, steps ...result.Step) *result.Iteration {
	address := "scenario." + name
	if key != "" {
		address += fmt.Sprintf("[%q]", key)
	}
	it := &result.Iteration{
		Suite: suite, Scenario: name, Key: key, Address: address, ID: id, Seed: 1000 + id,
		Outcome: o, Start: noon, Duration: took, Steps: steps,
	}
	for _, s := range steps {
		if s.Outcome == o && o != result.Success {
			it.Reason, it.Step, it.Message = s.Reason, s.Name, s.Message
		}
	}
	return it
}

func caseOf(it *result.Iteration) stats.Case {
	return stats.Case{
		Suite: it.Suite, Scenario: it.Scenario, Key: it.Key, Address: it.Address,
		Description: "What " + it.Scenario + " shows.", Tags: []string{"F01"},
	}
}

// assertion is a step whose assertion does not hold, with its evidence.
func assertion() result.Step {
	s := step(result.Body, "after", "descope_user_load", 4200*time.Microsecond)
	s.Outcome, s.Reason, s.Message = result.Failure, result.ReasonAssertion, "The new phone number must be stored and verified."
	code := `      condition     = self.user.phone == var.phone && self.user.verified_phone`
	from := strings.Index(code, "self")
	s.Diagnostics = diag.List{{
		Severity: diag.Error, Summary: "Assertion failed", Detail: s.Message,
		Address: `scenario.update_phone["sms"].step.after (descope_user_load), iteration 2`,
		Range: &diag.Range{
			Filename: "scenarios/update_phone.hcl", Start: diag.Pos{Line: 31, Column: 23, Byte: 700}, End: diag.Pos{Line: 31, Column: 79, Byte: 756},
		},
		Snippet: &diag.Snippet{
			Context: `scenario "update_phone", step "descope_user_load" "after", assert`, Code: code, StartLine: 31,
			HighlightStart: from, HighlightEnd: len(code),
		},
		Sections: []diag.Section{
			{Title: "1 of 2 conditions failed", Lines: []string{"self.user.phone == var.phone", `  left  is "+15555550100"`, `  right is "+15555550101"`}},
			{Title: "response", Lines: []string{"GET /v1/mgmt/user: 200 in 4.2 ms, attempt 1, request id 3fK9a"}},
		},
	}}
	return s
}

// refused is a step that failed with nothing but its exchange, from a target that
// tries to drive the terminal.
func refused() result.Step {
	s := step(result.Body, "verify", "descope_otp_verify", 2500*time.Microsecond)
	s.Outcome, s.Reason, s.ErrorCode, s.Status = result.Error, result.ReasonHTTP5xx, "E130\x1b[2J", 503
	s.Message = "The target answered 503 <unavailable> & \"busy\"."
	s.Exchanges[0].Status, s.Exchanges[0].Attempt, s.Exchanges[0].RequestID = 503, 2, "req\x07-1"
	s.Exchanges[0].Response = "<html>\x1b]0;owned\x07 ]]> down</html>"
	return s
}

// mixed is one iteration each of everything that can come out.
func mixed() *stats.Summary {
	const suite = "scenarios"
	sent := step(result.Body, "change", "descope_magiclink_update_phone", 12*ms)
	sent.Sent = "sms"
	received := step(result.Body, "sms", "inbox_message", 0)
	received.Wait = 1234 * ms
	received.Delivery = &result.Delivery{Inbox: "sms", Channel: "sms", Result: result.Delivered, Duration: 1234 * ms, Requests: 2}
	denied := step(result.Body, "again", "descope_magiclink_verify", 3*ms)
	denied.Expected, denied.Status, denied.ErrorCode = true, 401, "E062504"
	skippedStep := step(result.Body, "rest", "descope_me", 0)
	skippedStep.Outcome, skippedStep.Message = result.Skipped, "an earlier step failed"
	leftover := step(result.Teardown, "away", "descope_user_delete", 1*ms)
	leftover.Outcome, leftover.Reason, leftover.Message = result.Error, result.ReasonTimeout, "No answer within 30 s."
	leftover.Exchanges[0].Status, leftover.Exchanges[0].Reason = 0, result.ReasonTimeout
	broken := iteration(suite, "update_phone", "sms", 2, result.Failure, 1300*ms,
		step(result.Setup, "user", "descope_user_create", 3100*time.Microsecond), sent, received, assertion(), skippedStep, leftover)
	broken.Wait, broken.TeardownFailed = 1234*ms, true
	broken.Reason, broken.Step, broken.Message = result.ReasonAssertion, "after", assertion().Message
	skipped := iteration("prerelease.hcl", "voice_call", "", 4, result.Skipped, 0)
	skipped.Message = "runs on staging and production only, the target is an emulator"
	stopped := iteration("prerelease.hcl", "long_tour", "", 5, result.Aborted, 200*ms, step(result.Body, "first", "pause", 0))
	waiting := iteration(suite, "magiclink_sign_in", "email", 1, result.Success, 1255*ms, sent, received, denied)
	waiting.Wait = 1234 * ms
	all := []*result.Iteration{
		iteration(suite, "magiclink_sign_up", "", 0, result.Success, 48*ms, sent, denied),
		waiting,
		broken,
		iteration(suite, "otp_wrong_code", "", 3, result.Error, 9*ms, refused()),
		skipped, stopped,
	}
	cases := make([]stats.Case, 0, len(all)+1)
	for _, it := range all {
		cases = append(cases, caseOf(it))
	}
	cases = append(cases, stats.Case{Suite: "prerelease.hcl", Scenario: "last", Address: "scenario.last"})
	a := stats.New(run(), cases)
	for _, it := range all {
		a.Add(it)
	}
	return a.Summary(stats.End{Wall: 2413 * ms})
}

// passing is one file whose one scenario passed once.
func passing() *stats.Summary {
	sent := step(result.Body, "change", "descope_magiclink_update_phone", 12*ms)
	sent.Sent = "sms"
	received := step(result.Body, "sms", "inbox_message", 0)
	received.Wait = 21 * ms
	received.Delivery = &result.Delivery{Inbox: "sms", Channel: "sms", Result: result.Delivered, Duration: 20 * ms, Requests: 2}
	it := iteration("examples/update-phone.hcl", "update_phone", "", 0, result.Success, 41*ms,
		step(result.Setup, "user", "descope_user_create", 1100*time.Microsecond), sent, received,
		step(result.Body, "verify", "descope_magiclink_verify", 920*time.Microsecond))
	it.Wait = 21 * ms
	a := stats.New(run(), []stats.Case{caseOf(it)})
	a.Add(it)
	return a.Summary(stats.End{Wall: 66 * ms})
}

// many is ten thousand iterations with a few failures.
func many() *stats.Summary {
	const suite = "examples/update phone's.hcl"
	good := caseOf(iteration(suite, "sign_in", "", 0, result.Success, 0))
	bad := caseOf(iteration(suite, "update_phone", "sms", 0, result.Success, 0))
	a := stats.New(run(), []stats.Case{good, bad})
	for id := range uint64(10000) {
		took := time.Duration(10+id%40) * ms
		a.Add(iteration(suite, "sign_in", "", id, result.Success, took, step(result.Body, "signin", "descope_otp_sign_in", took/4)))
		s, outcome := step(result.Body, "after", "descope_user_load", took/5), result.Success
		if id%1000 == 7 {
			s, outcome = assertion(), result.Failure
			s.Diagnostics[0].Address = fmt.Sprintf(`scenario.update_phone["sms"].step.after (descope_user_load), iteration %d`, 20000+id)
		}
		a.Add(iteration(suite, "update_phone", "sms", 20000+id, outcome, took, step(result.Setup, "user", "descope_user_create", took/10), s))
	}
	return a.Summary(stats.End{Wall: 72 * time.Second})
}

// unanswered is thirty scenarios against a target that is not there.
func unanswered() *stats.Summary {
	var cases []stats.Case
	var all []*result.Iteration
	for id := range uint64(30) {
		s := step(result.Body, "send", "descope_otp_sign_in", ms)
		s.Outcome, s.Reason, s.Status, s.Message = result.Error, result.ReasonConnect, 0, "Nothing listens at 127.0.0.1:1."
		s.Exchanges[0].Status, s.Exchanges[0].Reason = 0, result.ReasonConnect
		it := iteration("scenarios", fmt.Sprintf("scenario_%02d", id), "", id, result.Error, 2*ms, s)
		all, cases = append(all, it), append(cases, caseOf(it))
	}
	a := stats.New(run(), cases)
	for _, it := range all {
		a.Add(it)
	}
	return a.Summary(stats.End{Wall: 5100 * ms})
}

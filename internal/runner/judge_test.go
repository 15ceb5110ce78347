package runner_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/steps"
)

func TestExpect(t *testing.T) {
	t.Parallel()
	reply := func(status int, code string) func() steps.Reply {
		return func() steps.Reply {
			if status < 300 {
				r := ok(nil)
				r.Status, r.Duration = status, 700*time.Millisecond
				return r
			}
			return refusal(status, code)
		}
	}
	garbage := func() steps.Reply {
		return steps.Reply{Status: 401, Reason: result.ReasonOther, Message: "the body is not JSON", Start: time.Now()}
	}
	unreached := func() steps.Reply {
		return steps.Reply{Unjudged: true, Reason: result.ReasonConnect, Message: "connect: refused"}
	}
	invalid := func() steps.Reply {
		return steps.Reply{Reason: result.ReasonTokenInvalid, Message: "exp: it expired", Start: time.Now()}
	}
	tests := map[string]struct {
		status, code string
		latency      time.Duration
		reply        func() steps.Reply
		outcome      result.Outcome
		reason       result.Reason
		expected     bool
		message      string
	}{
		"number":       {status: `401`, reply: reply(401, ""), outcome: result.Success, expected: true},
		"class":        {status: `"4xx"`, reply: reply(404, ""), outcome: result.Success, expected: true},
		"list":         {status: `[400, "5xx"]`, reply: reply(503, ""), outcome: result.Success, expected: true},
		"other status": {status: `401`, reply: reply(403, ""), outcome: result.Failure, reason: result.ReasonHTTP4xx, message: "expected status 401, got status 403"},
		"code":         {code: `"E061102"`, reply: reply(400, "E061102"), outcome: result.Success, expected: true},
		"codes":        {code: `["E1", "E2"]`, reply: reply(400, "E2"), outcome: result.Success, expected: true},
		"other code":   {code: `"E1"`, reply: reply(400, "E2"), outcome: result.Failure, reason: result.ReasonHTTP4xx, message: "expected error E1, got status 400, error E2"},
		"status without code": {status: `"4xx"`, code: `"E1"`, reply: reply(400, ""), outcome: result.Failure,
			reason: result.ReasonHTTP4xx, message: "expected error E1 with status 4xx, got status 400"},
		"unexpected success": {code: `"E061102"`, reply: reply(200, ""), outcome: result.Failure, reason: result.ReasonAssertion,
			message: "expected error E061102, the request succeeded with 200"},
		"another success": {status: `201`, reply: reply(200, ""), outcome: result.Failure, reason: result.ReasonAssertion,
			message: "expected status 201, got status 200"},
		"a broken body is no refusal": {status: `401`, reply: garbage, outcome: result.Failure, reason: result.ReasonOther,
			message: "expected status 401, got status 401, the body is not JSON"},
		"not reached":          {status: `401`, reply: unreached, outcome: result.Error, reason: result.ReasonConnect, message: "connect: refused"},
		"a refusal of our own": {code: `"token_invalid"`, reply: invalid, outcome: result.Success, expected: true},
		"latency":              {latency: time.Second, reply: reply(200, ""), outcome: result.Success},
		"too slow":             {latency: 500 * time.Millisecond, reply: reply(200, ""), outcome: result.Failure, reason: result.ReasonAssertion, message: "answered in 700 ms, expected at most 500ms"},
		"latency and a 401":    {latency: time.Second, reply: reply(401, ""), outcome: result.Failure, reason: result.ReasonHTTP4xx, message: "refused"},
		"null":                 {status: `null`, reply: reply(200, ""), outcome: result.Error, reason: result.ReasonOther, message: "expect could not be evaluated: Invalid expectation: It must be a number, a text, or a list of these, but it is null."},
		"no element":           {status: `[]`, reply: reply(200, ""), outcome: result.Error, reason: result.ReasonOther, message: "expect could not be evaluated: Invalid expectation: It must be a number, a text, or a list of these, but it is tuple with 0 elements."},
		"no sense":             {status: `{a = 1}`, reply: reply(200, ""), outcome: result.Error, reason: result.ReasonOther, message: "expect could not be evaluated: Invalid expectation: It must be a number, a text, or a list of these, but it is object with 1 attributes."},
		"without expect 404":   {reply: reply(404, ""), outcome: result.Failure, reason: result.ReasonHTTP4xx, message: "refused"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := body(t, "s", always("fake", tc.reply))
			s.Expect = &plan.Expect{MaxLatency: tc.latency}
			if tc.status != "" {
				s.Expect.Status = expr(t, tc.status)
			}
			if tc.code != "" {
				s.Expect.ErrorCode = expr(t, tc.code)
			}
			got := run(t, planOf(scenario("x", s)), runner.Environment{}, runner.Options{}).step(t, "s")
			if got.Outcome != tc.outcome || got.Reason != tc.reason || got.Expected != tc.expected || got.Message != tc.message {
				t.Errorf("got %s %s %t %q,\nwant %s %s %t %q", got.Outcome, got.Reason, got.Expected, got.Message, tc.outcome, tc.reason, tc.expected, tc.message)
			}
			if (got.Outcome > result.Success) != (len(got.Diagnostics) > 0) {
				t.Errorf("%s with %d diagnostics", got.Outcome, len(got.Diagnostics))
			}
		})
	}
}

func TestExpectedRefusalIsPublished(t *testing.T) {
	t.Parallel()
	s := body(t, "s", always("fake", func() steps.Reply { return refusal(401, "E061102") }))
	s.Expect = &plan.Expect{Status: expr(t, `401`)}
	s.Asserts = []plan.Assert{{Condition: expr(t, `self.error.code == "E061102" && !self.ok`)}}
	last := body(t, "last", succeeds("fake"))
	last.Asserts = []plan.Assert{{Condition: expr(t, `step.s.error.description == "no"`)}}
	if it := run(t, planOf(scenario("x", s, last)), runner.Environment{}, runner.Options{}).first(t); it.Outcome != result.Success {
		t.Errorf("%s: %s", it.Outcome, it.Message)
	}
}

func TestAllAssertsAreChecked(t *testing.T) {
	t.Parallel()
	s := body(t, "s", always("fake", func() steps.Reply {
		return ok(map[string]cty.Value{"n": cty.NumberIntVal(3), "jwt": cty.StringVal("a-secret-jwt")})
	}))
	s.Asserts = []plan.Assert{
		{Condition: expr(t, `self.n == 4 && self.ok`), Message: expr(t, `"n is ${self.n}."`)},
		{Condition: expr(t, `self.n == 3`)},
		{Condition: expr(t, `self.jwt == "x"`), Message: expr(t, `"not ${self.jwt}"`)},
		{Condition: expr(t, `self.jwt`)},
		{Condition: expr(t, `self.nope`)},
	}
	got := run(t, planOf(scenario("x", s)), runner.Environment{}, runner.Options{}).step(t, "s")
	if got.Outcome != result.Error || got.Reason != result.ReasonAssertion {
		t.Errorf("got %s %s: an assertion that can not be evaluated is an error", got.Outcome, got.Reason)
	}
	var summaries, details []string
	for _, d := range got.Diagnostics {
		summaries, details = append(summaries, d.Summary), append(details, d.Detail)
		if want := "scenario.x.step.s (fake), iteration 0"; d.Address != want {
			t.Errorf("address %q, want %q", d.Address, want)
		}
	}
	if diff := cmp.Diff(summaries, []string{"Assertion failed", "Assertion failed", "Invalid condition", "Unsupported attribute"}); diff != "" {
		t.Error(diff)
	}
	if got, want := details[:2], []string{"n is 3.", "The condition is false. Its error_message is not shown, because it refers to a sensitive value."}; !cmp.Equal(got, want) {
		t.Error(cmp.Diff(got, want))
	}
	lines := strings.Join(got.Diagnostics[0].Sections[0].Lines, "\n")
	for _, want := range []string{"self.n == 4", "left  is 3", "right is 4"} {
		if !strings.Contains(lines, want) {
			t.Errorf("the section lacks %q:\n%s", want, lines)
		}
	}
	if strings.Contains(lines, "self.ok") {
		t.Errorf("a condition that holds is shown:\n%s", lines)
	}
}

func TestScenarioAssert(t *testing.T) {
	t.Parallel()
	first := body(t, "s", succeeds("fake"), "id", `"me"`)
	check := &plan.Step{Section: result.Body, Name: "assert", Asserts: []plan.Assert{{Condition: expr(t, `step.s.id == "you"`)}}}
	got := run(t, planOf(scenario("x", first, check)), runner.Environment{}, runner.Options{}).step(t, "assert")
	if got.Outcome != result.Failure || got.Reason != result.ReasonAssertion {
		t.Errorf("got %s %s", got.Outcome, got.Reason)
	}
}

func TestArguments(t *testing.T) {
	t.Parallel()
	typed := succeeds("fake")
	typed.Args = []steps.Arg{
		{Name: "id", Type: cty.String, Required: true},
		{Name: "wait", Type: cty.String, Duration: true},
		{Name: "method", Type: cty.String, OneOf: []string{"sms", "email"}, Default: cty.StringVal("sms")},
		{Name: "count", Type: cty.Number},
	}
	typed.Check = func(args steps.Args) []steps.Problem {
		if args.String("id") == "bad" {
			return []steps.Problem{{Arg: "id", Detail: "The id is bad. Use another."}}
		}
		return nil
	}
	tests := map[string]struct {
		name, src, want string
	}{
		"null":     {"id", `local.nothing`, `argument id: Invalid argument: The argument "id" is required, but its value is null.`},
		"duration": {"wait", `"${iteration.id}x"`, `argument wait: Invalid argument: The argument "wait" must be a duration that is not negative, such as "250ms" or "5m".`},
		"one of":   {"method", `"m${iteration.id}"`, `argument method: Invalid argument: The argument "method" must be one of: sms, email.`},
		"type":     {"count", `"x${iteration.id}"`, `argument count: Incorrect argument type: The argument "count" takes number: a number is required.`},
		"check":    {"id", `iteration.id == 0 ? "bad" : "good"`, `argument id: Invalid argument: The id is bad. Use another.`},
		"error":    {"id", `step.nope.x`, `argument id: Unsupported attribute: This object does not have an attribute named "nope".`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := []string{tc.name, tc.src}
			if tc.name != "id" {
				args = append(args, "id", `"${iteration.id}"`)
			}
			sc := scenario("x", body(t, "s", typed, args...))
			sc.Locals = map[string]*eval.Expr{"nothing": expr(t, `null`)}
			got := run(t, planOf(sc), runner.Environment{}, runner.Options{}).step(t, "s")
			if got.Outcome != result.Error || got.Message != tc.want || got.Attempts != 0 {
				t.Errorf("got %s after %d attempts: %s\nwant %s", got.Outcome, got.Attempts, got.Message, tc.want)
			}
		})
	}
}

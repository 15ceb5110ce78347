package runner_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/steps"
)

func good() steps.Reply { return ok(nil) }
func bad() steps.Reply  { return refusal(401, "E061102") }

func TestSectionsAndOutcome(t *testing.T) {
	t.Parallel()
	type stepSpec struct {
		section result.Section
		name    string
		reply   func() steps.Reply
		change  func(*plan.Step)
	}
	goOn := func(s *plan.Step) { s.ContinueOnFailure = true }
	needs := func(names ...string) func(*plan.Step) {
		return func(s *plan.Step) {
			for _, n := range names {
				s.Needs = append(s.Needs, plan.StepRef{Name: n})
			}
		}
	}
	never := func(s *plan.Step) { s.When = eval.Constant(cty.False) }
	panics := func() steps.Reply { panic("boom") }
	tests := map[string]struct {
		steps   []stepSpec
		opts    runner.Options
		ran     string
		outcome result.Outcome
		reason  result.Reason
		step    string
	}{
		"in order": {
			steps: []stepSpec{
				{result.Setup, "a", good, nil}, {result.Body, "b", good, nil},
				{result.Body, "c", good, nil}, {result.Teardown, "d", good, nil},
			},
			ran: "a b c d", outcome: result.Success,
		},
		"a failure ends the body, not teardown": {
			steps: []stepSpec{{result.Body, "a", bad, nil}, {result.Body, "b", good, nil}, {result.Teardown, "c", good, nil}},
			ran:   "a c", outcome: result.Failure, reason: result.ReasonHTTP4xx, step: "a",
		},
		"continue_on_failure": {
			steps: []stepSpec{{result.Body, "a", bad, goOn}, {result.Body, "b", good, nil}},
			ran:   "a b", outcome: result.Failure, reason: result.ReasonHTTP4xx, step: "a",
		},
		"a failed setup is an error": {
			steps: []stepSpec{{result.Setup, "a", bad, nil}, {result.Body, "b", good, nil}, {result.Teardown, "c", good, nil}},
			ran:   "a c", outcome: result.Error, reason: result.ReasonSetup, step: "a",
		},
		"teardown leaves out what was not created": {
			steps: []stepSpec{
				{result.Setup, "user", good, nil}, {result.Body, "link", bad, nil},
				{result.Teardown, "drop_link", good, needs("link", "user")}, {result.Teardown, "drop_user", good, needs("user")},
			},
			ran: "user link drop_user", outcome: result.Failure, reason: result.ReasonHTTP4xx, step: "link",
		},
		"a failed teardown does not hide the failure": {
			steps: []stepSpec{{result.Body, "a", bad, nil}, {result.Teardown, "b", bad, nil}, {result.Teardown, "c", good, nil}},
			ran:   "a b c", outcome: result.Failure, reason: result.ReasonHTTP4xx, step: "a",
		},
		"a failed teardown makes a success an error": {
			steps: []stepSpec{{result.Body, "a", good, nil}, {result.Teardown, "b", bad, nil}, {result.Teardown, "c", good, nil}},
			ran:   "a b c", outcome: result.Error, reason: result.ReasonCleanup, step: "b",
		},
		"keep": {
			steps: []stepSpec{{result.Body, "a", good, nil}, {result.Teardown, "b", bad, nil}},
			opts:  runner.Options{Keep: true},
			ran:   "a", outcome: result.Success,
		},
		"one skipped step": {
			steps: []stepSpec{{result.Body, "a", good, never}, {result.Body, "b", good, nil}},
			ran:   "b", outcome: result.Success,
		},
		"all steps skipped": {
			steps: []stepSpec{{result.Setup, "s", good, nil}, {result.Body, "a", good, never}, {result.Body, "b", good, never}},
			ran:   "s", outcome: result.Skipped, step: "a",
		},
		"a panic is an error": {
			steps: []stepSpec{{result.Body, "a", panics, nil}, {result.Body, "b", good, nil}, {result.Teardown, "c", good, nil}},
			ran:   "a c", outcome: result.Error, reason: result.ReasonInternal, step: "a",
		},
		"the worst counts, the first of equals": {
			steps: []stepSpec{{result.Body, "a", bad, goOn}, {result.Body, "b", panics, goOn}, {result.Body, "c", panics, goOn}},
			ran:   "a b c", outcome: result.Error, reason: result.ReasonInternal, step: "b",
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var j journal
			var all []*plan.Step
			for _, spec := range tc.steps {
				s := step(t, spec.section, spec.name, j.noting("fake", spec.reply), "id", `"`+spec.name+`"`)
				if spec.change != nil {
					spec.change(s)
				}
				all = append(all, s)
			}
			o := run(t, planOf(scenario("x", all...)), runner.Environment{}, tc.opts)
			it := o.first(t)
			if got := strings.Join(j.events, " "); got != tc.ran {
				t.Errorf("ran %s, want %s", got, tc.ran)
			}
			if it.Outcome != tc.outcome || it.Reason != tc.reason || it.Step != tc.step {
				t.Errorf("got %s %s %q, want %s %s %q (%s)", it.Outcome, it.Reason, it.Step, tc.outcome, tc.reason, tc.step, it.Message)
			}
			if it.Outcome == result.Success && it.Message != "" {
				t.Errorf("a success says %q", it.Message)
			}
		})
	}
}

func TestSkippedTeardownSaysWhy(t *testing.T) {
	t.Parallel()
	cleanup := step(t, result.Teardown, "drop", succeeds("fake"))
	cleanup.Needs = []plan.StepRef{{Name: "user", Key: "b"}}
	users := make([]*plan.Step, 2)
	for i, key := range []string{"a", "b"} {
		users[i] = body(t, "user", always("fake", map[string]func() steps.Reply{"a": good, "b": bad}[key]))
		users[i].Key, users[i].ForEach, users[i].ContinueOnFailure = key, true, true
	}
	o := run(t, planOf(scenario("x", users[0], users[1], cleanup)), runner.Environment{}, runner.Options{})
	if got, want := o.step(t, "drop").Message, `step user["b"] did not complete`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCleanupDoesNotDependOnAssertions(t *testing.T) {
	t.Parallel()
	create := body(t, "user", succeeds("fake"))
	create.Asserts = []plan.Assert{{Condition: expr(t, `self.n == 1`)}}
	drop := step(t, result.Teardown, "drop", succeeds("fake"))
	drop.Needs = []plan.StepRef{{Name: "user"}}
	o := run(t, planOf(scenario("x", create, drop)), runner.Environment{}, runner.Options{})
	if got := o.step(t, "drop").Outcome; got != result.Success {
		t.Errorf("teardown is %s after a failed assertion", got)
	}
}

func TestResultIsPublishedInItsTypes(t *testing.T) {
	t.Parallel()
	first := body(t, "first", always("fake", func() steps.Reply {
		r := ok(map[string]cty.Value{"jwt": cty.StringVal("a-secret-jwt"), "n": cty.StringVal("7")})
		r.RequestID, r.Header = "rid", client.Header{{Name: "X-A", Value: "b"}, {Name: "Set-Cookie", Value: "DSR=a-secret-jwt"}}
		return r
	}), "id", `"me"`)
	var seen steps.Args
	second := body(t, "second", kind("fake", func(_ context.Context, _ *steps.Env, args steps.Args) steps.Reply {
		seen = args.Clone()
		return ok(nil)
	}), "id", `"${step.first.id} ${step.first.n + 1} ${step.first.status} ${step.first.request_id} ${jsonencode(step.first.headers)} ${step.first.error == null}"`,
		"token", "step.first.jwt")
	o := run(t, planOf(scenario("x", first, second)), runner.Environment{}, runner.Options{})
	if got := o.first(t); got.Outcome != result.Success {
		t.Fatalf("%s: %s", got.Outcome, got.Message)
	}
	if diff := cmp.Diff([]string{seen.String("id"), seen.String("token")},
		[]string{`me 8 200 rid {"x-a":"b"} true`, "a-secret-jwt"}); diff != "" {
		t.Error(diff)
	}
}

func TestSkippedStepHasNullResult(t *testing.T) {
	t.Parallel()
	left := body(t, "left", succeeds("fake"))
	left.When = expr(t, `1 == 2`)
	next := body(t, "next", succeeds("fake"))
	next.Asserts = []plan.Assert{{Condition: expr(t, `step.left == null`)}}
	o := run(t, planOf(scenario("x", left, next)), runner.Environment{}, runner.Options{})
	if got := o.first(t); got.Outcome != result.Success {
		t.Fatalf("%s: %s", got.Outcome, got.Message)
	}
	if got, want := o.step(t, "left").Message, "when is false: 1 == 2"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestForEachInstances(t *testing.T) {
	t.Parallel()
	var all []*plan.Step
	for _, key := range []string{"sms", "email"} {
		s := body(t, "send", succeeds("fake"), "id", "each.key")
		s.Key, s.ForEach, s.Each = key, true, eval.Each(key, cty.StringVal(key))
		all = append(all, s)
	}
	last := body(t, "last", succeeds("fake"))
	last.Asserts = []plan.Assert{{Condition: expr(t, `step.send["sms"].id == "sms" && step.send["email"].id == "email" && each.key == "outer"`)}}
	sc := scenario("x", append(all, last)...)
	sc.Each = eval.Each("outer", cty.StringVal("outer"))
	if got := run(t, planOf(sc), runner.Environment{}, runner.Options{}).first(t); got.Outcome != result.Success {
		t.Errorf("%s: %s", got.Outcome, got.Message)
	}
}

func TestOutputs(t *testing.T) {
	t.Parallel()
	s := body(t, "s", always("fake", func() steps.Reply {
		return ok(map[string]cty.Value{"jwt": cty.StringVal("a-secret-jwt"), "n": cty.NumberIntVal(3)})
	}))
	sc := scenario("x", s)
	sc.Outputs = []plan.Output{
		{Name: "n", Value: expr(t, `[step.s.n, "x"]`)},
		{Name: "declared", Value: expr(t, `step.s.n`), Sensitive: true},
		{Name: "marked", Value: expr(t, `"<${step.s.jwt}>"`)},
		{Name: "leaked", Value: text("see a-secret-jwt")},
	}
	got := map[string]string{}
	it := run(t, planOf(sc), runner.Environment{}, runner.Options{}).first(t)
	for _, out := range it.Outputs {
		got[out.Name] = string(out.Value)
	}
	want := map[string]string{"n": `[3,"x"]`, "declared": `"***"`, "marked": `"***"`, "leaked": `"see ***"`}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Error(diff)
	}

	sc.Outputs = []plan.Output{{Name: "n", Value: expr(t, `step.s.n.nope`)}, {Name: "fine", Value: text("x")}}
	it = run(t, planOf(sc), runner.Environment{}, runner.Options{}).first(t)
	if it.Outcome != result.Error || !strings.HasPrefix(it.Message, "output n: ") || len(it.Outputs) != 1 {
		t.Errorf("got %s %q with %d outputs", it.Outcome, it.Message, len(it.Outputs))
	}
}

func TestPanicTellsWhere(t *testing.T) {
	t.Parallel()
	o := run(t, planOf(scenario("x", body(t, "a", always("fake", func() steps.Reply { panic("boom") })))), runner.Environment{}, runner.Options{})
	d := o.step(t, "a").Diagnostics[0]
	stack := strings.Join(d.Sections[0].Lines, "\n")
	if !strings.Contains(d.Detail, "boom") || !strings.Contains(stack, "TestPanicTellsWhere") || strings.Contains(stack, "0x") && strings.Contains(stack, "({") {
		t.Errorf("got %s\n%s", d.Detail, stack)
	}
}

// A scenario that came to nothing must not count as a success.
func TestNothingToRunIsSkipped(t *testing.T) {
	t.Parallel()
	o := run(t, planOf(scenario("x")), runner.Environment{}, runner.Options{})
	if got := o.first(t); got.Outcome != result.Skipped || got.Message == "" {
		t.Errorf("got %s (%s), want skipped with a reason", got.Outcome, got.Message)
	}
}

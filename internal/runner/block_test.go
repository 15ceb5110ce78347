package runner_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/secret"
	"github.com/authbench/authbench/internal/steps"
)

func TestBlockArgumentShapesTheResult(t *testing.T) {
	t.Parallel()
	var seen map[string]string
	k := &steps.Kind{
		Name:    "text",
		Args:    []steps.Arg{{Name: "extract", Type: cty.Map(cty.String), Block: true}},
		Results: []steps.Attr{{Name: "extracted", Type: cty.EmptyObject, LikeBlock: "extract", Sensitive: true}},
		Run: func(_ context.Context, _ *steps.Env, args steps.Args) steps.Reply {
			seen = args.Strings("extract")
			found := map[string]cty.Value{}
			for name := range seen {
				found[name] = cty.StringVal("found " + name)
			}
			return ok(map[string]cty.Value{"extracted": cty.ObjectVal(found)})
		},
	}
	s := body(t, "s", k)
	s.Args = []plan.Arg{{Spec: &k.Args[0], Pairs: []plan.Pair{
		{Name: "code", Value: expr(t, `"c${iteration.id}"`)}, {Name: "token", Value: text("t")},
	}}}
	s.Asserts = []plan.Assert{{Condition: expr(t, `self.extracted.code == "found code" && self.extracted.token == "found token"`)}}
	if it := run(t, planOf(scenario("x", s)), runner.Environment{}, runner.Options{}).first(t); it.Outcome != result.Success {
		t.Errorf("%s: %s", it.Outcome, it.Message)
	}
	if diff := cmp.Diff(seen, map[string]string{"code": "c0", "token": "t"}); diff != "" {
		t.Error(diff)
	}

	s.Args[0].Pairs[0].Value = expr(t, `step.nope`)
	if it := run(t, planOf(scenario("x", s)), runner.Environment{}, runner.Options{}).first(t); it.Outcome != result.Error {
		t.Errorf("a pair that can not be evaluated is %s", it.Outcome)
	}
}

func TestAKindThatBreaksItsWord(t *testing.T) {
	t.Parallel()
	s := body(t, "s", always("fake", func() steps.Reply { return ok(map[string]cty.Value{"n": cty.StringVal("many")}) }))
	s.Asserts = []plan.Assert{{Condition: expr(t, `self.n == 7`)}}
	it := run(t, planOf(scenario("x", s)), runner.Environment{}, runner.Options{}).first(t)
	if it.Outcome != result.Error || it.Reason != result.ReasonInternal {
		t.Errorf("got %s %s", it.Outcome, it.Reason)
	}
}

func TestSecretsOfProvidersAndInboxes(t *testing.T) {
	t.Parallel()
	provider := &plan.Provider{
		Name: "descope",
		Kind: &steps.Provider{Args: []steps.Arg{{Name: "management_key", Type: cty.String, Sensitive: true}, {Name: "project_id", Type: cty.String}}},
		Args: steps.ArgsOf(map[string]cty.Value{"management_key": cty.StringVal("the-management-key"), "project_id": cty.StringVal("the-project")}),
		TLS:  plan.TLS{Key: secret.New("the-tls-key")},
	}
	s := body(t, "s", always("fake", func() steps.Reply {
		r := refusal(400, "")
		r.Message = "the-project the-management-key the-tls-key the-inbox-token"
		return r
	}))
	p := planOf(scenario("x", s))
	p.Providers, p.Inboxes = []*plan.Provider{provider}, []*plan.Inbox{{Name: "sms", Token: secret.New("the-inbox-token")}}
	if got, want := run(t, p, runner.Environment{}, runner.Options{}).first(t).Message, "the-project *** *** ***"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

package runner_test

import (
	"context"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/steps"
)

// TestConstantArguments has the room of a call used again and again: what is constant
// stays, secrets among it, and what is not is that of its iteration.
func TestConstantArguments(t *testing.T) {
	t.Parallel()
	k := kind("fake", func(_ context.Context, _ *steps.Env, args steps.Args) steps.Reply {
		return steps.Reply{Status: 400, Reason: result.ReasonHTTP4xx, Message: args.String("id") + " " + args.String("to") + " " + args.String("token")}
	})
	s := body(t, "s", k, "id", `"known-to-all"`, "to", `iteration.id == 1 ? null : "to-${iteration.id}"`, "token", `"token-${iteration.id}"`)
	for i := range s.Args {
		if s.Args[i].Spec.Name == "id" {
			s.Args[i].Value = eval.Constant(cty.StringVal("known-to-all").Mark(eval.Sensitive))
		}
	}
	o := run(t, planOf(scenario("x", s)), runner.Environment{}, runner.Options{Repeat: 3, Parallelism: 1})
	for i, want := range []string{"*** to-0 ***", "***  ***", "*** to-2 ***"} {
		if got := o.iterations[i].Message; got != want {
			t.Errorf("iteration %d says %q, want %q", i, got, want)
		}
	}
}

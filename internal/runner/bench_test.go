package runner_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/secret"
	"github.com/authbench/authbench/internal/steps"
)

// instant is a client that answers at once: what is left is our own work.
type instant struct{}

func (instant) Do(context.Context, *client.Request) (*client.Response, error) {
	return &client.Response{Status: 200, Timing: client.Timing{Start: time.Now()}}, nil
}

func (instant) Close() {}

// BenchmarkIteration is the runner's own cost of a four-step iteration: sign in,
// verify, ask for a change, verify, with tokens passed on and one assertion.
func BenchmarkIteration(b *testing.B) {
	p := fourSteps(b)
	b.ReportAllocs()
	b.ResetTimer()
	account, err := runner.Run(b.Context(), b.Context(), []*plan.Plan{p}, runner.Environment{HTTP: instant{}}, runner.Options{
		Repeat: b.N, Parallelism: 1, Emit: func(*result.Iteration) {},
	})
	if err != nil || account.Success != b.N {
		b.Fatalf("got %+v, %v", account, err)
	}
}

func fourSteps(t testing.TB) *plan.Plan {
	jwt := "eyJhbGciOiJSUzI1NiJ9." + strings.Repeat("payload", 70) + "." + strings.Repeat("sig", 110)
	k := kind("fake", func(ctx context.Context, env *steps.Env, args steps.Args) steps.Reply {
		resp, err := env.Do(ctx, env.HTTP, "/v1/auth/x", &client.Request{Method: "POST", URL: "https://api.example.test/v1/auth/x"})
		if err != nil {
			return steps.Faulted(err)
		}
		return steps.Reply{
			OK: true, Status: resp.Status, Start: resp.Start, Duration: resp.Duration,
			Header: client.Header{{Name: "Content-Type", Value: "application/json"}, {Name: "Date", Value: "Mon"}},
			Values: steps.Fixed{"jwt": cty.StringVal(jwt), "n": cty.NumberIntVal(7)},
		}
	})
	steps := []*plan.Step{
		body(t, "signin", k, "id", `local.login_id`),
		body(t, "verify", k, "id", `local.login_id`, "token", `step.signin.jwt`),
		body(t, "change", k, "id", `step.signin.id`, "to", `"+12025550100"`, "token", `step.verify.jwt`),
		body(t, "confirm", k, "id", `"${step.change.id}-x"`, "token", `step.change.jwt`),
	}
	steps[3].Asserts = []plan.Assert{{Condition: expr(t, `self.status == 200 && self.n == step.verify.n`)}}
	sc := scenario("x", steps...)
	sc.Locals = map[string]*eval.Expr{"login_id": expr(t, `"authbench+${iteration.uuid}@example.test"`)}
	p := planOf(sc)
	sc.Compile(p.Globals)
	p.Secrets = []secret.String{secret.New("management-key-of-the-run")}
	return p
}

package runner_test

import (
	"context"
	"strings"
	"syscall"
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
// verify, ask for a change, verify, with tokens passed on and one assertion. The kind
// reads its results like those that talk to a real service. CPU is told apart, because
// that is what a busy machine does not blur.
func BenchmarkIteration(b *testing.B) {
	b.Run("kept", func(b *testing.B) {
		p := fourSteps(b)
		defer cpu(b)()
		account, err := runner.Run(b.Context(), b.Context(), []*plan.Plan{p}, runner.Environment{HTTP: instant{}}, runner.Options{
			Repeat: b.N, Parallelism: 1, Emit: func(*result.Iteration) {},
		})
		if err != nil || account.Success != b.N {
			b.Fatalf("got %+v, %v", account, err)
		}
	})
	b.Run("lent", func(b *testing.B) {
		p := fourSteps(b)
		defer cpu(b)()
		account, err := runner.RunLoad(b.Context(), b.Context(), p, iterations(p.Scenarios[0], uint64(b.N), 1), runner.Environment{HTTP: instant{}}, runner.LoadOptions{
			Emit: func(*result.Iteration) {},
		})
		if err != nil || account.Success != uint64(b.N) {
			b.Fatalf("got %+v, %v", account.LoadCounts, err)
		}
	})
}

// cpu reports the processor time that a benchmark takes.
func cpu(b *testing.B) (done func()) {
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	b.ReportAllocs()
	before := used()
	b.ResetTimer()
	return func() { b.ReportMetric(float64(used()-before)/float64(b.N), "cpu-ns/op") }
}

// answer is what the kind of the benchmark reads its results from.
type answer struct{ jwt string }

func (a *answer) Value(name string) cty.Value {
	v, _ := a.At(name, nil)
	return v.Cty()
}

func (a *answer) At(name string, path []string) (eval.Value, bool) {
	switch {
	case len(path) > 0:
		return eval.Value{}, false
	case name == "jwt":
		return eval.Text(a.jwt), true
	case name == "n":
		return eval.Int(7), true
	}
	return eval.Value{}, true
}

func fourSteps(t testing.TB) *plan.Plan {
	jwt := "eyJhbGciOiJSUzI1NiJ9." + strings.Repeat("payload", 70) + "." + strings.Repeat("sig", 110)
	answers := &answer{jwt}
	header := client.Header{{Name: "Content-Type", Value: "application/json"}, {Name: "Date", Value: "Mon"}}
	k := kind("fake", func(ctx context.Context, env *steps.Env, args steps.Args) steps.Reply {
		resp, err := env.Do(ctx, env.HTTP, "/v1/auth/x", &client.Request{Method: "POST", URL: "https://api.example.test/v1/auth/x"})
		if err != nil {
			return steps.Faulted(err)
		}
		return steps.Reply{
			OK: true, Status: resp.Status, Start: resp.Start, Duration: resp.Duration,
			Header: header,
			Values: answers,
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

package runner_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"go.uber.org/goleak"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/steps"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// expr parses an expression as a file would hold it.
func expr(t testing.TB, src string) *eval.Expr {
	t.Helper()
	node, diags := hclsyntax.ParseExpression([]byte(src), "test.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("parsing %s: %v", src, diags)
	}
	files := eval.Files{"test.hcl": {Bytes: []byte(src)}}
	return eval.New(node, eval.Site{Files: files, Range: node.Range()})
}

func text(s string) *eval.Expr { return eval.Constant(cty.StringVal(s)) }

// runFunc is what a fake kind does in an attempt.
type runFunc func(ctx context.Context, env *steps.Env, args steps.Args) steps.Reply

// kind makes a kind with the arguments and results that the tests use: `id` is
// repeated in the result, `token` and `jwt` are secret.
func kind(name string, run runFunc) *steps.Kind {
	return &steps.Kind{
		Name: name,
		Args: []steps.Arg{
			{Name: "id", Type: cty.String, Echo: true},
			{Name: "token", Type: cty.String, Sensitive: true},
			{Name: "to", Type: cty.String},
		},
		Results: []steps.Attr{
			{Name: "jwt", Type: cty.String, Sensitive: true},
			{Name: "n", Type: cty.Number},
		},
		Requests:   func(steps.Args) []steps.Route { return []steps.Route{{Method: "POST", Path: "/v1/x"}} },
		Idempotent: true,
		Run:        run,
	}
}

func ok(values map[string]cty.Value) steps.Reply {
	return steps.Reply{OK: true, Status: 200, Start: time.Now(), Values: steps.Fixed(values)}
}

func refusal(status int, code string) steps.Reply {
	r := steps.Reply{Status: status, Reason: result.ReasonHTTP4xx, Message: "refused", Start: time.Now()}
	if status >= 500 {
		r.Reason = result.ReasonHTTP5xx
	}
	if status == 429 {
		r.Reason = result.ReasonRateLimited
	}
	if code != "" {
		r.Problem = &steps.APIError{Code: code, Description: "no"}
	}
	return r
}

// always makes a kind with one reply.
func always(name string, reply func() steps.Reply) *steps.Kind {
	return kind(name, func(context.Context, *steps.Env, steps.Args) steps.Reply { return reply() })
}

func succeeds(name string) *steps.Kind {
	return always(name, func() steps.Reply { return ok(nil) })
}

// step makes a step; args are name and expression in turn.
func step(t testing.TB, section result.Section, name string, k *steps.Kind, args ...string) *plan.Step {
	t.Helper()
	s := &plan.Step{Section: section, Name: name, Kind: k, Timeout: 30 * time.Second}
	for i := 0; i < len(args); i += 2 {
		j := slices.IndexFunc(k.Args, func(a steps.Arg) bool { return a.Name == args[i] })
		s.Args = append(s.Args, plan.Arg{Spec: &k.Args[j], Value: expr(t, args[i+1])})
	}
	return s
}

func body(t testing.TB, name string, k *steps.Kind, args ...string) *plan.Step {
	t.Helper()
	return step(t, result.Body, name, k, args...)
}

// scenario sorts steps into their sections.
func scenario(name string, all ...*plan.Step) *plan.Scenario {
	sc := &plan.Scenario{Suite: "suite", Name: name, Address: "scenario." + name, Timeout: 5 * time.Minute}
	for _, s := range all {
		switch s.Section {
		case result.Setup:
			sc.Setup = append(sc.Setup, s)
		case result.Teardown:
			sc.Teardown = append(sc.Teardown, s)
		default:
			sc.Body = append(sc.Body, s)
		}
	}
	return sc
}

func planOf(scenarios ...*plan.Scenario) *plan.Plan {
	empty := cty.EmptyObjectVal
	globals := &eval.Globals{
		Vars: empty, Locals: empty, Path: empty, Providers: empty, Run: empty,
		Functions: eval.Functions("."),
	}
	for i, sc := range scenarios {
		sc.Place = i
	}
	return &plan.Plan{Suite: "suite", Scenarios: scenarios, Size: len(scenarios), Globals: globals}
}

// outcome is a run with everything it emitted.
type outcome struct {
	account    runner.Account
	iterations []*result.Iteration
}

func (o outcome) first(t testing.TB) *result.Iteration {
	t.Helper()
	if len(o.iterations) == 0 {
		t.Fatal("nothing was run")
	}
	return o.iterations[0]
}

func (o outcome) step(t testing.TB, name string) result.Step {
	t.Helper()
	for _, s := range o.first(t).Steps {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("step %s has no record", name)
	return result.Step{}
}

func run(t testing.TB, p *plan.Plan, env runner.Environment, opts runner.Options) outcome {
	t.Helper()
	return runIn(t, t.Context(), context.WithoutCancel(t.Context()), p, env, opts)
}

func runIn(t testing.TB, ctx, cleanup context.Context, p *plan.Plan, env runner.Environment, opts runner.Options) outcome {
	t.Helper()
	var o outcome
	for _, sc := range p.Scenarios {
		sc.Compile(p.Globals)
	}
	opts.Emit = func(it *result.Iteration) { o.iterations = append(o.iterations, it) }
	account, err := runner.Run(ctx, cleanup, []*plan.Plan{p}, env, opts)
	if err != nil {
		t.Fatalf("running: %v", err)
	}
	o.account = account
	if sum := account.Success + account.Failure + account.Error + account.Skipped + account.Aborted; sum != account.Started {
		t.Errorf("the account %+v does not add up", account)
	}
	if len(o.iterations) != account.Started {
		t.Errorf("%d iterations emitted, %d started", len(o.iterations), account.Started)
	}
	return o
}

// journal notes events in order. It is safe for concurrent use.
type journal struct {
	mu     sync.Mutex
	events []string
}

func (j *journal) add(e string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.events = append(j.events, e)
}

// noting makes a kind that notes its id and replies.
func (j *journal) noting(name string, reply func() steps.Reply) *steps.Kind {
	return kind(name, func(_ context.Context, _ *steps.Env, args steps.Args) steps.Reply {
		j.add(args.String("id"))
		return reply()
	})
}

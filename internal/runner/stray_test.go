package runner_test

import (
	"context"
	"errors"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/steps"
)

// recorder is a client that opens no socket and keeps what it was asked for.
type recorder struct{ asked chan string }

func (r recorder) Do(_ context.Context, req *client.Request) (*client.Response, error) {
	r.asked <- req.URL
	return nil, errors.New("no socket here")
}

func (recorder) Close() {}

// TestLoadSendsNowhereElse: what only the run knows must not make a load send to a target
// that nothing bounds and nobody agreed to. A test may.
func TestLoadSendsNowhereElse(t *testing.T) {
	t.Parallel()
	live := func(rate float64) *plan.Provider {
		return &plan.Provider{
			Name: "descope", Limits: plan.Limits{RequestsPerSecond: rate},
			Args: steps.ArgsOf(map[string]cty.Value{"base_url": cty.StringVal("https://Live.test:443/v1")}),
		}
	}
	for name, tt := range map[string]struct {
		url      string
		provider *plan.Provider
		opened   bool
		refused  string // empty when it is sent
	}{
		"this machine":         {url: "http://127.0.0.1:81/x"},
		"elsewhere":            {url: "http://192.0.2.1:81/x", refused: "192.0.2.1:81"},
		"name in front":        {url: "http://127.0.0.1@192.0.2.1/x", refused: "192.0.2.1"},
		"name that looks like": {url: "http://localhost.live.test/", refused: "localhost.live.test"},
		"beside a provider":    {url: "https://live.test:444/", provider: live(10), opened: true, refused: "live.test:444"},
		"provider":             {url: "https://live.test/x", provider: live(10), opened: true},
		"no limits":            {url: "https://live.test/x", provider: live(0), opened: true, refused: "live.test"},
		"never opened":         {url: "https://live.test/x", provider: live(10), refused: "live.test"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := recorder{make(chan string, 2)}
			k := kind("fetch", func(ctx context.Context, env *steps.Env, _ steps.Args) steps.Reply {
				_, err := env.Do(ctx, env.HTTP, "other", &client.Request{Method: "GET", URL: tt.url})
				return steps.Faulted(err)
			})
			k.URL = func(steps.Args) string { return tt.url }
			sc := scenario("x", body(t, "s", k))
			p := planOf(sc)
			env := runner.Environment{HTTP: c, Clients: map[*plan.Provider]client.Client{}}
			if tt.provider != nil {
				p.Providers = []*plan.Provider{tt.provider}
			}
			if tt.opened {
				env.Clients[tt.provider] = c
			}
			var got result.Step
			if _, err := runner.RunLoad(t.Context(), t.Context(), p, iterations(sc, 1, 1), env, runner.LoadOptions{
				Emit: func(it *result.Iteration) { got.Outcome, got.Message = it.Outcome, it.Steps[0].Message },
			}); err != nil {
				t.Fatal(err)
			}
			if want := "not sent: " + tt.refused + " is a live target without limits"; tt.refused != "" && (got.Outcome != result.Error || got.Message != want) {
				t.Errorf("got %s %q, want an error: %s", got.Outcome, got.Message, want)
			}
			if sent := len(c.asked); (sent == 0) != (tt.refused != "") {
				t.Errorf("%d requests were sent", sent)
			}
			if run(t, p, env, runner.Options{}); len(c.asked) == 0 {
				t.Error("a test must send as before")
			}
		})
	}
}

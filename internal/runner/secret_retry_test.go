package runner_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/steps"
)

// telling is a client whose answers hold a secret that only the kind knows to be one.
type telling struct{}

func (telling) Do(context.Context, *client.Request) (*client.Response, error) {
	return &client.Response{Status: 503, Body: []byte("wait, " + jwtCanary + " and " + otherCanary), Timing: client.Timing{Start: time.Now()}}, nil
}

func (telling) Close() {}

// What an answer held stays secret when another attempt, or none, takes its place.
func TestSecretsOfEarlierAttempts(t *testing.T) {
	t.Parallel()
	for name, limits := range map[string]plan.Limits{
		"repeated":    {},
		"not sent":    {RequestsPerSecond: 0.001, Burst: 1},
		"no messages": {MaxMessages: 1},
	} {
		asked := 0
		k := kind("fake", func(ctx context.Context, env *steps.Env, _ steps.Args) steps.Reply {
			_, _ = env.Do(ctx, env.HTTP, "other", &client.Request{Method: "POST", URL: "http://x.test/"})
			r := refusal(503, "")
			if asked++; asked == 1 {
				r.Values, r.Secrets = steps.Fixed{"jwt": cty.StringVal(jwtCanary)}, []string{otherCanary}
			}
			return r
		})
		k.Sends = func(steps.Args) string { return "sms" }
		p, env := limited(t, limits, k)
		env.HTTP = telling{}
		p.Scenarios[0].Body[0].Retry = &plan.Retry{Attempts: 2, On: []string{"5xx"}, MinDelay: time.Second}
		synctest.Test(t, func(t *testing.T) {
			it := run(t, p, env, runner.Options{}).first(t)
			doc, err := json.Marshal(it)
			if err != nil {
				t.Fatal(err)
			}
			if it.Outcome == result.Success || !strings.Contains(string(doc), "wait, ") {
				t.Errorf("%s: nothing is shown of %s", name, doc)
			}
			if strings.Contains(string(doc), jwtCanary) || strings.Contains(string(doc), otherCanary) {
				t.Errorf("%s: a secret is shown in %s", name, doc)
			}
		})
	}
}

package runner_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/steps"
)

// echoed are results that are read out of the answer's own bytes.
type echoed struct{ body []byte }

func (e *echoed) Value(name string) cty.Value {
	if name != "n" {
		return cty.NilVal
	}
	v, _ := e.At(name, nil)
	return v.Cty()
}

func (e *echoed) At(name string, _ []string) (eval.Value, bool) {
	if name != "n" {
		return eval.Value{}, true
	}
	n, err := strconv.ParseInt(strings.TrimLeft(string(e.body), "."), 10, 64)
	return eval.Int(n), err == nil
}

// reusing sends its id and reads it back, in the memory of the answers before.
func reusing(address string) *steps.Kind {
	return kind("echo", func(ctx context.Context, env *steps.Env, args steps.Args) steps.Reply {
		id := args.String("id")
		req := env.Request()
		req.Method, req.URL = http.MethodPost, address
		req.Body = env.Keep(append(env.Room(40), id...))
		resp, err := env.Do(ctx, env.HTTP, "other", req)
		if err != nil {
			return steps.Faulted(err)
		}
		var v *echoed
		if env.Spare != nil {
			v, _ = env.Spare.Values.(*echoed)
		}
		if v == nil {
			v = new(echoed)
		}
		*v = echoed{resp.Body}
		r := steps.Reply{
			OK: resp.Status == http.StatusOK, Status: resp.Status, Start: resp.Start, Duration: resp.Duration,
			RequestID: resp.Header.Get("X-Echo"), Header: resp.Header, Values: v,
		}
		if r.Reason = result.ReasonHTTP4xx; resp.Status >= 500 {
			r.Reason = result.ReasonHTTP5xx
		}
		env.Note("", r.RequestID)
		return r
	})
}

// The memory of answers is used again by later iterations, and no iteration sees
// anything of another one: not in its results, nor in the evidence of all its attempts.
func TestAnswersAreNotShared(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	asked := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		n, _ := strconv.Atoi(string(body))
		mu.Lock()
		asked[string(body)]++
		first := asked[string(body)] == 1
		mu.Unlock()
		w.Header().Set("X-Echo", string(body))
		switch {
		case n%5 == 1 && first:
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, "later")
			return
		case n%7 == 3:
			w.WriteHeader(http.StatusUnauthorized)
		}
		_, _ = io.WriteString(w, strings.Repeat(".", n*37%200)+string(body))
	}))
	defer server.Close()
	c, err := client.New(client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()

	retried := func(s *plan.Step) *plan.Step {
		s.Retry = &plan.Retry{Attempts: 2, On: []string{"5xx"}, MinDelay: time.Millisecond}
		s.Asserts = []plan.Assert{{Condition: expr(t, `"x${self.n}" == "x${self.id}" && self.request_id == self.id && self.headers["x-echo"] == self.id`)}}
		return s
	}
	k := reusing(server.URL)
	sc := scenario("x",
		retried(body(t, "a", k, "id", `"${1000 + iteration.id * 2}"`)),
		retried(body(t, "b", k, "id", `"${step.a.n + 1}"`)),
		retried(body(t, "c", k, "id", `"x${step.a.request_id}" == "x${step.a.n}" && step.b.n == step.a.n + 1 ? step.a.id : "bad"`)),
	)
	failed, again := 0, 0
	account, err := runner.RunLoad(t.Context(), t.Context(), planOf(sc), iterations(sc, 300, 8), runner.Environment{HTTP: c}, runner.LoadOptions{
		Emit: func(it *result.Iteration) {
			mu.Lock()
			defer mu.Unlock()
			for i := range it.Steps {
				s := &it.Steps[i]
				id := fmt.Sprint(1000 + it.ID*2 + uint64(i%2))
				if s.Outcome <= result.Success {
					continue
				}
				failed++
				if s.Status != http.StatusUnauthorized {
					t.Errorf("iteration %d, step %s: %s %+v", it.ID, s.Name, s.Message, s.Diagnostics)
				}
				for _, x := range s.Exchanges {
					want := id
					if x.Status == http.StatusServiceUnavailable {
						want = "later"
						again++
					}
					if x.Request != id || strings.TrimLeft(x.Response, ".") != want || x.RequestID != id {
						t.Errorf("iteration %d, step %s shows %+v", it.ID, s.Name, x)
					}
				}
			}
		},
	})
	if err != nil || failed == 0 || again == 0 || account.Success == 0 || account.Success+account.Failure != 300 {
		t.Errorf("got %+v, %d failed steps, %v", account.LoadCounts, failed, err)
	}
}

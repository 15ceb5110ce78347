package generic_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
	"go.uber.org/goleak"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
	"github.com/authbench/authbench/internal/steps/generic"
	"github.com/authbench/authbench/internal/steps/stepstest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func text(s string) cty.Value { return cty.StringVal(s) }

func kind(t *testing.T, name string) *steps.Kind {
	t.Helper()
	for _, k := range generic.Kinds() {
		if k.Name == name {
			return k
		}
	}
	t.Fatalf("no kind %q", name)
	return nil
}

func TestEveryKind(t *testing.T) {
	t.Parallel()
	for _, k := range generic.Kinds() {
		switch k.Name {
		case "http_request": // TestRequestSuite
		case "pause":
			stepstest.Run(t, stepstest.Case{Kind: k, Args: steps.ArgsOf(map[string]cty.Value{"duration": text("1s")})})
		default:
			stepstest.Run(t, stepstest.Case{Kind: k, Args: steps.ArgsOf(map[string]cty.Value{"to": text("x"), "extract": cty.MapVal(map[string]cty.Value{"a": text("(.)")})}), Body: "x"})
		}
	}
}

func TestPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		run := func(ctx context.Context, d string) steps.Reply {
			return kind(t, "pause").Attempt(ctx, &steps.Env{}, steps.ArgsOf(map[string]cty.Value{"duration": text(d)}))
		}
		if r := run(t.Context(), "3s"); !r.OK || r.Wait != 3*time.Second || r.Duration != 0 {
			t.Errorf("ok %v after %s of waiting and %s of service", r.OK, r.Wait, r.Duration)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if r := run(ctx, "3s"); r.OK || r.Unjudged || r.Reason != result.ReasonTimeout || r.Wait != time.Second {
			t.Errorf("timeout: ok %v, reason %s after %s", r.OK, r.Reason, r.Wait)
		}
		gone, stop := context.WithCancel(t.Context())
		stop()
		if r := run(gone, "0s"); r.OK || !r.Unjudged || r.Reason != result.ReasonCanceled {
			t.Errorf("cancelled: ok %v, reason %s", r.OK, r.Reason)
		}
	})
}

// request runs http_request with a client of its own.
func request(t *testing.T, args steps.Args) (steps.Reply, *steps.Env) {
	t.Helper()
	c, err := client.New(client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	env := &steps.Env{HTTP: c}
	if !args.Has("method") {
		args.Set("method", eval.Text("GET"))
	}
	return kind(t, "http_request").Run(t.Context(), env, args), env
}

func TestRequestSuite(t *testing.T) {
	t.Parallel()
	// The address is known when the server is, so the kind is wrapped to fill it in.
	k := *kind(t, "http_request")
	run := k.Run
	k.Run = func(ctx context.Context, env *steps.Env, args steps.Args) steps.Reply {
		args.Set("url", eval.Text(env.InboxName))
		return run(ctx, env, args)
	}
	stepstest.Run(t, stepstest.Case{
		Kind: &k, Args: steps.ArgsOf(map[string]cty.Value{"url": text("http://127.0.0.1/"), "bearer": text(stepstest.Canary)}),
		Env: func(_ *testing.T, c client.Client, url string) *steps.Env {
			return &steps.Env{HTTP: c, InboxName: url + "/path"}
		},
	})
}

func TestRequestSaysWhatItIsTold(t *testing.T) {
	t.Parallel()
	type seen struct {
		Line, Body string
		Header     map[string][]string
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		header := map[string][]string{}
		for _, name := range []string{"Authorization", "Content-Type", "X-A"} {
			if v := r.Header.Values(name); len(v) > 0 {
				header[name] = v
			}
		}
		w.Header().Add("X-Two", "1")
		w.Header().Add("X-Two", "2")
		w.Header().Set("Set-Cookie", "DS=secret")
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(seen{r.Method + " " + r.URL.RequestURI(), string(raw), header})
	}))
	t.Cleanup(s.Close)
	tests := []struct {
		name string
		args steps.Args
		want seen
	}{
		{"plain", steps.ArgsOf(map[string]cty.Value{"url": text(s.URL + "/a")}), seen{"GET /a", "", map[string][]string{}}},
		{"query", steps.ArgsOf(map[string]cty.Value{"url": text(s.URL + "/a?x=1"), "query": cty.ObjectVal(map[string]cty.Value{
			"b": text("+ &"), "c": cty.TupleVal([]cty.Value{text("1"), cty.NumberIntVal(2)}), "d": cty.NullVal(cty.String)})}),
			seen{"GET /a?x=1&b=%2B+%26&c=1&c=2", "", map[string][]string{}}},
		{"json", steps.ArgsOf(map[string]cty.Value{"method": text("POST"), "url": text(s.URL), "json": cty.ObjectVal(map[string]cty.Value{"a": cty.NumberIntVal(1), "b": cty.EmptyTupleVal}), "bearer": text("P:x")}),
			seen{"POST /", `{"a":1,"b":[]}`, map[string][]string{"Authorization": {"Bearer P:x"}, "Content-Type": {"application/json"}}}},
		{"body and headers", steps.ArgsOf(map[string]cty.Value{"method": text("PUT"), "url": text(s.URL), "body": text("raw"), "bearer": text("no"), "headers": cty.ObjectVal(map[string]cty.Value{
			"authorization": cty.TupleVal([]cty.Value{text("bearer x"), text("Bearer y")}), "x-a": text("1")})}),
			seen{"PUT /", "raw", map[string][]string{"Authorization": {"bearer x", "Bearer y"}, "X-A": {"1"}}}},
	}
	for _, tt := range tests {
		r, env := request(t, tt.args)
		if !r.OK || r.Status != 201 {
			t.Errorf("%s: %+v", tt.name, r)
			continue
		}
		var got seen
		if err := json.Unmarshal([]byte(r.Value("body").AsString()), &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(got, tt.want); diff != "" {
			t.Errorf("%s (-got +want):\n%s", tt.name, diff)
		}
		if !r.Value("json").GetAttr("Line").RawEquals(text(tt.want.Line)) {
			t.Errorf("%s: json is %#v", tt.name, r.Value("json"))
		}
		if h := steps.PlainHeaders(r.Header); h["x-two"] != "1, 2" || h["set-cookie"] != "" {
			t.Errorf("%s: headers are %v", tt.name, h)
		}
		if x, _ := env.Exchanges(); len(x) != 1 || x[0].Endpoint != "other" {
			t.Errorf("%s: exchanges are %+v", tt.name, x)
		}
	}
}

func TestRequestCheck(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		args steps.Args
		want string
	}{
		"relative":    {steps.ArgsOf(map[string]cty.Value{"url": text("/a")}), "absolute"},
		"scheme":      {steps.ArgsOf(map[string]cty.Value{"url": text("ftp://x")}), "absolute"},
		"two bodies":  {steps.ArgsOf(map[string]cty.Value{"url": text("http://x"), "json": cty.True, "body": text("x")}), "either json or body"},
		"headers":     {steps.ArgsOf(map[string]cty.Value{"url": text("http://x"), "headers": text("a: b")}), "object of texts"},
		"header list": {steps.ArgsOf(map[string]cty.Value{"url": text("http://x"), "headers": cty.ObjectVal(map[string]cty.Value{"a": cty.EmptyObjectVal})}), "object of texts"},
	} {
		if p := kind(t, "http_request").Check(tt.args); len(p) != 1 || !strings.Contains(p[0].Detail, tt.want) {
			t.Errorf("%s: problems %+v, want %q", name, p, tt.want)
		}
		if r, _ := request(t, tt.args); r.OK || !r.Unjudged || !strings.Contains(r.Message, tt.want) {
			t.Errorf("%s: reply %+v, want %q", name, r, tt.want)
		}
	}
}

package emulator_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
	"go.uber.org/goleak"

	"github.com/authbench/authbench/internal/client"
	service "github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/secret"
	"github.com/authbench/authbench/internal/steps"
	"github.com/authbench/authbench/internal/steps/emulator"
	"github.com/authbench/authbench/internal/steps/stepstest"
)

const (
	alice      = "+15555550101"
	adminToken = stepstest.Canary + "-token"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// control sends to the admin listener at a URL, as a target does.
func control(c client.Client, url, project string) steps.Control {
	return func(ctx context.Context, method, path string, body []byte) (*client.Response, error) {
		h := client.Header{{Name: "Authorization", Value: "Bearer " + adminToken}}
		if body != nil {
			h.Add("Content-Type", "application/json")
		}
		return c.Do(ctx, &client.Request{Method: method, URL: url + "/_ab/projects/" + project + "/" + path, Header: h, Body: body})
	}
}

func TestEveryKind(t *testing.T) {
	t.Parallel()
	args := map[string]map[string]cty.Value{
		"emulator_clock":    {"advance": text("1m"), "skew": text("-5s"), "freeze": cty.True},
		"emulator_fault":    {"name": text("f"), "action": text("status"), "phase": text("before"), "probability": cty.NumberFloatVal(0.5), "latency": text("1s")},
		"emulator_delivery": {"latency": text("1s"), "loss": cty.NumberFloatVal(0.5), "carrier": objectOf("+1", objectOf("loss", cty.NumberIntVal(0))), "pause": cty.True, "flush": cty.True},
		"emulator_messages": {"to": text(alice)},
		"emulator_reset":    {},
	}
	kinds := emulator.Kinds("descope")
	if len(kinds) != len(args) {
		t.Errorf("%d kinds, of which %d are tested", len(kinds), len(args))
	}
	for _, k := range kinds {
		given, tested := args[k.Name]
		if !tested || k.Provider != "descope" || !k.Steers {
			t.Errorf("kind %s is tested: %v; it is for %s and steers: %v", k.Name, tested, k.Provider, k.Steers)
		}
		stepstest.Run(t, stepstest.Case{Kind: k, Args: steps.ArgsOf(given), Env: func(_ *testing.T, c client.Client, url string) *steps.Env {
			return &steps.Env{HTTP: c, Control: control(c, url, "P1")}
		}})
	}
}

// Arguments that can not be right are found before anything is sent, and once more when
// they were unknown then.
func TestCheckedArguments(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, tt := range []struct {
		kind, arg string
		given     map[string]cty.Value
	}{
		{"emulator_clock", "set", map[string]cty.Value{"set": text("tomorrow")}},
		{"emulator_clock", "advance", map[string]cty.Value{"set": text("2030-01-31T12:00:00Z"), "advance": text("1s")}},
		{"emulator_clock", "skew", map[string]cty.Value{"skew": text("soon")}},
		{"emulator_fault", "name", map[string]cty.Value{"name": text("")}},
		{"emulator_fault", "phase", map[string]cty.Value{"name": text("f"), "match": text("/x")}},
		{"emulator_fault", "phase", map[string]cty.Value{"name": text("f"), "action": text("reset")}},
		{"emulator_fault", "action", map[string]cty.Value{"name": text("f"), "phase": text("before"), "action": text("loss")}},
		{"emulator_fault", "status", map[string]cty.Value{"name": text("f"), "phase": text("before"), "action": text("status"), "status": cty.NumberIntVal(42)}},
		{"emulator_fault", "bytes_per_second", map[string]cty.Value{"name": text("f"), "phase": text("before"), "action": text("drip")}},
		{"emulator_fault", "count", map[string]cty.Value{"name": text("f"), "phase": text("before"), "action": text("reset"), "count": cty.NumberIntVal(-1)}},
		{"emulator_fault", "count", map[string]cty.Value{"name": text("f"), "phase": text("before"), "action": text("reset"), "count": cty.NumberFloatVal(1.5)}},
		{"emulator_fault", "latency", map[string]cty.Value{"name": text("f"), "phase": text("before"), "action": text("latency")}},
		{"emulator_fault", "match", map[string]cty.Value{"name": text("f"), "phase": text("before"), "action": text("reset"), "match": text("v1/x")}},
		{"emulator_delivery", "latency", map[string]cty.Value{"latency": text("soon")}},
		{"emulator_delivery", "latency", map[string]cty.Value{"latency": cty.NumberIntVal(5)}},
		{"emulator_delivery", "latency", map[string]cty.Value{"latency": objectOf("distribution", text("uniform"))}},
		{"emulator_delivery", "latency", map[string]cty.Value{"latency": objectOf("pause", text("1s"))}},
		{"emulator_delivery", "reorder_within", map[string]cty.Value{"reorder_within": text("0s")}},
		{"emulator_delivery", "duplicate", map[string]cty.Value{"duplicate": cty.NumberIntVal(2)}},
		{"emulator_delivery", "carrier", map[string]cty.Value{"carrier": text("+1")}},
		{"emulator_delivery", "carrier", map[string]cty.Value{"carrier": objectOf("+1", text("blocked"))}},
		{"emulator_delivery", "carrier", map[string]cty.Value{"carrier": objectOf("1", cty.EmptyObjectVal)}},
		{"emulator_delivery", "carrier", map[string]cty.Value{"carrier": objectOf("+1", objectOf("reject", text("no")))}},
		{"emulator_delivery", "carrier", map[string]cty.Value{"carrier": objectOf("+1", objectOf("lost", cty.True))}},
		{"emulator_fault", "remove", map[string]cty.Value{"name": text("f"), "action": text("reset"), "remove": cty.True}},
		{"emulator_fault", "probability", map[string]cty.Value{"name": text("f"), "action": text("reset"), "probability": cty.NumberIntVal(2)}},
		{"emulator_delivery", "loss", map[string]cty.Value{"loss": cty.NumberIntVal(-1)}},
	} {
		k := kind(t, tt.kind)
		a := steps.ArgsOf(tt.given)
		problems := k.Check(a)
		if len(problems) != 1 || problems[0].Arg != tt.arg || problems[0].Detail == "" {
			t.Errorf("%s %v: problems %v, want one of %s", tt.kind, tt.given, problems, tt.arg)
		}
		r := k.Run(t.Context(), &steps.Env{Control: func(context.Context, string, string, []byte) (*client.Response, error) {
			t.Error("a request was sent")
			return nil, context.Canceled
		}}, a)
		if r.OK || !r.Unjudged || r.Reason != result.ReasonOther || !strings.HasPrefix(r.Message, tt.arg+": ") {
			t.Errorf("%s %v: reply %+v", tt.kind, tt.given, r)
		}
	}
	if r := kind(t, "emulator_reset").Run(t.Context(), &steps.Env{}, steps.Args{}); r.OK || !r.Unjudged || r.Reason != result.ReasonInternal {
		t.Errorf("a step without an emulator: %+v", r)
	}
	if r := b.try("emulator_fault", map[string]cty.Value{"name": text("none"), "remove": cty.True}); r.OK || r.Unjudged ||
		r.Reason != result.ReasonHTTP4xx || r.Status != 404 || !strings.Contains(r.Message, "no such fault") {
		t.Errorf("removing no fault: %+v", r)
	}
}

func text(s string) cty.Value { return cty.StringVal(s) }

func objectOf(name string, v cty.Value) cty.Value {
	return cty.ObjectVal(map[string]cty.Value{name: v})
}

func kind(tb testing.TB, name string) *steps.Kind {
	tb.Helper()
	for _, k := range emulator.Kinds("descope") {
		if k.Name == name {
			return k
		}
	}
	tb.Fatalf("no kind %q", name)
	return nil
}

// bench is a project of an emulator and the steps that steer it.
type bench struct {
	t       *testing.T
	api     *httptest.Server
	project service.Project
	env     *steps.Env
}

func newBench(t *testing.T, change ...func(*policy.Project)) *bench {
	t.Helper()
	e := service.New(service.Options{Seed: 42})
	p := policy.Default()
	p.SigningAlg = policy.ES256
	for _, f := range change {
		f(&p)
	}
	made, err := e.CreateProject("", secret.String{}, p)
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.New(client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	t.Cleanup(e.Close)
	api, admin := httptest.NewServer(e.Handler()), httptest.NewServer(e.Admin(secret.New(adminToken)))
	t.Cleanup(api.Close)
	t.Cleanup(admin.Close)
	return &bench{t: t, api: api, project: made, env: &steps.Env{HTTP: c, Control: control(c, admin.URL, made.ID)}}
}

func (b *bench) try(name string, args map[string]cty.Value) steps.Reply {
	b.t.Helper()
	return kind(b.t, name).Attempt(b.t.Context(), b.env, steps.ArgsOf(args))
}

// step carries out a step that succeeds and gives its results.
func (b *bench) step(name string, args map[string]cty.Value) steps.Reply {
	b.t.Helper()
	r := b.try(name, args)
	if !r.OK || r.Start.IsZero() || r.Duration <= 0 {
		b.t.Fatalf("%s %v: %+v", name, args, r)
	}
	return r
}

// is checks a number among the results of a step.
func is(t *testing.T, r steps.Reply, name string, want int64) {
	t.Helper()
	if v := r.Value(name); !v.RawEquals(cty.NumberIntVal(want)) {
		t.Errorf("%s is %#v, want %d", name, v, want)
	}
}

// call makes a request to the service and gives the status and the error code.
func (b *bench) call(path, body string) (status int, code string) {
	b.t.Helper()
	status, document := b.exchange(http.MethodPost, b.api.URL+path, b.project.ID, body)
	code, _ = document["errorCode"].(string)
	return status, code
}

func (b *bench) exchange(method, url, bearer, body string) (int, map[string]any) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+bearer)
	req.Header.Set("Content-Type", "application/json")
	res, err := b.api.Client().Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	all, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	document := map[string]any{}
	if err := json.Unmarshal(all, &document); err != nil {
		b.t.Fatalf("%s: %v", all, err)
	}
	return res.StatusCode, document
}

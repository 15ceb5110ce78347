package plan_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/secret"
	"github.com/authbench/authbench/internal/steps"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(got), string(want)); diff != "" {
		t.Errorf("%s (-got +want):\n%s", name, diff)
	}
}

const canary = "canary-4711"

// expr makes an expression; value is what it is folded to, or NilVal.
func expr(t *testing.T, text string, value cty.Value) *eval.Expr {
	t.Helper()
	file, diags := hclsyntax.ParseConfig([]byte("x = "+text+"\n"), "x.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	node := file.Body.(*hclsyntax.Body).Attributes["x"].Expr
	e := eval.New(node, eval.Site{Files: eval.Files{"x.hcl": file}, Range: node.Range()})
	if value != cty.NilVal {
		e.Fold(value)
	}
	return e
}

func at(line int) eval.Site {
	return eval.Site{Range: hcl.Range{Filename: "x.hcl", Start: hcl.Pos{Line: line, Column: 1}, End: hcl.Pos{Line: line, Column: 2}}}
}

var (
	sendKind = &steps.Kind{
		Name: "fake_send", Provider: "fake",
		Args: []steps.Arg{
			{Name: "login_id", Type: cty.String, Required: true}, {Name: "method", Type: cty.String, Default: cty.StringVal("sms")},
			{Name: "token", Type: cty.String, Sensitive: true}, {Name: "options", Type: cty.DynamicPseudoType},
		},
		Requests: func(a steps.Args) []steps.Route {
			return []steps.Route{{Method: "POST", Path: "/v1/send/" + a.String("method")}}
		},
		Sends: func(a steps.Args) string { return a.String("method") },
	}
	loadKind = &steps.Kind{
		Name: "fake_load", Provider: "fake", Args: []steps.Arg{{Name: "id", Type: cty.String}},
		Requests: func(steps.Args) []steps.Route { return []steps.Route{{Method: "GET", Path: "/v1/load"}} },
	}
	waitKind = &steps.Kind{
		Name: "fake_wait", Args: []steps.Arg{
			{Name: "to", Type: cty.String}, {Name: "extract", Type: cty.Map(cty.String), Block: true},
		},
	}
	providerKind = &steps.Provider{Type: "fake", Args: []steps.Arg{
		{Name: "base_url", Type: cty.String}, {Name: "project_id", Type: cty.String}, {Name: "key", Type: cty.String, Sensitive: true},
	}}
)

func fixture(t *testing.T) *plan.Plan {
	t.Helper()
	provider := &plan.Provider{
		Name: "fake", Kind: providerKind, BaseURL: "emulator",
		Args:   steps.ArgsOf(map[string]cty.Value{"base_url": cty.StringVal("emulator"), "project_id": cty.StringVal("P1"), "key": cty.StringVal(canary)}),
		Limits: plan.Limits{Declared: true, RequestsPerSecond: 5, Burst: 2, MaxMessages: 1, On429: "fail"}, Emulator: policy.Default(), Source: at(1),
	}
	inbox := &plan.Inbox{Name: "sms", Driver: "emulator", Provider: provider, Token: secret.New(canary), Source: at(5)}
	unknown := cty.NilVal
	arg := func(k *steps.Kind, i int, text string, v cty.Value) plan.Arg {
		return plan.Arg{Spec: &k.Args[i], Value: expr(t, text, v)}
	}
	send := func(name string, method cty.Value) *plan.Step {
		return &plan.Step{
			Section: result.Body, Name: name, Kind: sendKind, Provider: provider, Timeout: 30 * time.Second, Source: at(20),
			Args: []plan.Arg{
				arg(sendKind, 0, "local.login_id", unknown), {Spec: &sendKind.Args[1], Value: eval.Constant(method)},
				arg(sendKind, 2, "var.key", cty.StringVal(canary).Mark(eval.Sensitive)),
				arg(sendKind, 3, `{ suite = "canary-4711" }`, cty.ObjectVal(map[string]cty.Value{"suite": cty.StringVal(canary), "n": cty.NumberIntVal(1)})),
			},
		}
	}
	refused := send("refused", cty.StringVal("email"))
	refused.Expect = &plan.Expect{Status: expr(t, `"4xx"`, cty.StringVal("4xx")), ErrorCode: expr(t, `["E1", "E2"]`, cty.TupleVal([]cty.Value{cty.StringVal("E1"), cty.StringVal("E2")})), MaxLatency: time.Second}
	skipped := send("skipped", cty.StringVal("sms"))
	skipped.When = expr(t, "var.full", cty.False)
	second := send("second", cty.StringVal("whatsapp"))
	wait := &plan.Step{
		Section: result.Body, Name: "wait", Kind: waitKind, Inbox: inbox, After: &plan.StepRef{Name: "send", Key: "a"}, Timeout: 45 * time.Second, Source: at(30),
		Args:  []plan.Arg{{Spec: &waitKind.Args[1], Pairs: []plan.Pair{{Name: "token", Value: expr(t, `"t=([^&]+)"`, cty.StringVal("t=([^&]+)"))}}}},
		Needs: []plan.StepRef{{Name: "send", Key: "a"}},
	}
	load := &plan.Step{
		Section: result.Body, Name: "load", Key: "a\x1b[2Jb", ForEach: true, Kind: loadKind, Provider: provider, Timeout: time.Second, Source: at(40),
		Description: "Load it.", ContinueOnFailure: true, When: expr(t, "step.send.ok", unknown),
		Args:    []plan.Arg{arg(loadKind, 0, "step.send.id", unknown)},
		Retry:   &plan.Retry{Attempts: 3, On: []string{"timeout", "503"}, MinDelay: time.Second, MaxDelay: 2 * time.Second},
		Poll:    &plan.Poll{Until: expr(t, "self.ok", unknown), Interval: time.Second, Timeout: 10 * time.Second},
		Asserts: []plan.Assert{{Condition: expr(t, "(self.status == 200 &&\n  self.ok)", unknown), Message: expr(t, `"No canary-4711."`, unknown), Source: at(44)}},
	}
	clean := &plan.Step{
		Section: result.Teardown, Name: "clean", Kind: loadKind, Provider: provider, Timeout: time.Second, Source: at(50), Needs: []plan.StepRef{{Name: "send"}, {Name: "wait"}},
	}
	setup := send("send", cty.StringVal("sms"))
	setup.Section = result.Setup
	sc := &plan.Scenario{
		Suite: "x.hcl", Name: "flow", Key: "k", HasKey: true, Address: `scenario.flow["k"]`, Description: "A flow.", Tags: []string{"smoke"},
		Timeout: time.Minute, Serial: "phone", Source: at(10), Locals: map[string]*eval.Expr{"login_id": expr(t, `"x-${iteration.uuid}"`, unknown)},
		Setup: []*plan.Step{setup}, Body: []*plan.Step{wait, second, refused, skipped, load, {
			Section: result.Body, Name: "assert_46", Timeout: time.Second, Source: at(46),
			Asserts: []plan.Assert{{Condition: expr(t, "step.send.ok", unknown), Message: expr(t, `"Not ok."`, unknown), Source: at(46)}},
		}},
		Teardown: []*plan.Step{clean}, Outputs: []plan.Output{{Name: "id", Value: expr(t, "step.send.id", unknown)}},
	}
	return &plan.Plan{
		Suite: "x.hcl", Providers: []*plan.Provider{provider}, Inboxes: []*plan.Inbox{inbox}, Scenarios: []*plan.Scenario{sc},
		Secrets: []secret.String{secret.New(canary)},
	}
}

func TestWriteText(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]plan.TextOptions{
		"plan.txt": {}, "verbose.txt": {Verbose: true}, "narrow.txt": {Width: 80, Color: true},
	} {
		var b bytes.Buffer
		if err := plan.WriteText(&b, []*plan.Plan{fixture(t)}, o); err != nil {
			t.Fatal(err)
		}
		golden(t, name, b.Bytes())
		if strings.Contains(b.String(), canary) || strings.Contains(b.String(), "\x1b[2J") {
			t.Errorf("%s holds a secret, or text that drives the terminal", name)
		}
	}
}

func TestWriteJSON(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := plan.WriteJSON(&b, []*plan.Plan{fixture(t), {Suite: "empty.hcl"}}); err != nil {
		t.Fatal(err)
	}
	golden(t, "plan.json", b.Bytes())
	if strings.Contains(b.String(), canary) {
		t.Error("the document holds a secret")
	}
	var doc any
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	noNullLists(t, "", doc)
	b.Reset()
	if err := plan.WriteJSON(&b, nil); err != nil || !strings.Contains(b.String(), `"suites": []`) {
		t.Errorf("no plans give %s, %v", b.String(), err)
	}
}

// noNullLists finds names of lists that are null. What may be null is an object or a value.
func noNullLists(t *testing.T, name string, v any) {
	t.Helper()
	nullable := map[string]bool{"key": true, "value": true, "expect": true, "retry": true, "poll": true, "emulator": true, "seed": true, "holds_from": true}
	switch v := v.(type) {
	case nil:
		if !nullable[name] {
			t.Errorf("%s is null", name)
		}
	case []any:
		for _, e := range v {
			noNullLists(t, name+"[]", e)
		}
	case map[string]any:
		for k, e := range v {
			noNullLists(t, k, e)
		}
	}
}

func TestTotals(t *testing.T) {
	t.Parallel()
	got := fixture(t).Totals()
	want := plan.Totals{
		Scenarios: 1, Instances: 1, Requests: 5, Messages: 2, ExpectedRefusals: 1,
		ByChannel: []plan.ChannelCount{{Channel: "sms", Messages: 1}, {Channel: "whatsapp", Messages: 1}},
		Providers: []plan.ProviderTotals{{
			Name: "fake", Requests: 5, Messages: 2, RequestsPerSecond: 5, AtLeastSeconds: 0.6,
			Exceeded: []string{`Provider "fake" may send 1 messages (max_messages), and this plan makes it send 2: the last 1 will not be sent.`},
		}},
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("totals (-got +want):\n%s", diff)
	}
}

func TestStaticArgs(t *testing.T) {
	t.Parallel()
	p := fixture(t)
	args := p.Scenarios[0].Setup[0].StaticArgs()
	if args.Value("login_id").IsKnown() || args.String("method") != "sms" || args.String("token") != canary {
		t.Errorf("static arguments are %#v", args)
	}
	wait := p.Scenarios[0].Body[0].StaticArgs()
	if got := wait.Strings("extract")["token"]; got != "t=([^&]+)" || !wait.Value("to").IsNull() {
		t.Errorf("static arguments are %#v", wait)
	}
	if (&plan.Step{}).StaticArgs().Len() != 0 {
		t.Error("a step without a kind has arguments")
	}
}

func TestRefusal(t *testing.T) {
	t.Parallel()
	for text, c := range map[string]struct {
		v    cty.Value
		want bool
	}{
		"200": {cty.NumberIntVal(200), false}, `"2xx"`: {cty.StringVal("2xx"), false}, "[200, 400]": {cty.TupleVal([]cty.Value{cty.NumberIntVal(200), cty.NumberIntVal(400)}), false},
		"401": {cty.NumberIntVal(401), true}, `"5xx"`: {cty.StringVal("5xx"), true}, "iteration.id": {cty.NilVal, false},
	} {
		if got := (&plan.Expect{Status: expr(t, text, c.v)}).Refusal(); got != c.want {
			t.Errorf("expecting %s is a refusal: %v, want %v", text, got, c.want)
		}
	}
	var none *plan.Expect
	if none.Refusal() || (&plan.Expect{MaxLatency: 1}).Refusal() {
		t.Error("no expectation is a refusal")
	}
}

func TestFillFromEnv(t *testing.T) {
	t.Parallel()
	kind := &steps.Provider{Args: []steps.Arg{
		{Name: "url", Type: cty.String, Env: []string{"URL"}, Default: cty.StringVal("default")}, {Name: "id", Type: cty.String, Env: []string{"A", "B"}},
		{Name: "key", Type: cty.String, Env: []string{"KEY"}, Sensitive: true}, {Name: "given", Type: cty.String, Env: []string{"KEY"}},
	}}
	env := map[string]string{"A": "", "B": "b", "KEY": "k"}
	p := &plan.Provider{Kind: kind, Args: steps.ArgsOf(map[string]cty.Value{"given": cty.StringVal("file"), "id": cty.NullVal(cty.String)})}
	secrets := p.FillFromEnv(func(name string) (string, bool) { v, ok := env[name]; return v, ok })
	if diff := cmp.Diff(secrets, []string{"k"}); diff != "" {
		t.Errorf("secrets (-got +want):\n%s", diff)
	}
	got := []string{p.Args.String("url"), p.Args.String("id"), p.Args.String("key"), p.Args.String("given")}
	if diff := cmp.Diff(got, []string{"default", "b", "k", "file"}); diff != "" {
		t.Errorf("arguments (-got +want):\n%s", diff)
	}
}

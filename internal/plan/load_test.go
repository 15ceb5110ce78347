package plan_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/secret"
	"github.com/authbench/authbench/internal/steps"
)

// loaded is a plan with two scenarios, a dataset, a fixture and profiles.
func loaded(t *testing.T) *plan.Plan {
	t.Helper()
	p := fixture(t)
	provider := p.Providers[0]
	provider.Limits = plan.Limits{
		RequestsPerSecond: 10, MaxMessages: 100, On429: "fail",
		Classes:     []plan.ClassLimit{{Class: steps.ClassSend, RequestsPerSecond: 2, Burst: 1}, {Class: steps.ClassVerify, RequestsPerSecond: 1, Burst: 1}},
		Identifiers: []plan.IdentifierLimit{{Class: steps.ClassSend, Requests: 5, Every: time.Minute}},
	}
	send, load := *sendKind, *loadKind
	send.Class = steps.ClassSend
	step := func(name string, kind *steps.Kind) *plan.Step {
		s := &plan.Step{Section: result.Body, Name: name, Kind: kind, Provider: provider, Timeout: time.Second, Source: at(70)}
		if kind == &send {
			s.Args = []plan.Arg{{Spec: &send.Args[1], Value: eval.Constant(cty.StringVal("sms"))}}
		}
		return s
	}
	d := &plan.Dataset{Name: "phones", Mode: plan.DatasetUnique, OnExhausted: plan.ExhaustedDrop, Source: at(80), Rows: plan.ValueTable(
		[]plan.Column{{Name: "phone", Type: cty.String}, {Name: "key", Type: cty.String, Sensitive: true}},
		[]eval.Value{eval.Text("+1"), eval.Text(canary).Secret(), eval.Text("+2"), eval.Text(canary).Secret()},
	)}
	unused := &plan.Dataset{Name: "unused", Mode: plan.DatasetLease, Cooldown: time.Second, Source: at(81), Rows: plan.TextTable([]string{"a"}, []string{"1"})}
	f := &plan.Fixture{Name: "session", PerUser: true, Source: at(90), Flow: &plan.Scenario{
		Name: "session", Address: "fixture.session", Source: at(90), Timeout: time.Minute, Body: []*plan.Step{step("link", &load)},
	}}
	a := &plan.Scenario{Name: "a", Address: "scenario.a", Source: at(60), Timeout: time.Minute, Datasets: []*plan.Dataset{d}, Body: []*plan.Step{step("send", &send), step("verify", &load)}}
	b := &plan.Scenario{Name: "b", Address: "scenario.b", Source: at(61), Timeout: time.Minute, Fixtures: []*plan.Fixture{f}, Body: []*plan.Step{step("load", &load)}}
	p.Scenarios, p.Datasets, p.Fixtures = []*plan.Scenario{a, b}, []*plan.Dataset{d, unused}, []*plan.Fixture{f}
	p.Loads = []*plan.Load{{
		Name: "ramp", Description: "Up with canary-4711.", Source: at(100), MaxInFlight: 100, Overflow: plan.OverflowDrop, Warmup: 10 * time.Second, GracefulStop: 30 * time.Second,
		Mix:    []plan.Share{{Name: "a", Scenarios: []*plan.Scenario{a}, Weight: 3}, {Name: "b", Scenarios: []*plan.Scenario{b}, Weight: 1}},
		Stages: []plan.Stage{{Rate: 8, Over: time.Minute}, {Rate: 8, Over: time.Minute}, {Rate: 0, Over: 30 * time.Second}},
		Thresholds: []*plan.Threshold{{
			Name: "errors", Condition: expr(t, "metrics.iterations.failure_ratio < 0.01", cty.NilVal), Message: expr(t, `"canary-4711"`, cty.NilVal),
			Window: 30 * time.Second, After: time.Minute, Abort: true, MinSamples: 10, Source: at(110),
		}},
	}, {
		Name: "users", Source: at(120), MaxInFlight: 5, Overflow: plan.OverflowDrop, Mix: []plan.Share{{Name: "b", Scenarios: []*plan.Scenario{b}, Weight: 1}},
		VUs: []plan.Users{{Count: 5}, {Count: 5, Over: time.Minute}, {Count: 0, Over: 10 * time.Second}},
	}, {
		Name: "fixed", Source: at(130), MaxInFlight: 5, Overflow: plan.OverflowDrop, Mix: []plan.Share{{Name: "a", Scenarios: []*plan.Scenario{a}, Weight: 1}}, Iterations: 10,
	}}
	return p
}

func TestForecast(t *testing.T) {
	t.Parallel()
	p := loaded(t)
	got, err := p.Forecast(p.Loads[0])
	if err != nil {
		t.Fatal(err)
	}
	got.Rate = nil
	// 240 + 480 + 120 arrivals; three of four send and verify, the fourth loads.
	want := plan.Forecast{
		Schedule: plan.Schedule{Duration: 150 * time.Second, Arrivals: 840, Peak: 8, PeakAt: time.Minute},
		Requests: 1470, Messages: 630, ByChannel: []plan.ChannelCount{{Channel: "sms", Messages: 630}}, RequestsEach: 1.75, MessagesEach: 0.75,
		Stages: []plan.StageForecast{
			{From: 0, Rate: 8, Start: 0, Over: time.Minute, Arrivals: 240, Requests: 420},
			{From: 8, Rate: 8, Start: time.Minute, Over: time.Minute, Arrivals: 480, Requests: 840},
			{From: 8, Rate: 0, Start: 2 * time.Minute, Over: 30 * time.Second, Arrivals: 120, Requests: 210},
		},
		Providers: []plan.ProviderForecast{{
			Name: "fake", Requests: 1470, Messages: 630, Each: 1.75, Peak: 14,
			// 2 sends a second are there at 2.67 iterations a second, after 20 s of the ramp.
			Bounds: []plan.Bound{
				{What: `requests_per_second of class "send"`, Limit: 2, Peak: 6, Holds: true, From: 20 * time.Second},
				{What: "requests_per_second", Limit: 10, Peak: 14, Holds: true, From: 42857142857},
			},
			Exceeded: []string{
				`Provider "fake" is asked 14 requests/s at the peak and allows 10 (requests_per_second): the limit holds the schedule back from 43s on.`,
				`Provider "fake" is asked 6 requests/s at the peak and allows 2 (requests_per_second of class "send"): the limit holds the schedule back from 20s on.`,
				`Provider "fake" may send 100 messages (max_messages), and this profile makes it send 630: the last 530 will not be sent.`,
			},
		}},
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("(-got +want):\n%s", diff)
	}
	for i, want := range []struct {
		most     int
		arrivals uint64
		duration time.Duration
		requests uint64
	}{1: {5, 0, 70 * time.Second, 0}, 2: {0, 10, 0, 20}} {
		if i == 0 {
			continue
		}
		got, err := p.Forecast(p.Loads[i])
		if err != nil || got.MostUsers != want.most || got.Arrivals != want.arrivals || got.Duration != want.duration || got.Requests != want.requests {
			t.Errorf("%s: %+v, %v", p.Loads[i].Name, got, err)
		}
	}
}

// A jump is where the peak is reached, and where a limit begins to hold.
func TestForecastOfJumps(t *testing.T) {
	t.Parallel()
	p := loaded(t)
	l := p.Loads[0]
	l.Stages = []plan.Stage{{Rate: 1, Over: 10 * time.Second}, {Rate: 1, Over: 10 * time.Second}, {Rate: 500}, {Rate: 20}, {Rate: 20, Over: time.Second}, {Rate: 3}}
	f, err := p.Forecast(l)
	if err != nil {
		t.Fatal(err)
	}
	if f.Peak != 20 || f.PeakAt != 20*time.Second || f.Arrivals != 35 || f.Duration != 21*time.Second {
		t.Errorf("%+v", f.Schedule)
	}
	if b := f.Providers[0].Bounds[1]; !b.Holds || b.From != 20*time.Second {
		t.Errorf("%+v", b)
	}
}

func TestWriteLoads(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]plan.TextOptions{"load.txt": {}, "load_verbose.txt": {Verbose: true}} {
		var b bytes.Buffer
		if err := plan.WriteText(&b, []*plan.Plan{loaded(t)}, o); err != nil {
			t.Fatal(err)
		}
		golden(t, name, b.Bytes())
		if strings.Contains(b.String(), canary) {
			t.Errorf("%s holds a secret", name)
		}
	}
	var b bytes.Buffer
	if err := plan.WriteJSON(&b, []*plan.Plan{loaded(t)}); err != nil {
		t.Fatal(err)
	}
	golden(t, "load.json", b.Bytes())
	if strings.Contains(b.String(), canary) {
		t.Error("the document holds a secret")
	}
}

// TestWriteRun ends in what the profile comes to, for each of the models.
func TestWriteRun(t *testing.T) {
	t.Parallel()
	p := loaded(t)
	var all strings.Builder
	for _, l := range p.Loads {
		var b strings.Builder
		if err := plan.WriteText(&b, []*plan.Plan{p.Only(l)}, plan.TextOptions{Run: true}); err != nil {
			t.Fatal(err)
		}
		_, sum, _ := strings.Cut(b.String(), "\nPlan: ")
		all.WriteString(l.Name + "\nPlan: " + sum + "\n")
	}
	golden(t, "load_run.txt", []byte(all.String()))
}

// Schedules at the edge of what is allowed print no nonsense.
func TestWriteOddLoads(t *testing.T) {
	t.Parallel()
	for want, stages := range map[string][]plan.Stage{
		"at most 1000000, more than the schedule holds":                                          {{Rate: 1e-7, Over: 8000 * time.Hour}},
		"at most 1000000: when iterations take longer than 1s at the peak, arrivals are dropped": {{Rate: 1e6, Over: time.Hour}},
	} {
		p := loaded(t)
		p.Loads = p.Loads[:1]
		p.Loads[0].Stages, p.Loads[0].MaxInFlight = stages, 1_000_000
		var b bytes.Buffer
		if err := plan.WriteText(&b, []*plan.Plan{p}, plan.TextOptions{}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s is not in:\n%s", want, b.String())
		}
	}
}

func TestProfile(t *testing.T) {
	t.Parallel()
	p := loaded(t)
	for name, want := range map[string]string{
		"users": "", "": "load profile: there are several, name one of ramp, users, fixed", "x": `load profile "x": there are ramp, users, fixed`,
	} {
		l, err := p.Profile(name)
		if want == "" {
			if err != nil || l.Name != name {
				t.Errorf("%q gives %v, %v", name, l, err)
			}
			continue
		}
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", name, err, want)
		}
	}
	p.Loads = p.Loads[:1]
	if l, err := p.Profile(""); err != nil || l != p.Loads[0] {
		t.Errorf("the only profile: %v, %v", l, err)
	}
	p.Loads = nil
	if _, err := p.Profile("x"); err == nil || err.Error() != "load profile: x.hcl declares none" {
		t.Errorf("no profile: %v", err)
	}
}

// A part holds what its scenarios need, and the profiles that it can carry out.
func TestParts(t *testing.T) {
	t.Parallel()
	p := loaded(t)
	names := func(p *plan.Plan) string {
		var out []string
		for _, sc := range p.Scenarios {
			out = append(out, sc.Address)
		}
		for _, d := range p.Datasets {
			out = append(out, "dataset."+d.Name)
		}
		for _, f := range p.Fixtures {
			out = append(out, "fixture."+f.Name)
		}
		for _, l := range p.Loads {
			out = append(out, "load."+l.Name)
		}
		return strings.Join(out, " ")
	}
	if got, want := names(p.Only(p.Loads[1])), "scenario.b fixture.session load.users"; got != want {
		t.Errorf("the part of a profile is %s, want %s", got, want)
	}
	if got, want := names(p.Only(p.Loads[0])), "scenario.a scenario.b dataset.phones fixture.session load.ramp"; got != want {
		t.Errorf("the part of a profile is %s, want %s", got, want)
	}
	for run, want := range map[string]string{
		"": "scenario.a scenario.b dataset.phones fixture.session load.ramp load.users load.fixed", "^a$": "scenario.a dataset.phones load.fixed",
	} {
		s, err := plan.NewSelector(run, "")
		if err != nil {
			t.Fatal(err)
		}
		if got := names(s.Select(p)); got != want {
			t.Errorf("%q selects %s, want %s", run, got, want)
		}
	}
}

// The hash stays with secrets, places and opened providers, and changes with what runs.
func TestHash(t *testing.T) {
	t.Parallel()
	hash := func(change func(p *plan.Plan)) string {
		t.Helper()
		p := loaded(t)
		change(p)
		h, err := p.Hash(p.Loads[0])
		if err != nil || len(h) != 32 {
			t.Fatalf("%q, %v", h, err)
		}
		return h
	}
	first := hash(func(*plan.Plan) {})
	for name, change := range map[string]func(p *plan.Plan){
		"place": func(p *plan.Plan) {
			p.Scenarios[0].Source = at(500)
			p.Loads[0].Source = at(501)
			p.Suite = "elsewhere.hcl"
		},
		"open":    func(p *plan.Plan) { p.Providers[0].Args.Set("project_id", eval.Text("P2")) },
		"secrets": func(p *plan.Plan) { p.Secrets = append(p.Secrets, secret.New("another-secret")) },
		"others":  func(p *plan.Plan) { p.Loads[1].MaxInFlight = 7; p.Datasets[1].Mode = plan.DatasetRandom },
		"secret cell": func(p *plan.Plan) {
			p.Datasets[0].Rows = plan.ValueTable(p.Datasets[0].Rows.Columns(), []eval.Value{eval.Text("+1"), eval.Text("x").Secret(), eval.Text("+2"), eval.Text("y").Secret()})
		},
	} {
		if got := hash(change); got != first {
			t.Errorf("%s changes the hash", name)
		}
	}
	for name, change := range map[string]func(p *plan.Plan){
		"rate": func(p *plan.Plan) { p.Loads[0].Stages[0].Rate = 9 }, "weight": func(p *plan.Plan) { p.Loads[0].Mix[0].Weight = 2 },
		"threshold": func(p *plan.Plan) { p.Loads[0].Thresholds[0].After = 5 }, "step": func(p *plan.Plan) { p.Scenarios[0].Body[0].Name = "other" },
		"target": func(p *plan.Plan) { p.Providers[0].BaseURL = "https://api.example.test" },
		"cell": func(p *plan.Plan) {
			p.Datasets[0].Rows = plan.ValueTable(p.Datasets[0].Rows.Columns(), []eval.Value{eval.Text("+1"), eval.Text("x").Secret(), eval.Text("+3"), eval.Text("y").Secret()})
		},
	} {
		if hash(change) == first {
			t.Errorf("%s does not change the hash", name)
		}
	}
	p := loaded(t)
	all, err := p.Hash(nil)
	if err != nil || all == first {
		t.Errorf("all of the plan hashes to %s, %v", all, err)
	}
}

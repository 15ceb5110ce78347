package plan

import (
	"slices"
	"strings"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// viewer makes views of one plan. Every text goes through its scrubber.
type viewer struct {
	scrub *secret.Scrubber
	// placeless leaves out where things stand in the files.
	placeless bool
}

func newViewer(p *Plan) *viewer {
	secrets := make([]string, len(p.Secrets))
	for i, s := range p.Secrets {
		secrets[i] = s.Reveal()
	}
	return &viewer{scrub: secret.NewScrubber(secrets...)}
}

func (v *viewer) plan(p *Plan) suiteView {
	out := suiteView{
		Suite: p.Suite, Totals: p.Totals(), Providers: []providerView{}, Inboxes: []inboxView{}, Scenarios: []scenarioView{},
		Datasets: []datasetView{}, Fixtures: []fixtureView{}, Loads: []loadView{},
	}
	for _, pr := range p.Providers {
		out.Providers = append(out.Providers, v.provider(pr))
	}
	for _, in := range p.Inboxes {
		iv := inboxView{Name: in.Name, Driver: in.Driver, URL: v.text(in.URL), Source: v.place(in.Source)}
		if in.Provider != nil {
			iv.Provider = in.Provider.Name
		}
		out.Inboxes = append(out.Inboxes, iv)
	}
	for _, sc := range p.Scenarios {
		out.Scenarios = append(out.Scenarios, v.scenario(sc))
	}
	for _, d := range p.Datasets {
		out.Datasets = append(out.Datasets, v.dataset(d))
	}
	for _, f := range p.Fixtures {
		out.Fixtures = append(out.Fixtures, v.fixture(f))
	}
	for _, l := range p.Loads {
		out.Loads = append(out.Loads, v.load(p, l))
	}
	return out
}

func (v *viewer) text(s string) string { return v.scrub.Scrub(s) }

func (v *viewer) place(s eval.Site) string {
	if v.placeless {
		return ""
	}
	return s.Position()
}

func (v *viewer) provider(p *Provider) providerView {
	out := providerView{
		Name: p.Name, Type: p.Kind.Type, BaseURL: v.text(p.BaseURL), Arguments: []argView{}, Source: v.place(p.Source),
		Limits: limits(p.Limits),
		HTTP: httpView{
			KeepAlive: p.HTTP.KeepAlive, Proxy: p.HTTP.Proxy != "", LocalAddresses: texts(p.HTTP.LocalAddresses),
			MaxBody: p.HTTP.MaxBody, ConnectTimeout: policy.Duration(p.HTTP.ConnectTimeout),
		},
		TLS: tlsView{CA: len(p.TLS.CA) > 0, ClientCert: len(p.TLS.Cert) > 0, ServerName: v.text(p.TLS.ServerName)},
	}
	for i := range p.Kind.Args {
		spec := &p.Kind.Args[i]
		a := argView{Name: spec.Name, State: stateUnknown, Value: null, KnownAfter: []string{}}
		switch val := p.Args.Get(spec.Name); {
		case val.IsNull():
			continue
		case spec.Sensitive:
			a.State = stateSensitive
		default:
			a.State, a.Value = stateKnown, v.json(val.Cty())
		}
		out.Arguments = append(out.Arguments, a)
	}
	if p.BaseURL == "emulator" {
		out.Emulator = &p.Emulator
	}
	return out
}

func (v *viewer) scenario(sc *Scenario) scenarioView {
	out := scenarioView{
		Address: v.text(sc.Address), Name: sc.Name, Key: v.key(sc.Key, sc.HasKey), Description: v.text(sc.Description),
		Tags: texts(sc.Tags), Targets: texts(sc.Targets), Timeout: policy.Duration(sc.Timeout), Serial: sc.Serial,
		Locals: []exprView{}, Steps: []stepView{}, Outputs: []outputView{}, Source: v.place(sc.Source),
		Fallbacks: v.fallbacks(sc),
	}
	for name, e := range sc.Locals {
		out.Locals = append(out.Locals, exprView{name, v.source(e)})
	}
	slices.SortFunc(out.Locals, func(a, b exprView) int { return strings.Compare(a.Name, b.Name) })
	for i, s := range slices.Concat(sc.Setup, sc.Body, sc.Teardown) {
		st := v.step(s)
		st.Number, st.Address = i+1, out.Address+".step."+instanceName(s.Name, s.Key, s.ForEach)
		out.Steps = append(out.Steps, st)
	}
	for _, o := range sc.Outputs {
		out.Outputs = append(out.Outputs, outputView{o.Name, v.source(o.Value), o.Sensitive})
	}
	return out
}

func (v *viewer) step(s *Step) stepView {
	out := stepView{
		Section: string(s.Section), Name: s.Name, Key: v.key(s.Key, s.ForEach), Description: v.text(s.Description),
		Requests: []routeView{}, Sends: s.Channel(), When: v.source(s.When), Skipped: s.Skipped(), Arguments: []argView{},
		Timeout: policy.Duration(s.Timeout), ContinueOnFailure: s.ContinueOnFailure, Asserts: []assertView{}, Needs: []string{},
		Source: v.place(s.Source),
	}
	if s.Kind != nil {
		out.Kind = s.Kind.Name
	}
	if s.Provider != nil {
		out.Provider = s.Provider.Name
	}
	if s.Inbox != nil {
		out.Inbox = s.Inbox.Name
	}
	if s.After != nil {
		out.After = s.After.String()
	}
	for _, r := range s.Routes() {
		out.Requests = append(out.Requests, routeView{r.Method, v.text(r.Path)})
	}
	for i := range s.Args {
		out.Arguments = append(out.Arguments, v.arg(&s.Args[i]))
	}
	for _, a := range s.Asserts {
		out.Asserts = append(out.Asserts, assertView{v.source(a.Condition), v.source(a.Message), v.place(a.Source)})
	}
	for _, n := range s.Needs {
		out.Needs = append(out.Needs, n.String())
	}
	v.outcome(s, &out)
	return out
}

func (v *viewer) outcome(s *Step, out *stepView) {
	if x := s.Expect; x != nil {
		out.Expect = &expectView{
			Status: v.words(x.Status), ErrorCode: v.words(x.ErrorCode), MaxLatency: policy.Duration(x.MaxLatency), Refusal: x.Refusal(),
		}
	}
	if r := s.Retry; r != nil {
		out.Retry = &retryView{r.Attempts, texts(r.On), policy.Duration(r.MinDelay), policy.Duration(r.MaxDelay)}
	}
	if p := s.Poll; p != nil {
		out.Poll = &pollView{v.source(p.Until), policy.Duration(p.Interval), policy.Duration(p.Timeout)}
	}
}

func limits(l Limits) limitsView {
	out := limitsView{
		Declared: l.Declared, RequestsPerSecond: l.RequestsPerSecond, Burst: l.Burst, MaxRequestsInFlight: l.MaxRequestsInFlight,
		MaxMessages: l.MaxMessages, On429: l.On429, Classes: []classLimitView{}, Identifiers: []identifierLimitView{},
	}
	for _, c := range l.Classes {
		out.Classes = append(out.Classes, classLimitView(c))
	}
	for _, id := range l.Identifiers {
		out.Identifiers = append(out.Identifiers, identifierLimitView{id.Class, id.Requests, policy.Duration(id.Every)})
	}
	return out
}

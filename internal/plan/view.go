package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// FormatVersion is the version of the JSON document of plans.
const FormatVersion = "1.0"

// The views are a plan as both printers show it: plain data without secrets.

type suiteView struct {
	Suite     string         `json:"suite"`
	Providers []providerView `json:"providers"`
	Inboxes   []inboxView    `json:"inboxes"`
	Scenarios []scenarioView `json:"scenarios"`
	Totals    Totals         `json:"totals"`
}

type providerView struct {
	Name      string          `json:"name"`
	Type      string          `json:"type"`
	BaseURL   string          `json:"base_url"`
	Arguments []argView       `json:"arguments"`
	Limits    limitsView      `json:"limits"`
	HTTP      httpView        `json:"http"`
	TLS       tlsView         `json:"tls"`
	Emulator  *policy.Project `json:"emulator"`
	Source    string          `json:"source"`
}

type limitsView struct {
	Declared            bool    `json:"declared"`
	RequestsPerSecond   float64 `json:"requests_per_second"`
	Burst               int     `json:"burst"`
	MaxRequestsInFlight int     `json:"max_requests_in_flight"`
	MaxMessages         int     `json:"max_messages"`
	On429               string  `json:"on_429"`
}

type httpView struct {
	KeepAlive      string          `json:"keep_alive"`
	Proxy          bool            `json:"proxy"`
	LocalAddresses []string        `json:"local_addresses"`
	MaxBody        int64           `json:"max_body"`
	ConnectTimeout policy.Duration `json:"connect_timeout"`
}

type tlsView struct {
	CA         bool   `json:"ca"`
	ClientCert bool   `json:"client_certificate"`
	ServerName string `json:"server_name"`
}

type inboxView struct {
	Name     string `json:"name"`
	Driver   string `json:"driver"`
	Provider string `json:"provider"`
	URL      string `json:"url"`
	Source   string `json:"source"`
}

type scenarioView struct {
	Address     string          `json:"address"`
	Name        string          `json:"name"`
	Key         *string         `json:"key"`
	Description string          `json:"description"`
	Tags        []string        `json:"tags"`
	Targets     []string        `json:"targets"`
	Timeout     policy.Duration `json:"timeout"`
	Serial      string          `json:"serial"`
	Locals      []exprView      `json:"locals"`
	Steps       []stepView      `json:"steps"`
	Outputs     []outputView    `json:"outputs"`
	Source      string          `json:"source"`
}

type exprView struct {
	Name       string `json:"name"`
	Expression string `json:"expression"`
}

type outputView struct {
	Name       string `json:"name"`
	Expression string `json:"expression"`
	Sensitive  bool   `json:"sensitive"`
}

type stepView struct {
	// Number counts the steps of the scenario from 1.
	Number      int         `json:"number"`
	Address     string      `json:"address"`
	Section     string      `json:"section"`
	Kind        string      `json:"kind"`
	Name        string      `json:"name"`
	Key         *string     `json:"key"`
	Description string      `json:"description"`
	Provider    string      `json:"provider"`
	Inbox       string      `json:"inbox"`
	After       string      `json:"after"`
	Requests    []routeView `json:"requests"`
	// Sends is the channel of the message that the step makes the target send.
	Sends             string          `json:"sends"`
	When              string          `json:"when"`
	Skipped           bool            `json:"skipped"`
	Arguments         []argView       `json:"arguments"`
	Timeout           policy.Duration `json:"timeout"`
	ContinueOnFailure bool            `json:"continue_on_failure"`
	Expect            *expectView     `json:"expect"`
	Asserts           []assertView    `json:"asserts"`
	Retry             *retryView      `json:"retry"`
	Poll              *pollView       `json:"poll"`
	Needs             []string        `json:"needs"`
	Source            string          `json:"source"`
}

type routeView struct {
	Method string `json:"method"`
	Path   string `json:"path"`
}

// The states of an argument.
const (
	stateKnown     = "known"
	stateUnknown   = "unknown"
	stateSensitive = "sensitive"
)

type argView struct {
	Name string `json:"name"`
	// State is known, unknown or sensitive. Value is null unless it is known.
	State string          `json:"state"`
	Value json.RawMessage `json:"value"`
	// Expression is the source, empty for a default and for what is sensitive.
	Expression string `json:"expression"`
	// KnownAfter are the steps whose results it needs.
	KnownAfter []string `json:"known_after"`
	Default    bool     `json:"default"`
}

type expectView struct {
	Status     string          `json:"status"`
	ErrorCode  string          `json:"error_code"`
	MaxLatency policy.Duration `json:"max_latency"`
	Refusal    bool            `json:"refusal"`
}

type assertView struct {
	Condition    string `json:"condition"`
	ErrorMessage string `json:"error_message"`
	Source       string `json:"source"`
}

type retryView struct {
	Attempts int             `json:"attempts"`
	On       []string        `json:"on"`
	MinDelay policy.Duration `json:"min_delay"`
	MaxDelay policy.Duration `json:"max_delay"`
}

type pollView struct {
	Until    string          `json:"until"`
	Interval policy.Duration `json:"interval"`
	Timeout  policy.Duration `json:"timeout"`
}

// viewer makes views of one plan. Every text goes through its scrubber.
type viewer struct {
	scrub *secret.Scrubber
}

func view(p *Plan) suiteView {
	secrets := make([]string, len(p.Secrets))
	for i, s := range p.Secrets {
		secrets[i] = s.Reveal()
	}
	v := &viewer{secret.NewScrubber(secrets...)}
	out := suiteView{
		Suite: p.Suite, Totals: p.Totals(), Providers: []providerView{}, Inboxes: []inboxView{}, Scenarios: []scenarioView{},
	}
	for _, pr := range p.Providers {
		out.Providers = append(out.Providers, v.provider(pr))
	}
	for _, in := range p.Inboxes {
		iv := inboxView{Name: in.Name, Driver: in.Driver, URL: v.text(in.URL), Source: in.Source.Position()}
		if in.Provider != nil {
			iv.Provider = in.Provider.Name
		}
		out.Inboxes = append(out.Inboxes, iv)
	}
	for _, sc := range p.Scenarios {
		out.Scenarios = append(out.Scenarios, v.scenario(sc))
	}
	return out
}

func (v *viewer) text(s string) string { return v.scrub.Scrub(s) }

func (v *viewer) provider(p *Provider) providerView {
	out := providerView{
		Name: p.Name, Type: p.Kind.Type, BaseURL: v.text(p.BaseURL), Arguments: []argView{}, Source: p.Source.Position(),
		Limits: limitsView(p.Limits),
		HTTP: httpView{
			KeepAlive: p.HTTP.KeepAlive, Proxy: p.HTTP.Proxy != "", LocalAddresses: texts(p.HTTP.LocalAddresses),
			MaxBody: p.HTTP.MaxBody, ConnectTimeout: policy.Duration(p.HTTP.ConnectTimeout),
		},
		TLS: tlsView{CA: len(p.TLS.CA) > 0, ClientCert: len(p.TLS.Cert) > 0, ServerName: v.text(p.TLS.ServerName)},
	}
	for i := range p.Kind.Args {
		spec := &p.Kind.Args[i]
		a := argView{Name: spec.Name, State: stateUnknown, Value: null, KnownAfter: []string{}}
		switch val, ok := p.Args[spec.Name]; {
		case !ok || val.IsNull():
			continue
		case spec.Sensitive:
			a.State = stateSensitive
		default:
			a.State, a.Value = stateKnown, v.json(val)
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
		Locals: []exprView{}, Steps: []stepView{}, Outputs: []outputView{}, Source: sc.Source.Position(),
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
		Source: s.Source.Position(),
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
		out.Asserts = append(out.Asserts, assertView{v.source(a.Condition), v.source(a.Message), a.Source.Position()})
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

func (v *viewer) arg(a *Arg) argView {
	out := argView{Name: a.Spec.Name, State: stateUnknown, Value: null, KnownAfter: []string{}}
	exprs := make([]*eval.Expr, 0, 1+len(a.Pairs))
	sources := make([]string, 0, 1+len(a.Pairs))
	if a.Value != nil {
		exprs, sources = append(exprs, a.Value), append(sources, v.source(a.Value))
		out.Default = a.Value.Node() == nil
	}
	for _, p := range a.Pairs {
		exprs, sources = append(exprs, p.Value), append(sources, p.Name+" = "+v.source(p.Value))
	}
	sensitive := a.Spec.Sensitive
	for _, e := range exprs {
		folded, _ := e.Folded()
		sensitive = sensitive || eval.IsSensitive(folded)
		for _, r := range e.Refs() {
			if step := "step." + r.Name; r.Root == "step" && !slices.Contains(out.KnownAfter, step) {
				out.KnownAfter = append(out.KnownAfter, step)
			}
		}
	}
	if sensitive {
		out.State = stateSensitive
		return out
	}
	out.Expression = strings.Join(sources, ", ")
	if value := a.static(); value.IsWhollyKnown() {
		out.State, out.Value = stateKnown, v.json(value)
	}
	return out
}

func (v *viewer) key(key string, has bool) *string {
	if !has {
		return nil
	}
	key = v.text(key)
	return &key
}

// source gives the text of an expression on one line.
func (v *viewer) source(e *eval.Expr) string {
	if e == nil {
		return ""
	}
	return v.text(strings.Join(strings.Fields(e.Site().Text()), " "))
}

// words writes the value of an expectation, or its expression while it is unknown.
func (v *viewer) words(e *eval.Expr) string {
	if e == nil {
		return ""
	}
	val, ok := e.Folded()
	if !ok {
		return v.source(e)
	}
	return v.text(strings.Join(eval.Texts(val, nil), " or "))
}

var null = json.RawMessage("null")

// json writes a known value without marks. Its texts are scrubbed one by one, so
// that the document stays whole whatever the secrets are.
func (v *viewer) json(val cty.Value) json.RawMessage {
	clean, err := cty.Transform(val, func(_ cty.Path, part cty.Value) (cty.Value, error) {
		if part.Type() == cty.String && part.IsKnown() && !part.IsNull() {
			return cty.StringVal(v.text(part.AsString())), nil
		}
		return part, nil
	})
	if err != nil {
		return null
	}
	text, err := ctyjson.Marshal(clean, clean.Type())
	if err != nil {
		return null
	}
	return readable(text)
}

// readable writes JSON without the escapes that HTML would need: values are for people
// as well, and a regular expression is full of such characters.
func readable(text []byte) json.RawMessage {
	var value any
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&value); err != nil {
		return null
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return null
	}
	return bytes.TrimSpace(b.Bytes())
}

// String writes the reference as the language does, without its root.
func (r StepRef) String() string { return "step." + instanceName(r.Name, r.Key, r.Key != "") }

func instanceName(name, key string, has bool) string {
	if !has {
		return name
	}
	return fmt.Sprintf("%s[%q]", name, key)
}

func texts(in []string) []string { return append([]string{}, in...) }

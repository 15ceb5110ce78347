// Package plan holds what a file comes to once it is checked: scenarios expanded,
// references resolved, arguments ready to be evaluated.
//
// A plan is made by the language and carried out by the runner, which knows nothing
// of the file's text. It is data: [WriteText] shows it to people, [WriteJSON] to
// programs, and a [Selector] takes a part of it. A plan is read-only and safe for
// concurrent use.
package plan

import (
	"slices"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/secret"
	"github.com/authbench/authbench/internal/steps"
)

// Plan is one configuration.
type Plan struct {
	// Suite is the path as the user gave it, or "builtin".
	Suite string
	// Files are those of the disk that it was read from.
	Files     []string
	Providers []*Provider
	Inboxes   []*Inbox
	// Scenarios are the expanded instances, in the order of the files.
	Scenarios []*Scenario
	Datasets  []*Dataset
	Fixtures  []*Fixture
	Loads     []*Load
	// Size is how many instances there are before any selection. Iterations are
	// numbered over all of them, so that a number means the same however many run.
	Size int
	// Globals are the run's values. Opening the providers completes them.
	Globals *eval.Globals
	// Secrets are the values of the run that must be shown nowhere.
	Secrets []secret.String
	// whole are the instances before any selection, nil when Scenarios are all.
	whole []*Scenario
}

// Provider is a service that steps talk to.
type Provider struct {
	// Name is the alias, or the type where there is none.
	Name string
	Kind *steps.Provider
	// BaseURL is as written, the environment's or the default; "emulator" means the
	// built-in one.
	BaseURL string
	// Args are the arguments of the kind, evaluated. Sensitive ones carry no mark.
	Args   steps.Args
	Limits Limits
	HTTP   HTTP
	TLS    TLS
	// Emulator configures the project when the target is an emulator.
	Emulator policy.Project
	Source   eval.Site
}

// HTTP says how connections to a provider are made. Zero values mean the defaults.
type HTTP struct {
	KeepAlive      string
	Proxy          string
	LocalAddresses []string
	DNSTTL         time.Duration
	MaxBody        int64
	ConnectTimeout time.Duration
}

// TLS says what a provider's certificate is checked against: PEM texts.
type TLS struct {
	CA, Cert   []byte
	Key        secret.String
	ServerName string
}

// Inbox is a message source.
type Inbox struct {
	Name, Driver string
	// Provider is the one whose messages arrive here.
	Provider *Provider
	URL      string
	Token    secret.String
	Source   eval.Site
}

// Scenario is one instance of a declared scenario.
type Scenario struct {
	Suite string
	Name  string
	// Place is that among all instances of the plan, from 0.
	Place int
	// Key is the for_each key; HasKey tells an empty key from none.
	Key    string
	HasKey bool
	// Address is `scenario.NAME` or `scenario.NAME["key"]`.
	Address     string
	Description string
	Tags        []string
	// Targets are the kinds of target where it may run; empty means all.
	Targets []string
	Timeout time.Duration
	// Serial names a group of which one iteration runs at a time; empty for none.
	Serial string
	// Each is the value of the root each, or cty.NilVal.
	Each   cty.Value
	Locals map[string]*eval.Expr
	// Layout gives steps and locals the places that the compiled expressions use; nil
	// before [Scenario.Compile].
	Layout                *eval.Layout
	Setup, Body, Teardown []*Step
	Outputs               []Output
	// Datasets and Fixtures are those that its expressions refer to.
	Datasets []*Dataset
	Fixtures []*Fixture
	Source   eval.Site
}

// Output is a value that a scenario gives at its end.
type Output struct {
	Name      string
	Value     *eval.Expr
	Sensitive bool
}

// Step is one instance of a declared step.
type Step struct {
	Section result.Section
	Name    string
	// Key is the for_each key; ForEach tells that there is one.
	Key     string
	ForEach bool
	// Each is the value of the root each inside the step, or cty.NilVal for the
	// scenario's.
	Each cty.Value
	// Kind is nil for an assert block of the scenario itself.
	Kind        *steps.Kind
	Description string
	// Provider is nil for kinds without one.
	Provider *Provider
	Inbox    *Inbox
	// After is the step that a wait for a message belongs to, nil without one.
	After *StepRef
	// Args are the given arguments, defaults included.
	Args []Arg
	When *eval.Expr
	// Timeout bounds an attempt.
	Timeout           time.Duration
	ContinueOnFailure bool
	Expect            *Expect
	Asserts           []Assert
	Retry             *Retry
	Poll              *Poll
	// Needs are the steps that its expressions refer to, for teardown.
	Needs  []StepRef
	Source eval.Site
}

// StepRef points at a step instance, or at all instances when Key is empty.
type StepRef struct {
	Name, Key string
}

// Arg is an argument with its expression. An argument written as a block has its
// pairs in Pairs and no Value.
type Arg struct {
	Spec  *steps.Arg
	Value *eval.Expr
	Pairs []Pair
}

// Pair is one NAME = text of an argument that is written as a block.
type Pair struct {
	Name  string
	Value *eval.Expr
}

// Expect replaces "2xx and no error" as the measure of success. Nil expressions ask
// for nothing.
type Expect struct {
	// Status is a number, a class such as "4xx", or a list of these.
	Status *eval.Expr
	// ErrorCode is a text or a list of texts.
	ErrorCode *eval.Expr
	// MaxLatency bounds the duration of the last attempt; 0 is no bound.
	MaxLatency time.Duration
	Source     eval.Site
}

// Assert is a condition that must hold.
type Assert struct {
	Condition *eval.Expr
	// Message is evaluated only when the condition is false.
	Message *eval.Expr
	Source  eval.Site
}

// Retry repeats an attempt after a failure of transport.
type Retry struct {
	// Attempts counts the first one.
	Attempts int
	// On are what is retried: timeout, connection, HTTP statuses, error codes.
	On       []string
	MinDelay time.Duration
	MaxDelay time.Duration
}

// Poll repeats a step until its result means what is waited for.
type Poll struct {
	Until    *eval.Expr
	Interval time.Duration
	Timeout  time.Duration
}

// FillFromEnv gives absent arguments, or those of the given names alone, the values of
// their environment variables, then their defaults. It gives the texts of sensitive
// ones that it took.
func (p *Provider) FillFromEnv(lookup func(string) (string, bool), names ...string) (secrets []string) {
	for i := range p.Kind.Args {
		spec := &p.Kind.Args[i]
		if p.Args.Has(spec.Name) || len(names) > 0 && !slices.Contains(names, spec.Name) {
			continue
		}
		if spec.Default != cty.NilVal {
			p.Args.Set(spec.Name, eval.Of(spec.Default))
		}
		for _, name := range spec.Env {
			if text, ok := lookup(name); ok && text != "" && spec.Type == cty.String {
				p.Args.Set(spec.Name, eval.Text(text))
				if spec.Sensitive {
					secrets = append(secrets, text)
				}
				break
			}
		}
	}
	return secrets
}

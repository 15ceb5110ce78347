package target

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/secret"
	"github.com/authbench/authbench/internal/steps"
)

// Options say how targets are opened.
type Options struct {
	// Seed decides the values that an in-process emulator makes up.
	Seed uint64
	// UserAgent names the program to targets.
	UserAgent string
	// AdminURL and AdminToken are the admin listener of an emulator that runs alone.
	// When they are empty the registration that it left in StateDir is used.
	AdminURL   string
	AdminToken secret.String
	StateDir   string
	// LookupEnv reads the environment for arguments that the file leaves out.
	LookupEnv func(name string) (string, bool)
}

// Session is open targets. Close it when the run is over.
type Session struct {
	// Environment is what the runner needs.
	Environment runner.Environment
	// Targets are in the order of plans and providers.
	Targets []result.Target

	closers []func() error
}

// Unreachable says that a target or a message source did not answer, or refused to,
// so nothing can be judged.
type Unreachable struct {
	// What is the thing that was asked, with its address.
	What string
	Err  error
}

// Error implements error.
func (e *Unreachable) Error() string {
	if _, ok := errors.AsType[*client.Error](e.Err); ok {
		return fmt.Sprintf("%s does not answer: %v", e.What, e.Err)
	}
	return fmt.Sprintf("%s: %v", e.What, e.Err)
}

// Unwrap gives the cause.
func (e *Unreachable) Unwrap() error { return e.Err }

// Open opens the targets that the scenarios of plans use and completes the plans'
// global values. Mistakes in the configuration are diagnostics, and then nothing is
// left open. An *Unreachable says that a target did not answer.
func Open(ctx context.Context, plans []*plan.Plan, opts Options) (*Session, diag.List, error) {
	if opts.LookupEnv == nil {
		opts.LookupEnv = func(string) (string, bool) { return "", false }
	}
	generic, err := client.New(client.Options{UserAgent: opts.UserAgent})
	if err != nil {
		return nil, nil, err
	}
	s := &Session{Environment: runner.Environment{
		Conns: map[*plan.Provider]any{}, Controls: map[*plan.Provider]steps.Control{}, Clients: map[*plan.Provider]client.Client{},
		Inboxes: map[*plan.Inbox]capture.Source{}, HTTP: generic,
	}}
	s.onClose(func() error { generic.Close(); return nil })
	var diags diag.List
	for _, p := range plans {
		o := &opener{Session: s, opts: opts, plan: p, homes: map[*plan.Provider]home{}}
		if err := o.open(ctx); err != nil {
			return nil, nil, errors.Join(err, s.Close())
		}
		diags = append(diags, o.diags...)
	}
	diags.Sort()
	if diags.HasErrors() {
		return nil, diags, s.Close()
	}
	return s, diags, nil
}

// Close takes down what Open put up, in the opposite order.
func (s *Session) Close() error {
	var errs []error
	for _, v := range slices.Backward(s.closers) {
		errs = append(errs, v())
	}
	s.closers = nil
	return errors.Join(errs...)
}

func (s *Session) onClose(f func() error) { s.closers = append(s.closers, f) }

// home is where the messages of a provider can be read; the zero home is nowhere.
type home struct {
	admin admin
	kind  result.TargetKind
}

// opener opens one plan.
type opener struct {
	*Session
	opts  Options
	plan  *plan.Plan
	local *emulatorProcess
	homes map[*plan.Provider]home
	diags diag.List
}

func (o *opener) open(ctx context.Context) error {
	values := map[string]cty.Value{}
	uses := o.plan.Uses()
	for _, p := range o.plan.Providers {
		if !uses.Provider(p) {
			continue
		}
		if err := o.provider(ctx, p, values); err != nil {
			return err
		}
	}
	if o.diags.HasErrors() {
		return nil
	}
	o.plan.Globals.Providers = cty.ObjectVal(values)
	kinds := map[*plan.Provider]result.TargetKind{}
	for p, h := range o.homes {
		kinds[p] = h.kind
	}
	o.diags = append(o.diags, misplaced(o.plan, kinds)...)
	for _, p := range o.plan.Providers {
		o.steer(p, uses.Steering(p))
	}
	for _, in := range o.plan.Inboxes {
		if !uses.Inbox(in) {
			continue // so that scenarios without messages run where none can be read
		}
		if err := o.inbox(ctx, in); err != nil {
			return err
		}
	}
	return nil
}

// provider connects one provider. Its arguments are complete afterwards.
func (o *opener) provider(ctx context.Context, p *plan.Provider, values map[string]cty.Value) error {
	c, err := newClient(p, o.opts.UserAgent)
	if err != nil {
		o.diags = append(o.diags, p.Source.Error("Invalid provider", fmt.Sprintf("The settings of provider %q can not be used: %s.", p.Name, err))...)
		return nil
	}
	o.onClose(func() error { c.Close(); return nil })
	kind := result.Emulator
	switch {
	case p.BaseURL == "emulator":
		err = o.inProcess(p)
	default:
		kind, err = o.remote(ctx, p, c)
	}
	if err != nil || o.diags.HasErrors() {
		return err
	}
	conn, err := p.Kind.Connect(c, p.Args)
	if err != nil {
		o.diags = append(o.diags, p.Source.Error("Invalid provider", fmt.Sprintf("Provider %q can not be used: %s.", p.Name, err))...)
		return nil
	}
	p.Args.Set("base_url", eval.Text(p.Kind.Address(conn)))
	h := o.homes[p]
	h.kind = kind
	o.homes[p] = h
	o.Environment.Conns[p], o.Environment.Clients[p] = conn, c
	o.Targets = append(o.Targets, result.Target{
		Suite: o.plan.Suite, Provider: displayName(p), BaseURL: p.Args.String("base_url"), ProjectID: p.Args.String("project_id"), Kind: kind,
	})
	values[p.Name] = o.value(p)
	return nil
}

func displayName(p *plan.Provider) string {
	if p.Name == p.Kind.Type {
		return p.Name
	}
	return p.Kind.Type + "." + p.Name
}

// value is what provider.NAME offers. Secrets in it are noted in the plan.
func (o *opener) value(p *plan.Provider) cty.Value {
	attrs := map[string]cty.Value{}
	for i := range p.Kind.Args {
		a := &p.Kind.Args[i]
		v := p.Args.Value(a.Name)
		if v.IsNull() {
			v = cty.NullVal(a.Type)
		}
		if a.Sensitive {
			if text := p.Args.String(a.Name); text != "" {
				o.plan.Secrets = append(o.plan.Secrets, secret.New(text))
			}
			v = v.Mark(eval.Sensitive)
		}
		attrs[a.Name] = v
	}
	return cty.ObjectVal(attrs)
}

// Describe completes the root run of every plan. profile is the name of the load profile
// that runs, empty for none.
func Describe(plans []*plan.Plan, id string, seed uint64, start time.Time, profile string) {
	name := cty.NullVal(cty.String)
	if profile != "" {
		name = cty.StringVal(profile)
	}
	for _, p := range plans {
		p.Globals.Run = cty.ObjectVal(map[string]cty.Value{
			"id": cty.StringVal(id), "seed": cty.NumberUIntVal(seed),
			"started_at": cty.StringVal(start.UTC().Format(time.RFC3339)), "profile": name,
		})
	}
}

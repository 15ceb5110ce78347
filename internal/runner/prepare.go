package runner

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/secret"
	"github.com/authbench/authbench/internal/steps"
)

// run is what all iterations share. It is read-only but for the gates, which are
// safe for concurrent use.
type run struct {
	env      Environment
	opts     Options
	programs []*program
	// total is the length of a round: the scenario instances of all plans, selected
	// or not.
	total    uint64
	gates    map[*plan.Provider]*gate
	scrubber *secret.Scrubber
	// teardown is told when the time to clean up is over.
	teardown *budgetError
	lots     lots
	crew     *crew
	// parked counts the iterations that wait.
	parked atomic.Int64
	// gauges are those of a profile, nil where none is carried out.
	gauges *Gauges
	// lends says that iterations are good while they are handed over, and no longer: then
	// they come out of sheets and go back there.
	lends bool
	// load says that this is a load: plain requests must not leave this machine unless a
	// provider bounds them.
	load   bool
	sheets sync.Pool // of *result.Iteration
}

// program is a scenario instance with everything worked out that is the same for
// all its iterations.
type program struct {
	*plan.Scenario
	plan *plan.Plan
	// position is the place of the instance in a round.
	position uint64
	globals  *eval.Globals
	layout   *eval.Layout
	// homes are the plan's providers by the scheme and host that they live at.
	homes                 map[string]*plan.Provider
	setup, body, teardown []*step
	// count is the number of steps in all sections.
	count int
	// messages is the number of those that wait for a message.
	messages int
	// budget is told when the scenario's time is over.
	budget *budgetError
	spare  sync.Pool // of *iteration
}

// step is a plan's step, prepared.
type step struct {
	*plan.Step
	// index is the step's place among all steps of the program.
	index int
	// slot is the place of its name in the layout, -1 for none. place is that among
	// all names of the scenario, from 1.
	slot, place int
	// word is the kind as results name it.
	word  string
	spare sync.Pool // of *record
	// url is the last address that the step sent something to.
	url     atomic.Pointer[address]
	address string
	gate    *gate
	conn    any
	control steps.Control
	source  capture.Source
	args    []argument
	// varying are the places of the arguments that depend on the iteration.
	varying []int
	results []attribute
	typ     cty.Type
	// message is the place of what is known of the message that the step waits for, -1
	// when it waits for none.
	message int
	// waits are the steps that wait for the message this one makes the target send.
	waits []*step
	// told is, for each of waits, what answers are known to say of where its inbox stood.
	told []atomic.Int32
	// recipient is the expression of the argument `to` of a wait, and recipientSteps
	// are the steps that must have run before it can be evaluated.
	recipient      *eval.Expr
	recipientSteps []string
	// needs are the steps that a teardown step refers to.
	needs []*step
}

func newRun(plans []*plan.Plan, env Environment, opts Options) (*run, error) {
	if opts.Parallelism <= 0 {
		opts.Parallelism = DefaultParallelism
	}
	if opts.Repeat <= 0 {
		opts.Repeat = 1
	}
	if opts.TeardownTimeout <= 0 {
		opts.TeardownTimeout = DefaultTeardownTimeout
	}
	if opts.Rate < 0 {
		return nil, fmt.Errorf("rate %g is negative", opts.Rate)
	}
	r := &run{
		crew:     newCrew(),
		teardown: &budgetError{"the teardown's timeout", opts.TeardownTimeout},
		env:      env, opts: opts, gates: map[*plan.Provider]*gate{}, scrubber: secret.NewScrubber(runSecrets(plans)...),
	}
	for _, p := range plans {
		for _, sc := range p.Scenarios {
			prog, err := r.prepare(p, sc)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", p.Suite, sc.Address, err)
			}
			prog.position = r.total + uint64(sc.Place)
			r.programs = append(r.programs, prog)
		}
		r.total += uint64(p.Size)
	}
	return r, r.narrow()
}

// narrow keeps just the program of the one iteration that is asked for. A program that is
// selected alone has a round of its own: any iteration of it can be had, those of a load
// run as well, whose numbers do not go round.
func (r *run) narrow() error {
	only := r.opts.OnlyIteration
	if only == nil {
		return nil
	}
	if len(r.programs) == 1 {
		r.total, r.programs[0].position = 1, 0
	}
	if r.total > 0 {
		r.programs = slices.DeleteFunc(r.programs, func(p *program) bool { return p.position != *only%r.total })
	}
	if len(r.programs) == 0 {
		return fmt.Errorf("iteration %d: its scenario is not selected", *only)
	}
	return nil
}

// runSecrets are the texts that no iteration may show.
func runSecrets(plans []*plan.Plan) []string {
	var out []string
	for _, p := range plans {
		for _, s := range p.Secrets {
			out = append(out, s.Reveal())
		}
		for _, in := range p.Inboxes {
			out = append(out, in.Token.Reveal())
		}
		for _, pr := range p.Providers {
			out = append(out, pr.TLS.Key.Reveal())
			if pr.Kind == nil {
				continue
			}
			for _, a := range pr.Kind.Args {
				if a.Sensitive && pr.Args.Has(a.Name) {
					out = eval.Texts(pr.Args.Value(a.Name), out)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (r *run) prepare(p *plan.Plan, sc *plan.Scenario) (*program, error) {
	prog := &program{Scenario: sc, plan: p, globals: p.Globals, layout: sc.Layout, homes: r.homesOf(p), budget: &budgetError{"the scenario's timeout", sc.Timeout}}
	if prog.layout == nil {
		prog.layout = plan.NewLayout(sc)
	}
	var all []*step
	for _, section := range []struct {
		from []*plan.Step
		to   *[]*step
	}{{sc.Setup, &prog.setup}, {sc.Body, &prog.body}, {sc.Teardown, &prog.teardown}} {
		for _, ps := range section.from {
			s, err := r.prepareStep(sc, ps, len(all))
			if err != nil {
				return nil, fmt.Errorf("step %s: %w", ps.Name, err)
			}
			all = append(all, s)
			*section.to = append(*section.to, s)
		}
	}
	prog.count = len(all)
	places := map[string]int{}
	for _, s := range all {
		if places[s.Name] == 0 {
			places[s.Name] = len(places) + 1
		}
		s.slot, s.place = prog.layout.Step(s.Name), places[s.Name]
	}
	prog.messages = tie(sc, all)
	return prog, nil
}

func (r *run) prepareStep(sc *plan.Scenario, ps *plan.Step, index int) (*step, error) {
	s := &step{Step: ps, index: index, gate: r.gate(ps.Provider), word: "assert", message: -1} // a block of the scenario itself
	s.address = s.fullAddress(sc)
	if ps.Kind == nil {
		return s, nil
	}
	s.word = ps.Kind.Name
	if ps.Provider != nil {
		conn, ok := r.env.Conns[ps.Provider]
		if !ok {
			return nil, fmt.Errorf("provider %s is not connected", ps.Provider.Name)
		}
		s.conn = conn
	}
	if ps.Kind.Steers {
		if s.control = r.env.Controls[ps.Provider]; s.control == nil {
			return nil, fmt.Errorf("provider %s is no emulator that can be steered", ps.Provider.Name)
		}
	}
	if ps.Inbox != nil {
		source, ok := r.env.Inboxes[ps.Inbox]
		if !ok {
			return nil, fmt.Errorf("inbox %s is not open", ps.Inbox.Name)
		}
		s.source = source
	}
	s.args, s.varying = prepareArguments(ps)
	s.results, s.typ = prepareResults(ps)
	return s, nil
}

// label is the step's name among the steps of its scenario.
func (s *step) label() string {
	if s.ForEach {
		return fmt.Sprintf("%s[%q]", s.Name, s.Key)
	}
	return s.Name
}

func (s *step) fullAddress(sc *plan.Scenario) string {
	text := sc.Address + ".step." + s.label()
	if s.Kind != nil {
		text += " (" + s.Kind.Name + ")"
	}
	return text
}

// blockNames gives the names of the pairs of the block argument.
func blockNames(ps *plan.Step, arg string) []string {
	for _, a := range ps.Args {
		if a.Spec == nil || a.Spec.Name != arg {
			continue
		}
		out := make([]string, len(a.Pairs))
		for i, p := range a.Pairs {
			out[i] = p.Name
		}
		return out
	}
	return nil
}

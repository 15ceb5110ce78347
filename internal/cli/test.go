package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/report"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/secret"
	"github.com/authbench/authbench/internal/stats"
	"github.com/authbench/authbench/internal/target"
)

// testOptions are the flags of test.
type testOptions struct {
	inputs
	selection
	outputs
	admin       string
	state       string
	repeat      int
	parallelism int
	rate        float64
	failFast    bool
	seed        uint64
	seeded      bool
	iteration   uint64
	only        bool
	keep        bool
	verbose     bool
}

func (a *app) testCommand() *cobra.Command {
	var o testOptions
	cmd := &cobra.Command{
		Use:   "test PATH...",
		Short: "Run scenarios and judge them",
		Long: `Runs every selected scenario once, concurrently, and ends in a verdict. A path is a
file or a directory of *.hcl files; each path is a configuration of its own, and
"builtin" is the suite inside the binary. All are checked before anything is sent.`,
		Example: `  authbench test builtin
  authbench test scenarios --tags 'smoke && !E' --junit-xml report.xml
  authbench test flow.hcl --target https://api.example.com --var project_id=P2abc
  authbench test flow.hcl --repeat 1000 --parallelism 64 --rate 50`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.seeded, o.only = cmd.Flags().Changed("seed"), cmd.Flags().Changed("iteration")
			return a.runTest(cmd.Context(), args, o)
		},
	}
	o.inputs.register(cmd)
	o.selection.register(cmd)
	o.outputs.register(cmd)
	f := cmd.Flags()
	f.StringVar(&o.admin, "target-admin", "", "`URL` of the admin listener of an emulator that runs alone; its token comes from AUTHBENCH_ADMIN_TOKEN")
	f.StringVar(&o.state, "state", "", "`directory` of the user's state (default $XDG_STATE_HOME/authbench)")
	f.IntVar(&o.repeat, "repeat", 1, "run every scenario this `number` of times")
	f.IntVar(&o.parallelism, "parallelism", runner.DefaultParallelism, "this `number` of iterations at a time")
	f.Float64Var(&o.rate, "rate", 0, "start at most this `number` of iterations a second; 0 is no bound")
	f.BoolVar(&o.failFast, "fail-fast", false, "start nothing more after the first failure")
	f.Uint64Var(&o.seed, "seed", 0, "`number` that decides all random values (default drawn and printed)")
	f.Uint64Var(&o.iteration, "iteration", 0, "run just the iteration of this `number`, to repeat a failure together with --seed")
	f.BoolVar(&o.keep, "keep", false, "leave out teardown, to look at what a scenario left")
	f.BoolVar(&o.verbose, "verbose", false, "show the steps of all scenarios and every failure that was kept")
	return cmd
}

func (o *testOptions) check() error {
	switch {
	case o.repeat < 1:
		return wrong("--repeat must be at least 1")
	case o.parallelism < 1 || o.parallelism > 100_000:
		return wrong("--parallelism must be from 1 to 100000")
	case o.rate < 0 || o.rate != o.rate || o.rate > 1e6:
		return wrong("--rate must be from 0 to 1000000")
	}
	return nil
}

// runTest is the main path: configurations, plans, targets, results, verdict.
func (a *app) runTest(ctx context.Context, paths []string, o testOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	plans, err := a.plans(paths, o.inputs, o.selection)
	if err != nil {
		return err
	}
	if !o.seeded {
		o.seed = randomSeed()
	}
	session, err := a.openTargets(ctx, plans, o)
	if err != nil {
		return err
	}
	err = a.runPlans(ctx, plans, session, o)
	return errors.Join(err, session.Close())
}

// openTargets asks every target whether it answers, before anything else is sent.
func (a *app) openTargets(ctx context.Context, plans []*plan.Plan, o testOptions) (*target.Session, error) {
	session, diags, err := target.Open(ctx, plans, target.Options{
		Seed: o.seed, UserAgent: "authbench/" + a.Version, AdminURL: o.admin, AdminToken: secret.New(a.env("AUTHBENCH_ADMIN_TOKEN")),
		StateDir: a.stateDir(o.state), LookupEnv: a.LookupEnv,
	})
	var away *target.Unreachable
	switch {
	case errors.As(err, &away):
		return nil, &failure{code: Unjudged, err: err}
	case err != nil:
		return nil, &failure{code: Unjudged, err: err}
	}
	if err := a.report(diags, false); err != nil {
		return nil, err
	}
	if diags.HasErrors() {
		return nil, exit(Wrong)
	}
	return session, nil
}

func (a *app) runPlans(ctx context.Context, plans []*plan.Plan, session *target.Session, o testOptions) error {
	run := result.Run{Version: a.Version, Seed: o.seed, Start: time.Now(), Targets: session.Targets}
	cases := make([]stats.Case, 0)
	for _, p := range plans {
		for _, sc := range p.Scenarios {
			cases = append(cases, stats.Case{Suite: p.Suite, Scenario: sc.Name, Key: sc.Key, Address: sc.Address, Description: sc.Description, Tags: sc.Tags})
		}
	}
	run.Scenarios = uint64(len(cases))
	run.Iterations = uint64(len(cases) * o.repeat)
	options := runner.Options{
		Parallelism: o.parallelism, Rate: o.rate, Repeat: o.repeat, FailFast: o.failFast, Seed: o.seed, Keep: o.keep,
	}
	if o.only {
		options.OnlyIteration, run.Iterations = &o.iteration, 1
		cases = nil // the others are not expected to run
	}
	target.Describe(plans, uuid.NewString(), o.seed, run.Start)
	acc := stats.New(run, cases)
	sinks, err := a.openSinks(run, cases, o)
	if err != nil {
		return err
	}
	progress := a.startProgress(run.Iterations)
	options.Emit = func(it *result.Iteration) {
		acc.Add(it)
		sinks.iteration(it)
		progress.add(it.Outcome)
	}
	_, err = runner.Run(ctx, a.hard, plans, session.Environment, options)
	progress.stop()
	if err != nil {
		return errors.Join(err, sinks.close())
	}
	summary := acc.Summary(stats.End{Wall: time.Since(run.Start), Interrupted: ctx.Err() != nil})
	if err := sinks.finish(ctx, summary); err != nil {
		return &failure{code: Wrong, err: err}
	}
	return exit(verdictCode(summary.Verdict))
}

func verdictCode(v stats.Verdict) Code {
	switch v {
	case stats.Passed:
		return Good
	case stats.Interrupted:
		return Interrupted
	case stats.Unanswered, stats.Refused:
		return Unjudged
	case stats.Inconclusive:
		return Inconclusive
	}
	return Failed
}

func (a *app) textOptions(verbose bool) report.TextOptions {
	o := report.TextOptions{Color: a.color(a.OutWidth, a.noColor), Width: a.OutWidth}
	if verbose {
		o.Detail = report.DetailAll
	}
	return o
}

// createFile opens a file that a report goes to. It is written whole or not at all.
func createFile(name string, write func(f *os.File) error) error {
	f, err := os.CreateTemp(dirOf(name), ".authbench-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	err = write(f)
	err = errors.Join(err, f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

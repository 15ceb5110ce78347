package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/secret"
	"github.com/authbench/authbench/internal/stats"
	"github.com/authbench/authbench/internal/target"
)

// runTest is the main path: configurations, plans, targets, results, verdict. What can
// be wrong with the command is found before a target is asked anything.
func (a *app) runTest(ctx context.Context, paths []string, o testOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	plans, err := a.plans(paths, o.inputs, o.selection)
	if err != nil {
		return err
	}
	if o.only && !plan.Numbers(plans, o.iteration) {
		return wrong("iteration %d belongs to a scenario that is not selected", o.iteration)
	}
	if !o.seeded {
		o.seed = randomSeed()
	}
	cases := casesOf(plans)
	if o.only {
		cases = nil // the others are not expected to run
	}
	out, err := a.openSinks(plans, cases, o)
	if err != nil {
		return err
	}
	session, err := a.openTargets(ctx, plans, o)
	if err != nil {
		return errors.Join(err, out.close())
	}
	code, err := a.runPlans(ctx, plans, session, out, cases, o)
	if closing := session.Close(); closing != nil {
		a.log.Warn("not everything was taken down", "error", closing)
	}
	if err != nil {
		return err
	}
	return exit(code)
}

// openTargets asks every target whether it answers, before anything else is sent.
func (a *app) openTargets(ctx context.Context, plans []*plan.Plan, o testOptions) (*target.Session, error) {
	session, diags, err := target.Open(ctx, plans, target.Options{
		Seed: o.seed, UserAgent: "authbench/" + a.Version, AdminURL: o.admin, AdminToken: secret.New(a.env("AUTHBENCH_ADMIN_TOKEN")),
		StateDir: a.stateDir(o.state), LookupEnv: a.LookupEnv,
	})
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, &failure{code: Interrupted, err: errors.New("interrupted before anything ran")}
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

func casesOf(plans []*plan.Plan) []stats.Case {
	var cases []stats.Case
	for _, p := range plans {
		for _, sc := range p.Scenarios {
			cases = append(cases, stats.Case{Suite: p.Suite, Scenario: sc.Name, Key: sc.Key, Address: sc.Address, Description: sc.Description, Tags: sc.Tags})
		}
	}
	return cases
}

// runPlans runs what was selected and hands the results to out.
func (a *app) runPlans(ctx context.Context, plans []*plan.Plan, session *target.Session, out *sinks, cases []stats.Case, o testOptions) (Code, error) {
	run := result.Run{
		Version: a.Version, Seed: o.seed, Start: time.Now(), Targets: session.Targets,
		Scenarios: uint64(len(cases)), Iterations: uint64(len(cases) * o.repeat),
	}
	options := runner.Options{
		Parallelism: o.parallelism, Rate: o.rate, Repeat: o.repeat, FailFast: o.failFast, Seed: o.seed, Keep: o.keep,
	}
	if o.only {
		options.OnlyIteration, run.Scenarios, run.Iterations = &o.iteration, 1, 1
	}
	target.Describe(plans, uuid.NewString(), o.seed, run.Start, "")
	acc := stats.New(run, cases)
	out.start(run)
	progress := a.startProgress(run.Iterations)
	defer context.AfterFunc(ctx, progress.interrupted)()
	options.Emit = func(it *result.Iteration) {
		acc.Add(it)
		out.iteration(it)
		progress.add(it.Outcome)
	}
	options.Fixture = acc.Fixture
	_, err := runner.Run(ctx, a.hard, plans, session.Environment, options)
	progress.stop()
	if err != nil {
		return Failed, errors.Join(err, out.close())
	}
	summary := acc.Summary(stats.End{Wall: time.Since(run.Start), Interrupted: ctx.Err() != nil})
	if err := out.finish(ctx, summary); err != nil {
		return Failed, undelivered(summary.Verdict, err)
	}
	return verdictCode(summary.Verdict), nil
}

// undelivered is the end of a run of which a result could not be written. Whoever reads
// the result would not know what was judged, so the run counts as failed, but for one
// that was interrupted or that nothing answered: those codes go before.
func undelivered(v stats.Verdict, err error) error {
	code := verdictCode(v)
	if code != Interrupted && code != Unjudged {
		code = Failed
	}
	return &failure{code: code, err: fmt.Errorf("a result could not be written: %w", err)}
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

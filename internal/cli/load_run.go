package cli

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/authbench/authbench/internal/pace"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/stats"
	"github.com/authbench/authbench/internal/target"
)

// runLoad is the main path of a load run: configuration, profile, approval, targets,
// results, verdict. What can be wrong with the command is found before a target is
// asked anything.
func (a *app) runLoad(ctx context.Context, path string, o loadOptions) error {
	p, profile, err := a.loadPlan(path, o)
	if err != nil {
		return err
	}
	seed := randomSeed()
	switch {
	case o.seeded:
		seed = o.seed
	case profile.Seed != nil:
		seed = *profile.Seed
	}
	out, err := a.openLoadSinks(p, o)
	if err != nil {
		return err
	}
	session, err := a.openTargets(ctx, []*plan.Plan{p}, testOptions{admin: o.admin, state: o.state, seed: seed})
	if err != nil {
		return errors.Join(err, out.close())
	}
	code, err := a.approved(ctx, p, profile, session, o)
	if err == nil && code == Good {
		code, err = a.carryOut(ctx, p, profile, seed, session, out)
	}
	if closing := session.Close(); closing != nil {
		a.log.Warn("not everything was taken down", "error", closing)
	}
	if err := errors.Join(err, out.close()); err != nil {
		return err
	}
	return exit(code)
}

// loadPlan reads the configuration and keeps what the profile runs.
func (a *app) loadPlan(path string, o loadOptions) (*plan.Plan, *plan.Load, error) {
	plans, diags, err := a.configurations([]string{path}, o.inputs)
	if err != nil {
		return nil, nil, err
	}
	if err := a.report(diags, o.json && diags.HasErrors()); err != nil {
		return nil, nil, err
	}
	if diags.HasErrors() {
		return nil, nil, exit(Wrong)
	}
	profile, err := plans[0].Profile(o.profile)
	if err != nil {
		return nil, nil, &failure{code: Wrong, err: err, hint: `authbench plan PATH shows the load profiles; one begins with load "NAME" {`}
	}
	p := plans[0].Only(profile)
	if diags := append(target.Check([]*plan.Plan{p}), target.CheckLoad(p)...); diags.HasErrors() {
		if err := a.report(diags, o.json); err != nil {
			return nil, nil, err
		}
		return nil, nil, exit(Wrong)
	}
	return p, profile, nil
}

// runUp is how long before the first arrival everything is made ready. What is done behind
// its back makes the first arrivals late, and come all at once.
const runUp = 50 * time.Millisecond

// carryOut runs the profile and hands what it comes to to out.
func (a *app) carryOut(ctx context.Context, p *plan.Plan, profile *plan.Load, seed uint64, session *target.Session, out *loadSinks) (Code, error) {
	schedule, err := profile.Schedule()
	if err != nil {
		return Wrong, &failure{code: Wrong, err: err}
	}
	run := result.Run{
		Version: a.Version, Seed: seed, Start: time.Now().Add(runUp), Targets: session.Targets,
		Scenarios: uint64(len(p.Scenarios)), Iterations: schedule.Arrivals,
	}
	target.Describe([]*plan.Plan{p}, uuid.NewString(), seed, run.Start, profile.Name)
	about, err := describe(p, profile, schedule)
	if err != nil {
		return Wrong, &failure{code: Wrong, err: err}
	}
	recorder := stats.NewRecorder(stats.RecorderOptions{
		Run: run, Profile: about, Judge: judgeOf(p, profile), Scenarios: loadScenarios(profile),
		Environment: stats.Environment{Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH},
	})
	out.start(recorder, recorder.Snapshot(run.Start))
	gauges := &runner.Gauges{}
	w := a.watch(ctx, recorder, gauges, clockwork(p, profile, schedule), out)
	account, err := runner.RunLoad(ctx, a.hard, p, profile, session.Environment, runner.LoadOptions{
		Seed: seed, Start: run.Start, Emit: recorder.Add, Drop: func(d result.Drop) { recorder.Drop(&d) },
		Fixture: recorder.Fixture, Gauges: gauges, Over: w.ended, Stop: w.stop,
	})
	w.end()
	if err != nil {
		return Wrong, &failure{code: Wrong, err: err}
	}
	l := recorder.Load(endOf(account, profile, ctx.Err() != nil))
	if err := l.Check(account.Scheduled); err != nil {
		return Failed, &failure{code: Failed, err: fmt.Errorf("the account of the run does not add up, which is a fault of this program: %w", err)}
	}
	if err := out.finish(ctx, l); err != nil {
		return Failed, undelivered(l.Verdict, err)
	}
	return verdictCode(l.Verdict), nil
}

// endOf says how a run ended, and why if that was before its schedule.
func endOf(account runner.LoadAccount, profile *plan.Load, interrupted bool) stats.End {
	end := stats.End{Wall: account.Overall, Interrupted: interrupted}
	switch account.End {
	case runner.EndOverflow:
		end.Aborted = fmt.Sprintf("max_in_flight (%d) was reached, and overflow is abort.", profile.MaxInFlight)
	case runner.EndExhausted:
		end.Early = "a dataset had no row left, and on_exhausted is stop."
	case runner.EndStopped:
		end.Early = "it was asked to stop."
	}
	return end
}

// clockwork gives the schedule of a profile whose arrivals follow it to the letter, so that
// one that is missing is a fault of the generator; nil for any other.
func clockwork(p *plan.Plan, profile *plan.Load, s plan.Schedule) *pace.Schedule {
	stops := slices.ContainsFunc(p.Datasets, func(d *plan.Dataset) bool { return d.OnExhausted == plan.ExhaustedStop })
	if profile.Poisson || stops {
		return nil
	}
	return s.Rate
}

// judgeOf takes the thresholds of a profile to statistics.
func judgeOf(p *plan.Plan, profile *plan.Load) *stats.Judge {
	var all []stats.Threshold
	for _, t := range profile.Thresholds {
		all = append(all, stats.Threshold{
			Name: t.Name, Condition: t.Condition, Message: t.Message, Text: t.Condition.Site().Text(), Window: t.Window, After: t.After, Abort: t.Abort, MinSamples: t.MinSamples,
		})
	}
	return stats.NewJudge(p.Globals, profile.MetricsType(), all)
}

// describe says what was asked for, for whoever reads the results.
func describe(p *plan.Plan, profile *plan.Load, s plan.Schedule) (stats.Profile, error) {
	hash, err := p.Hash(profile)
	return stats.Profile{
		Name: profile.Name, Description: profile.Description, PlanHash: hash, Open: profile.Open(),
		Schedule: scheduleText(profile), Planned: s.Arrivals, Duration: s.Duration, Warmup: profile.Warmup,
		MaxInFlight: profile.MaxInFlight, Overflow: string(profile.Overflow),
	}, err
}

// scheduleText is a profile in words.
func scheduleText(l *plan.Load) string {
	var parts []string
	before := 0.0
	for _, s := range l.Stages {
		switch {
		case s.Over == 0:
			parts = append(parts, fmt.Sprintf("jump to %g/s", s.Rate))
		case s.Rate == before:
			parts = append(parts, fmt.Sprintf("%g/s for %s", s.Rate, s.Over))
		default:
			parts = append(parts, fmt.Sprintf("%g/s to %g/s over %s", before, s.Rate, s.Over))
		}
		before = s.Rate
	}
	users := 0
	for _, u := range l.VUs {
		switch {
		case u.Over == 0:
			parts = append(parts, fmt.Sprintf("%d users", u.Count))
		case u.Count == users:
			parts = append(parts, fmt.Sprintf("%d users for %s", u.Count, u.Over))
		default:
			parts = append(parts, fmt.Sprintf("%d to %d users over %s", users, u.Count, u.Over))
		}
		users = u.Count
	}
	if l.Iterations > 0 {
		parts = append(parts, fmt.Sprintf("%d iterations, %d at a time", l.Iterations, l.MaxInFlight))
	}
	text := strings.Join(parts, ", ")
	if l.Poisson {
		text += ", Poisson arrivals"
	}
	return text
}

// loadScenarios lists the scenarios of the mix by declared name with their steps.
func loadScenarios(profile *plan.Load) []stats.LoadScenario {
	out := make([]stats.LoadScenario, len(profile.Mix))
	for i := range profile.Mix {
		out[i] = stats.LoadScenario{Name: profile.Mix[i].Name, Steps: profile.Mix[i].Steps()}
	}
	return out
}

package cli

import (
	"context"
	"errors"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/authbench/authbench/internal/metrics"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/report"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

// outputs are the flags that say where results go.
type outputs struct {
	junit   string
	metrics string
	listen  string
	linger  time.Duration
	open    bool
}

func (o *outputs) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.junit, "junit-xml", "", "write JUnit XML to this `file`")
	f.StringVar(&o.metrics, "metrics-out", "", "write metrics in Prometheus' text format to this `file`")
	f.StringVar(&o.listen, "listen", "", "serve /metrics on this `address` during the run, for example 127.0.0.1:9464")
	f.DurationVar(&o.linger, "linger", 0, "with --listen: stay for this `duration` after the run, or until two scrapes were answered")
	f.BoolVar(&o.open, "insecure-listen", false, "allow --listen on an address that other machines can reach")
}

func (o *outputs) check() error {
	switch {
	case o.linger < 0:
		return wrong("--linger must not be negative")
	case o.linger > 0 && o.listen == "":
		return wrong("--linger needs --listen: without it nobody can scrape")
	}
	return nil
}

// sinks are everything that results flow into while a run goes on.
type sinks struct {
	app     *app
	o       testOptions
	encoder *result.Encoder
	metrics *metrics.Metrics
	server  *metricsServer
	files   pendings
	faults
}

// openSinks opens every output before anything is sent, so that a wrong path is told
// early and no result is lost.
func (a *app) openSinks(plans []*plan.Plan, cases []stats.Case, o testOptions) (*sinks, error) {
	s := &sinks{app: a, o: o, files: pendings{}}
	if err := o.outputs.check(); err != nil {
		return nil, err
	}
	if err := s.files.open(plans, o.junit, o.metrics); err != nil {
		return nil, errors.Join(err, s.close())
	}
	if err := o.receivers.check(a); err != nil {
		return nil, errors.Join(err, s.close())
	}
	if o.metrics != "" || o.listen != "" || o.push != "" {
		s.metrics = metrics.New(a.metricsOptions("test", cases))
	}
	if o.listen != "" {
		server, err := listenMetrics(o.listen, o.open)
		if err != nil {
			return nil, errors.Join(&failure{code: Wrong, err: err}, s.close())
		}
		server.serve(s.metrics.Handler())
		s.server = server
		a.log.Info("metrics are served", "url", "http://"+server.address()+"/metrics")
	}
	if o.json {
		s.encoder = result.NewEncoder(a.Out)
	}
	return s, nil
}

// start tells what is about to run, and against what.
func (s *sinks) start(run result.Run) {
	if s.encoder != nil {
		s.keep(s.encoder.Start(run))
		return
	}
	s.keep(report.Header(s.app.Out, run, s.app.textOptions(s.o.verbose)))
}

// metricsOptions gathers what the providers tell of themselves.
func (a *app) metricsOptions(mode string, cases []stats.Case) metrics.Options {
	o := metrics.Options{Mode: mode, Version: a.Version, Cases: cases}
	for _, p := range registry().Providers() {
		o.ErrorCodes = append(o.ErrorCodes, p.ErrorCodes...)
		o.CreatesUser = append(o.CreatesUser, p.CreatesUser...)
		o.DeletesUser = append(o.DeletesUser, p.DeletesUser...)
	}
	return o
}

func (s *sinks) iteration(it *result.Iteration) {
	if s.metrics != nil {
		s.metrics.Observe(it)
	}
	if s.encoder != nil {
		s.keep(s.encoder.Iteration(it))
	}
}

// finish writes what stands at the end. Every output is tried, whatever became of
// those before it.
func (s *sinks) finish(ctx context.Context, sum *stats.Summary) error {
	a := s.app
	if s.encoder != nil {
		doc, err := report.Document(sum)
		s.keep(err)
		s.keep(s.encoder.Summary(doc))
	} else {
		s.keep(report.Text(a.Out, sum, a.textOptions(s.o.verbose)))
	}
	if a.env("GITHUB_ACTIONS") == "true" {
		out := a.Out
		if s.encoder != nil {
			out = a.Err
		}
		s.keep(report.GitHub(out, sum))
	}
	s.keep(s.files.write(s.o.junit, func(f *os.File) error { return report.JUnit(f, sum) }))
	if s.metrics != nil {
		s.metrics.Finish(sum)
	}
	s.keep(s.files.write(s.o.metrics, func(f *os.File) error { return s.metrics.WriteText(f) }))
	if s.o.push != "" {
		s.keep(a.deliver(ctx, []delivery{a.pushing(s.o.push, &s.metrics.Exposition, suitesOf(sum))}))
	}
	if s.server != nil && s.o.linger > 0 {
		s.server.linger(ctx, s.o.linger, s.app.log)
	}
	return s.close()
}

func (s *sinks) close() error {
	var err error
	if s.server != nil {
		err = s.server.close()
	}
	return errors.Join(s.err(), err, s.files.discard())
}

func (a *app) textOptions(verbose bool) report.TextOptions {
	o := report.TextOptions{Color: a.color(a.OutWidth, a.noColor), Width: a.OutWidth}
	if verbose {
		o.Detail = report.DetailAll
	}
	return o
}

// suitesOf lists the suites of a run in order.
func suitesOf(sum *stats.Summary) []string {
	var out []string
	for i := range sum.Cases {
		if suite := sum.Cases[i].Suite; !slices.Contains(out, suite) {
			out = append(out, suite)
		}
	}
	return out
}

package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
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
	faults
}

// openSinks opens every output before anything is sent, so that a wrong path is told
// early and no result is lost.
func (a *app) openSinks(plans []*plan.Plan, cases []stats.Case, o testOptions) (*sinks, error) {
	s := &sinks{app: a, o: o}
	if err := o.outputs.check(); err != nil {
		return nil, err
	}
	if err := checkFiles(plans, o.junit, o.metrics); err != nil {
		return nil, err
	}
	if err := o.receivers.check(a); err != nil {
		return nil, err
	}
	if o.metrics != "" || o.listen != "" || o.push != "" {
		s.metrics = metrics.New(a.metricsOptions("test", cases))
	}
	if o.listen != "" {
		server, err := listenMetrics(o.listen, o.open)
		if err != nil {
			return nil, &failure{code: Wrong, err: err}
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

// checkFiles finds out whether every output can be written, and replaces neither another
// one nor what the plans were read from.
func checkFiles(plans []*plan.Plan, outputs ...string) error {
	var inputs []string
	for _, p := range plans {
		inputs = append(inputs, p.Files...)
	}
	if err := apart(inputs, outputs); err != nil {
		return err
	}
	for _, name := range outputs {
		if err := writable(name); err != nil {
			return &failure{code: Wrong, err: err}
		}
	}
	return nil
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
	if s.o.junit != "" {
		s.keep(createFile(s.o.junit, func(f *os.File) error { return report.JUnit(f, sum) }))
	}
	if s.metrics != nil {
		s.metrics.Finish(sum)
	}
	if s.o.metrics != "" {
		s.keep(createFile(s.o.metrics, func(f *os.File) error { return s.metrics.WriteText(f) }))
	}
	if s.o.push != "" {
		s.keep(a.deliver(ctx, []delivery{a.pushing(s.o.push, &s.metrics.Exposition, suitesOf(sum))}))
	}
	if s.server != nil && s.o.linger > 0 {
		s.server.linger(ctx, s.o.linger)
	}
	return s.close()
}

func (s *sinks) close() error {
	var err error
	if s.server != nil {
		err = s.server.close()
	}
	return errors.Join(s.err(), err)
}

// writable reports whether a file can be made at a path.
func writable(name string) error {
	if name == "" {
		return nil
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return errors.New("can not write " + name + ": it is a directory")
	}
	f, err := os.CreateTemp(dirOf(name), ".authbench-*")
	if err != nil {
		return errors.New("can not write " + name + ": " + reasonOf(err))
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

func dirOf(name string) string { return filepath.Dir(name) }

func reasonOf(err error) string {
	if pe, ok := errors.AsType[*os.PathError](err); ok {
		return pe.Err.Error()
	}
	return err.Error()
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

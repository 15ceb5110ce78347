package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/authbench/authbench/internal/metrics"
	"github.com/authbench/authbench/internal/page"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/report"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runfile"
	"github.com/authbench/authbench/internal/stats"
)

// loadSinks are everything that the numbers of a load run flow into. Addresses and
// files are opened before anything is sent; what needs numbers follows in start.
type loadSinks struct {
	app     *app
	o       loadOptions
	suite   string
	encoder *result.Encoder
	// scrapes and looks are the listeners of --listen and --ui, nil without.
	scrapes *metricsServer
	looks   *webServer
	files   pendings
	page    *page.Page
	metrics *metrics.Load
	remote  *metrics.RemoteWriter
	faults
}

// openLoadSinks opens every output, so that a wrong path or address is told early and
// no result is lost.
func (a *app) openLoadSinks(p *plan.Plan, o loadOptions) (*loadSinks, error) {
	s := &loadSinks{app: a, o: o, suite: p.Suite, files: pendings{}}
	if err := o.outputs.check(); err != nil {
		return nil, err
	}
	if err := s.files.open([]*plan.Plan{p}, o.out, o.html, o.junit, o.outputs.metrics); err != nil {
		return nil, errors.Join(err, s.close())
	}
	if err := o.receivers.check(a); err != nil {
		return nil, errors.Join(err, s.close())
	}
	if err := s.listen(); err != nil {
		return nil, errors.Join(&failure{code: Wrong, err: err}, s.close())
	}
	if o.json {
		s.encoder = result.NewEncoder(a.Out)
	}
	return s, nil
}

func (s *loadSinks) listen() (err error) {
	if s.o.listen != "" {
		if s.scrapes, err = listenMetrics(s.o.listen, s.o.open); err != nil {
			return err
		}
		s.app.log.Info("metrics are served", "url", "http://"+s.scrapes.address()+"/metrics")
	}
	if s.o.ui != "" {
		s.looks, err = listenWeb("--ui", s.o.ui, s.o.open, "the page shows your scenarios and their failures")
	}
	return err
}

// start tells what is about to run, and against what.
func (s *loadSinks) start(recorder *stats.Recorder, first *stats.Load) {
	if s.o.outputs.metrics != "" || s.scrapes != nil || s.o.remoteWrite != "" || s.o.push != "" {
		s.metrics = metrics.NewLoad(s.app.metricsOptions("load", nil), recorder, first.Profile)
	}
	if s.encoder != nil {
		s.keep(s.encoder.Start(first.Run))
	} else {
		s.keep(report.LoadHeader(s.app.Out, first, s.app.textOptions(false)))
	}
	if s.looks != nil {
		s.page = page.New(first, page.Options{})
		s.looks.serve(s.page.Handler())
		_, _ = fmt.Fprintln(s.app.Err, "The run is shown at http://"+s.looks.address())
	}
	if s.scrapes != nil {
		s.scrapes.serve(s.metrics.Handler())
	}
	if s.o.remoteWrite != "" {
		remote, err := metrics.NewRemoteWriter(s.metrics.Gatherer(), s.app.remoteOptions(s.o.remoteWrite))
		if s.keep(err); err == nil {
			s.remote = remote
			remote.Start()
		}
	}
}

// second takes how the run stands, once a second.
func (s *loadSinks) second(l *stats.Load) {
	if s.page != nil {
		s.page.Publish(l)
	}
}

// finish writes what stands at the end. Every output is tried, whatever became of
// those before it.
func (s *loadSinks) finish(ctx context.Context, l *stats.Load) error {
	s.tell(l)
	for _, f := range []struct {
		name  string
		write func(f *os.File) error
	}{
		{s.o.out, func(f *os.File) error { return runfile.Write(f, l) }},
		{s.o.html, func(f *os.File) error { return report.HTML(f, l) }},
		{s.o.junit, func(f *os.File) error { return report.LoadJUnit(f, l) }},
		{s.o.outputs.metrics, func(f *os.File) error { return s.metrics.WriteText(f) }},
	} {
		s.keep(s.files.write(f.name, f.write))
	}
	if s.page != nil {
		s.page.End(l)
	}
	s.keep(s.deliver(ctx))
	if s.scrapes != nil && s.o.linger > 0 {
		s.scrapes.linger(ctx, s.o.linger, s.app.log)
	}
	return s.err()
}

// deliver sends the last numbers to the receivers of metrics.
func (s *loadSinks) deliver(ctx context.Context) error {
	var all []delivery
	if s.remote != nil {
		all = append(all, delivery{host: hostOf(s.o.remoteWrite), send: s.remote.Close})
	}
	if s.o.push != "" {
		all = append(all, s.app.pushing(s.o.push, &s.metrics.Exposition, []string{s.suite}))
	}
	return s.app.deliver(ctx, all)
}

// tell writes the report to stdout.
func (s *loadSinks) tell(l *stats.Load) {
	a := s.app
	if s.encoder != nil {
		doc, err := report.LoadDocument(l)
		s.keep(err)
		s.keep(s.encoder.Summary(doc))
	} else {
		s.keep(report.LoadText(a.Out, l, a.textOptions(false)))
	}
	if a.env("GITHUB_ACTIONS") == "true" {
		out := a.Out
		if s.encoder != nil {
			out = a.Err
		}
		s.keep(report.LoadGitHub(out, l))
	}
}

// close gives up what is still open.
func (s *loadSinks) close() error {
	var errs []error
	if s.looks != nil {
		errs = append(errs, s.looks.close())
	}
	if s.scrapes != nil {
		errs = append(errs, s.scrapes.close())
	}
	return errors.Join(append(errs, s.files.discard())...)
}

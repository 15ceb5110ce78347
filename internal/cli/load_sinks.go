package cli

import (
	"context"
	"os"

	"github.com/authbench/authbench/internal/report"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runfile"
	"github.com/authbench/authbench/internal/stats"
)

// loadSinks are everything that the numbers of a load run flow into.
type loadSinks struct {
	app     *app
	o       loadOptions
	encoder *result.Encoder
	err     error
}

// openLoadSinks opens every output before anything is sent, so that a wrong path is
// told early and no result is lost.
func (a *app) openLoadSinks(o loadOptions) (*loadSinks, error) {
	s := &loadSinks{app: a, o: o}
	files := []struct{ flag, name string }{
		{"--out", o.out}, {"--html", o.html}, {"--junit-xml", o.junit}, {"--metrics-out", o.outputs.metrics},
	}
	for i, f := range files {
		for _, other := range files[:i] {
			if f.name != "" && f.name == other.name {
				return nil, wrong("%s and %s name the same file %s", other.flag, f.flag, f.name)
			}
		}
		if err := writable(f.name); err != nil {
			return nil, &failure{code: Wrong, err: err}
		}
	}
	if o.json {
		s.encoder = result.NewEncoder(a.Out)
	}
	return s, nil
}

// start tells what is about to run, and against what.
func (s *loadSinks) start(l *stats.Load) {
	if s.encoder != nil {
		s.keep(s.encoder.Start(l.Run))
		return
	}
	s.keep(report.LoadHeader(s.app.Out, l, s.app.textOptions(false)))
}

// second takes how the run stands, once a second.
func (s *loadSinks) second(*stats.Load) {}

// keep notes the first error. Numbers go on flowing into what still takes them.
func (s *loadSinks) keep(err error) {
	if s.err == nil {
		s.err = err
	}
}

// finish writes what stands at the end. Every output is tried, whatever became of
// those before it.
func (s *loadSinks) finish(_ context.Context, l *stats.Load) error {
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
	for _, f := range []struct {
		name  string
		write func(f *os.File) error
	}{
		{s.o.out, func(f *os.File) error { return runfile.Write(f, l) }},
		{s.o.html, func(f *os.File) error { return report.HTML(f, l) }},
		{s.o.junit, func(f *os.File) error { return report.LoadJUnit(f, l) }},
	} {
		if f.name != "" {
			s.keep(createFile(f.name, f.write))
		}
	}
	return s.err
}

// close gives up what is still open.
func (s *loadSinks) close() error { return nil }

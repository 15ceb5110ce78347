package cli

import (
	"cmp"
	"os"

	"github.com/spf13/cobra"

	"github.com/authbench/authbench/internal/compare"
	"github.com/authbench/authbench/internal/report"
	"github.com/authbench/authbench/internal/runfile"
	"github.com/authbench/authbench/internal/stats"
)

// showOptions are the flags of show.
type showOptions struct {
	json  bool
	html  string
	junit string
	out   string
	merge bool
}

func (a *app) showCommand() *cobra.Command {
	var o showOptions
	cmd := &cobra.Command{
		Use:   "show FILE...",
		Short: "Show saved load runs, several as a trend",
		Long: `Shows what load --out saved. One file is shown as the run itself showed it. Several
are shown as a trend, in the order in which they are given, unless they are parts of
one run: those are added up. The exit code is 4 when a file was cut short.`,
		Example: `  authbench show run.abrun --html run.html
  authbench show monday.abrun tuesday.abrun wednesday.abrun
  authbench show --merge first.abrun second.abrun --out both.abrun`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return a.runShow(args, o) },
	}
	f := cmd.Flags()
	f.BoolVar(&o.json, "json", false, "print JSON")
	f.StringVar(&o.html, "html", "", "write a page to this `file`")
	f.StringVar(&o.junit, "junit-xml", "", "write JUnit XML to this `file`; one run only")
	f.BoolVar(&o.merge, "merge", false, "add up runs of one plan instead of comparing them")
	f.StringVar(&o.out, "out", "", "save the run, or the sum of several, to this `file`")
	return cmd
}

func (a *app) runShow(names []string, o showOptions) error {
	if err := apart(names, []string{o.html, o.junit, o.out}); err != nil {
		return err
	}
	for _, name := range []string{o.html, o.junit, o.out} {
		if err := writable(name); err != nil {
			return &failure{code: Wrong, err: err}
		}
	}
	loads, err := a.savedRuns(names)
	if err != nil {
		return err
	}
	if o.merge || parts(loads) {
		whole, err := runfile.Merge(loads...)
		if err != nil {
			return &failure{code: Wrong, err: err}
		}
		loads = []*stats.Load{whole}
	}
	if len(loads) == 1 {
		return cmp.Or(a.showRun(loads[0], o), incomplete(loads))
	}
	if o.junit != "" || o.out != "" {
		return wrong("--junit-xml and --out are for one run; --merge makes one of several")
	}
	t := &report.Trend{Names: names, Loads: loads, Rows: compare.Trend(loads, compare.Options{})}
	return cmp.Or(a.showTrend(t, o), incomplete(loads))
}

// parts reports whether all are parts of a run.
func parts(loads []*stats.Load) bool {
	for _, l := range loads {
		if l.Part.Of <= 1 {
			return false
		}
	}
	return len(loads) > 1
}

func (a *app) showRun(l *stats.Load, o showOptions) error {
	if o.json {
		if err := report.LoadJSON(a.Out, l); err != nil {
			return unwritten(err)
		}
	} else {
		text := a.textOptions(false)
		if err := report.LoadHeader(a.Out, l, text); err != nil {
			return unwritten(err)
		}
		if err := report.LoadText(a.Out, l, text); err != nil {
			return unwritten(err)
		}
	}
	return saveAll(
		saved{o.html, func(f *os.File) error { return report.HTML(f, l) }},
		saved{o.junit, func(f *os.File) error { return report.LoadJUnit(f, l) }},
		saved{o.out, func(f *os.File) error { return runfile.Write(f, l) }},
	)
}

func (a *app) showTrend(t *report.Trend, o showOptions) error {
	var err error
	if o.json {
		err = report.TrendJSON(a.Out, t)
	} else {
		err = report.TrendText(a.Out, t, a.textOptions(false))
	}
	if err != nil {
		return unwritten(err)
	}
	return saveAll(saved{o.html, func(f *os.File) error { return report.TrendHTML(f, t) }})
}

// saved is a file that was asked for, or not: then its name is empty.
type saved struct {
	name  string
	write func(*os.File) error
}

func saveAll(all ...saved) error {
	for _, s := range all {
		if s.name == "" {
			continue
		}
		if err := createFile(s.name, s.write); err != nil {
			return unwritten(err)
		}
	}
	return nil
}

func unwritten(err error) error { return &failure{code: Failed, err: err} }

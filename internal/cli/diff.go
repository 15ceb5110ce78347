package cli

import (
	"github.com/spf13/cobra"

	"github.com/authbench/authbench/internal/compare"
	"github.com/authbench/authbench/internal/report"
)

func (a *app) diffCommand() *cobra.Command {
	var asJSON, fail bool
	cmd := &cobra.Command{
		Use:   "diff A B",
		Short: "Compare two saved load runs",
		Long: `Tells for every step whether run B was slower than run A, how much, and how sure that
is. Both are files that load --out made. With --fail-on-regression the exit code is 1
when something got worse; it is 4 when nothing at all can be told, when run B lacks
numbers that run A has, and when a file was cut short.`,
		Example: `  authbench diff before.abrun after.abrun
  authbench diff main.abrun branch.abrun --fail-on-regression`,
		Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error { return a.runDiff(args, asJSON, fail) },
	}
	f := cmd.Flags()
	f.BoolVar(&asJSON, "json", false, "print JSON")
	f.BoolVar(&fail, "fail-on-regression", false, "exit with 1 when a number got worse")
	return cmd
}

func (a *app) runDiff(names []string, asJSON, fail bool) error {
	loads, err := a.savedRuns(names)
	if err != nil {
		return err
	}
	c := compare.Diff(loads[0], loads[1], compare.Options{})
	if asJSON {
		err = report.DiffJSON(a.Out, c)
	} else {
		err = report.DiffText(a.Out, c, a.textOptions(false))
	}
	switch {
	case err != nil:
		return unwritten(err)
	case fail && c.Regressed():
		return exit(Failed)
	case fail && (c.Blind() || c.Missing()):
		return exit(Inconclusive)
	case fail:
		return incomplete(loads)
	}
	return nil
}

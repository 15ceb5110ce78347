package cli

import (
	"github.com/spf13/cobra"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/target"
)

// selection are the flags that say which scenarios are meant.
type selection struct {
	run, tags string
}

func (s *selection) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.run, "run", "", "run scenarios whose name, with [\"key\"], matches this regular `expression`")
	cmd.Flags().StringVar(&s.tags, "tags", "", "run scenarios whose tags fit, as in 'smoke && !slow || release'; a comma is an or")
}

func (a *app) planCommand() *cobra.Command {
	var in inputs
	var sel selection
	var verbose bool
	cmd := &cobra.Command{
		Use:   "plan PATH...",
		Short: "Show what would run, without touching the network",
		Args:  cobra.MinimumNArgs(1),
		RunE:  func(_ *cobra.Command, args []string) error { return a.runPlan(args, in, sel, verbose) },
	}
	in.register(cmd)
	sel.register(cmd)
	cmd.Flags().BoolVar(&verbose, "verbose", false, "show expressions, conditions and timeouts too, and which expressions are not compiled")
	return cmd
}

func (a *app) runPlan(paths []string, in inputs, sel selection, verbose bool) error {
	plans, err := a.plans(paths, in, sel)
	if err != nil {
		return err
	}
	if in.json {
		return plan.WriteJSON(a.Out, plans)
	}
	return plan.WriteText(a.Out, plans, plan.TextOptions{
		Verbose: verbose, Width: a.OutWidth, Color: a.color(a.OutWidth, a.noColor),
	})
}

// plans loads configurations and keeps the selected scenarios. Nothing selected is a
// mistake of usage.
func (a *app) plans(paths []string, in inputs, sel selection) ([]*plan.Plan, error) {
	selector, err := plan.NewSelector(sel.run, sel.tags)
	if err != nil {
		return nil, &failure{code: Wrong, err: err}
	}
	plans, diags, err := a.configurations(paths, in)
	if err != nil {
		return nil, err
	}
	if diags.HasErrors() {
		if err := a.report(diags, in.json); err != nil {
			return nil, err
		}
		return nil, exit(Wrong)
	}
	if err := a.report(diags, false); err != nil {
		return nil, err
	}
	selected := 0
	for i, p := range plans {
		plans[i] = selector.Select(p)
		selected += len(plans[i].Scenarios)
	}
	if selected == 0 {
		return nil, &failure{
			code: Wrong, err: errNothingSelected,
			hint: "authbench plan PATH lists what there is to select",
		}
	}
	if diags := target.Check(plans); diags.HasErrors() {
		if err := a.report(diags, in.json); err != nil {
			return nil, err
		}
		return nil, exit(Wrong)
	}
	return plans, nil
}

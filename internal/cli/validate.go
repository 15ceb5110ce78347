package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (a *app) validateCommand() *cobra.Command {
	var in inputs
	cmd := &cobra.Command{
		Use:   "validate PATH...",
		Short: "Check configurations without touching the network",
		Args:  cobra.MinimumNArgs(1),
		RunE:  func(_ *cobra.Command, args []string) error { return a.runValidate(args, in) },
	}
	in.register(cmd)
	return cmd
}

func (a *app) runValidate(paths []string, in inputs) error {
	_, diags, err := a.configurations(paths, in)
	if err != nil {
		return err
	}
	if err := a.report(diags, in.json); err != nil {
		return err
	}
	if diags.HasErrors() {
		return exit(Wrong)
	}
	if !in.json {
		fmt.Fprintln(a.Out, "Success! The configuration is valid.")
	}
	return nil
}

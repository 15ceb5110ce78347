package cli

import (
	"github.com/spf13/cobra"
)

// loadOptions are the flags of load.
type loadOptions struct {
	inputs
	outputs
	receivers
	admin       string
	state       string
	profile     string
	seed        uint64
	seeded      bool
	autoApprove bool
	ui          string
	out         string
	html        string
}

func (a *app) loadCommand() *cobra.Command {
	var o loadOptions
	cmd := &cobra.Command{
		Use:   "load PATH",
		Short: "Drive scenarios at a declared rate and judge the numbers",
		Long: `Carries out a load profile of a configuration: starts iterations as the schedule
says, whatever the target does, shows what happens while it happens, and ends in
numbers and a verdict. A key q stops the run gracefully: nothing more starts, and what
runs may end. Ctrl-C cancels what runs and cleans up.

A live target needs limits in its provider. What the profile will send is shown, and
nothing is sent before it was approved.`,
		Example: `  authbench load load.hcl
  authbench load load.hcl --profile ramp --ui 127.0.0.1:8089 --out ramp.abrun --html ramp.html
  authbench load load.hcl --target https://api.example.com --auto-approve --junit-xml load.xml
  authbench load load.hcl --listen 127.0.0.1:9464 --linger 1m`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.seeded = cmd.Flags().Changed("seed")
			return a.runLoad(cmd.Context(), args[0], o)
		},
	}
	o.inputs.register(cmd)
	o.outputs.register(cmd)
	o.receivers.registerPush(cmd)
	o.receivers.registerRemoteWrite(cmd)
	f := cmd.Flags()
	f.StringVar(&o.admin, "target-admin", "", "`URL` of the admin listener of an emulator that runs alone; its token comes from AUTHBENCH_ADMIN_TOKEN")
	f.StringVar(&o.state, "state", "", "`directory` of the user's state (default $XDG_STATE_HOME/authbench)")
	f.StringVar(&o.profile, "profile", "", "carry out the profile of this `name` (default the only one)")
	f.Uint64Var(&o.seed, "seed", 0, "`number` that decides arrivals, rows and all random values (default the file's, or drawn and printed)")
	f.BoolVar(&o.autoApprove, "auto-approve", false, "do not ask before a live target is loaded")
	f.StringVar(&o.ui, "ui", "", "show the run on a page at this `address`, for example 127.0.0.1:8089")
	f.StringVar(&o.out, "out", "", "save the results to this `file`, for show and diff")
	f.StringVar(&o.html, "html", "", "write a report in HTML to this `file`")
	return cmd
}

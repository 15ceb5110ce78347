package cli

import (
	"github.com/spf13/cobra"

	"github.com/authbench/authbench/internal/runner"
)

// testOptions are the flags of test.
type testOptions struct {
	inputs
	selection
	outputs
	receivers
	admin       string
	state       string
	repeat      int
	parallelism int
	rate        float64
	failFast    bool
	seed        uint64
	seeded      bool
	iteration   uint64
	only        bool
	keep        bool
	verbose     bool
}

func (a *app) testCommand() *cobra.Command {
	var o testOptions
	cmd := &cobra.Command{
		Use:   "test PATH...",
		Short: "Run scenarios and judge them",
		Long: `Runs every selected scenario once, concurrently, and ends in a verdict. A path is a
file or a directory of *.hcl files; each path is a configuration of its own, and
"builtin" is the suite inside the binary. All are checked before anything is sent.`,
		Example: `  authbench test builtin
  authbench test scenarios --tags 'smoke && !E' --junit-xml report.xml
  authbench test flow.hcl --target https://api.example.com --var project_id=P2abc
  authbench test flow.hcl --repeat 1000 --parallelism 64 --rate 50`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.seeded, o.only = cmd.Flags().Changed("seed"), cmd.Flags().Changed("iteration")
			return a.runTest(cmd.Context(), args, o)
		},
	}
	o.inputs.register(cmd)
	o.selection.register(cmd)
	o.outputs.register(cmd)
	o.receivers.registerPush(cmd)
	f := cmd.Flags()
	f.StringVar(&o.admin, "target-admin", "", "`URL` of the admin listener of an emulator that runs alone; its token comes from AUTHBENCH_ADMIN_TOKEN")
	f.StringVar(&o.state, "state", "", "`directory` of the user's state (default $XDG_STATE_HOME/authbench)")
	f.IntVar(&o.repeat, "repeat", 1, "run every scenario this `number` of times")
	f.IntVar(&o.parallelism, "parallelism", runner.DefaultParallelism, "this `number` of iterations at a time")
	f.Float64Var(&o.rate, "rate", 0, "start at most this `number` of iterations a second; 0 is no bound")
	f.BoolVar(&o.failFast, "fail-fast", false, "start nothing more after the first failure")
	f.Uint64Var(&o.seed, "seed", 0, "`number` that decides all random values (default drawn and printed)")
	f.Uint64Var(&o.iteration, "iteration", 0, "run just the iteration of this `number`, to repeat a failure together with --seed; one scenario that is selected alone also takes the numbers of a load run")
	f.BoolVar(&o.keep, "keep", false, "leave out teardown, to look at what a scenario left")
	f.BoolVar(&o.verbose, "verbose", false, "show the steps of all scenarios and every failure that was kept")
	return cmd
}

func (o *testOptions) check() error {
	switch {
	case o.repeat < 1:
		return wrong("--repeat must be at least 1")
	case o.parallelism < 1 || o.parallelism > 100_000:
		return wrong("--parallelism must be from 1 to 100000")
	case o.rate < 0 || o.rate != o.rate || o.rate > 1e6:
		return wrong("--rate must be from 0 to 1000000")
	}
	return nil
}

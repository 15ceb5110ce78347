package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// app carries what all verbs share.
type app struct {
	Process
	hard context.Context
	log  *slog.Logger

	noColor   bool
	chdir     string
	logLevel  string
	logFormat string
}

// Run carries out a command line and gives the exit status. The end of soft asks the
// verb to stop in good order, the end of hard to stop at once.
func Run(soft, hard context.Context, p Process, args []string) int {
	a := &app{Process: p, hard: hard}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(p.In)
	root.SetOut(p.Out)
	root.SetErr(p.Err)
	err := root.ExecuteContext(soft)
	a.tell(err)
	return int(codeOf(err))
}

// tell prints what ended a verb, unless everything has been told.
func (a *app) tell(err error) {
	if err == nil {
		return
	}
	text := strings.TrimSpace(err.Error())
	if text == "" {
		return
	}
	fmt.Fprintf(a.Err, "authbench: %s\n", text)
	var f *failure
	switch {
	case errors.As(err, &f) && f.hint != "":
		fmt.Fprintf(a.Err, "hint: %s\n", f.hint)
	case !errors.As(err, &f):
		fmt.Fprintln(a.Err, "hint: see authbench --help")
	}
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "authbench",
		Short: "Test sign-in flows that are described in HCL",
		Long: `authbench runs what a user does to sign in, written down in HCL: ask for a link or
a code, receive it, redeem it, change a phone number, sign out. The target is a live
project, anything that speaks the same API, or the built-in emulator.

Try it: authbench test builtin`,
		SilenceErrors: true, SilenceUsage: true,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: func(*cobra.Command, []string) error {
			return a.prepare()
		},
	}
	root.SetFlagErrorFunc(flagError)
	flags := root.PersistentFlags()
	flags.BoolVar(&a.noColor, "no-color", false, "no colour, as with NO_COLOR=1")
	flags.StringVar(&a.chdir, "chdir", "", "work as if started in this `directory`")
	flags.StringVar(&a.logLevel, "log-level", "warn", "log `level`: debug, info, warn or error")
	flags.StringVar(&a.logFormat, "log-format", "text", "log `format`: text or json")
	root.AddCommand(a.testCommand(), a.loadCommand(), a.planCommand(), a.validateCommand(), a.fmtCommand(), a.emulateCommand(),
		a.showCommand(), a.diffCommand(), a.versionCommand())
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		if c.Name() == "completion" { // an unknown shell is a mistake, not a question
			c.Args = cobra.NoArgs
			c.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		}
	}
	root.SetHelpTemplate(`{{with (or .Long .Short)}}{{. | trimTrailingWhitespaces}}

{{end}}{{.UsageString}}
` + exitHelp)
	return root
}

// flagError keeps the value of --var out of the message: it may be a secret.
func flagError(_ *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) && invalid.GetFlag().Name == "var" {
		return fmt.Errorf("--var: %w", invalid.Unwrap())
	}
	return err
}

func (a *app) prepare() error {
	var level slog.Level
	if err := level.UnmarshalText([]byte(a.logLevel)); err != nil {
		return wrong("--log-level %q is not debug, info, warn or error", a.logLevel)
	}
	options := &slog.HandlerOptions{Level: level}
	switch a.logFormat {
	case "text":
		a.log = slog.New(slog.NewTextHandler(a.Err, options))
	case "json":
		a.log = slog.New(slog.NewJSONHandler(a.Err, options))
	default:
		return wrong("--log-format %q is not text or json", a.logFormat)
	}
	if a.chdir != "" {
		if err := os.Chdir(a.chdir); err != nil {
			return wrong("--chdir %s: %w", a.chdir, errors.Unwrap(err))
		}
	}
	return nil
}

// stateDir is where the user's state lives.
func (a *app) stateDir(flag string) string {
	if flag != "" {
		return flag
	}
	if dir := a.env("XDG_STATE_HOME"); strings.HasPrefix(dir, "/") {
		return dir + "/authbench"
	}
	if home := a.env("HOME"); home != "" {
		return home + "/.local/state/authbench"
	}
	return ""
}

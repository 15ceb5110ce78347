package cli

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/lang"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/steps"
	"github.com/authbench/authbench/internal/steps/descope"
	"github.com/authbench/authbench/internal/steps/emulator"
	"github.com/authbench/authbench/internal/steps/generic"
	"github.com/authbench/authbench/scenarios"
)

// Builtin is the path that means the suite inside the binary.
const Builtin = "builtin"

// registry holds every provider and kind of the program.
func registry() *steps.Registry {
	return steps.NewRegistry([]*steps.Provider{descope.Provider()}, slices.Concat(descope.Kinds(), emulator.Kinds(descope.ProviderType), generic.Kinds())...)
}

// inputs are the flags that say how configurations are read.
type inputs struct {
	target string
	vars   []lang.Input
	json   bool
}

func (in *inputs) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&in.target, "target", "", "run against this `URL`, or \"emulator\", whatever the file says")
	flags.Var(&inputFlag{in, false}, "var", "give a variable its value, as `name=value`; may be repeated")
	flags.Var(&inputFlag{in, true}, "var-file", "read values from this `file`; may be repeated")
	flags.BoolVar(&in.json, "json", false, "print JSON")
}

// inputFlag keeps --var and --var-file in the order in which they were given.
type inputFlag struct {
	in   *inputs
	file bool
}

var _ pflag.Value = (*inputFlag)(nil)

func (f *inputFlag) String() string { return "" }
func (f *inputFlag) Type() string   { return "string" }

func (f *inputFlag) Set(text string) error {
	if f.file {
		f.in.vars = append(f.in.vars, lang.Input{File: text})
		return nil
	}
	name, value, ok := strings.Cut(text, "=")
	if !ok || name == "" {
		// The text is not repeated: it may hold a secret.
		return fmt.Errorf("write it as name=value")
	}
	f.in.vars = append(f.in.vars, lang.Input{Name: name, Value: value})
	return nil
}

// configurations reads and checks every path. All mistakes of all of them are told at once.
func (a *app) configurations(paths []string, in inputs) ([]*plan.Plan, diag.List, error) {
	if in.target != "" && in.target != lang.EmulatorURL && !strings.Contains(in.target, "://") {
		return nil, nil, wrong("--target %q is neither a URL such as http://127.0.0.1:8787 nor \"emulator\"", in.target)
	}
	reg := registry()
	var plans []*plan.Plan
	var diags diag.List
	declared := map[string]bool{}
	for _, path := range paths {
		opts := lang.Options{
			Path: path, Registry: reg, Version: a.Version, Target: in.target, Vars: in.vars,
			UndeclaredVars: len(paths) > 1, LookupEnv: a.LookupEnv,
		}
		if path == Builtin {
			if _, err := os.Stat(path); err == nil {
				return nil, nil, wrong("%q is the suite inside the binary, and there is a file of that name too: write ./%s for the file", path, path)
			}
			opts.Path, opts.Suite, opts.FS = ".", Builtin, scenarios.Files
		}
		loaded, err := lang.Load(opts)
		if err != nil {
			return nil, nil, &failure{code: Wrong, err: err}
		}
		for _, name := range loaded.Declared {
			declared[name] = true
		}
		diags = append(diags, loaded.Diags...)
		plans = append(plans, loaded.Plan)
	}
	for _, v := range in.vars {
		if v.Name != "" && len(paths) > 1 && !declared[v.Name] {
			return nil, nil, wrong("--var %s: none of the configurations declares this variable", v.Name)
		}
	}
	return plans, diags, nil
}

// report tells diagnostics: as a document on stdout in JSON mode, as frames on
// stderr otherwise.
func (a *app) report(diags diag.List, json bool) error {
	if json {
		return diags.WriteJSON(a.Out)
	}
	if len(diags) == 0 {
		return nil
	}
	return diags.WriteText(a.Err, diag.TextOptions{Color: a.color(a.ErrWidth, a.noColor), Width: a.ErrWidth, Frame: true})
}
